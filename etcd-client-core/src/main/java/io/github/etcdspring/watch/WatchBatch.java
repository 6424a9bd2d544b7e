/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import java.util.List;

import io.github.etcdspring.KeyValue;

/**
 * What a watch hands over at once. With the last batch, a reader has everything of the
 * range up to its {@link #revision()}.
 */
public sealed interface WatchBatch {

	/**
	 * Returns how far the watch has come.
	 * @return the revision of the last event, or of the snapshot
	 */
	long revision();

	/**
	 * Events in the order of their revisions, all events of a revision together.
	 *
	 * @param events the events, never none; immutable
	 */
	record Events(List<WatchEvent> events) implements WatchBatch {

		/**
		 * Checks that there are events.
		 * @param events the events
		 * @throws IllegalArgumentException if there are none
		 */
		public Events {
			events = List.copyOf(events);
			if (events.isEmpty()) {
				throw new IllegalArgumentException("events: none (expected: at least one)");
			}
		}

		@Override
		public long revision() {
			return this.events.get(this.events.size() - 1).revision();
		}

	}

	/**
	 * The range as it is, in place of events that are lost: everything that was known of
	 * it before is void. Only with {@link WatchRequest#withRelist()}.
	 *
	 * @param revision the revision at which it was read; events after it follow
	 * @param kvs the keys in their order; immutable
	 */
	record Snapshot(long revision, List<KeyValue> kvs) implements WatchBatch {

		/**
		 * Copies the keys.
		 * @param revision the revision at which the range was read
		 * @param kvs the keys
		 */
		public Snapshot {
			kvs = List.copyOf(kvs);
		}

		/** Names the number of keys and not what they hold. */
		@Override
		public String toString() {
			return "Snapshot[" + this.kvs.size() + " keys at revision " + this.revision + "]";
		}

	}

}
