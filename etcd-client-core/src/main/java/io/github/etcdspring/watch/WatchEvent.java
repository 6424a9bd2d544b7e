/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;

/**
 * A change of one key: etcd's {@code Event}.
 */
public sealed interface WatchEvent {

	/**
	 * Returns the key that changed.
	 * @return the key
	 */
	ByteSequence key();

	/**
	 * Returns the revision of the change.
	 * @return the revision
	 */
	long revision();

	/**
	 * Returns what the key held before.
	 * @return the key-value; empty if the key was new, if that revision is compacted, or
	 * if the watch did not ask for it
	 */
	Optional<KeyValue> previous();

	/**
	 * A key was written.
	 *
	 * @param kv the key as it is since then
	 * @param previous what it held before
	 */
	record Put(KeyValue kv, Optional<KeyValue> previous) implements WatchEvent {

		@Override
		public ByteSequence key() {
			return this.kv.key();
		}

		@Override
		public long revision() {
			return this.kv.modRevision();
		}

		/**
		 * Whether the write created the key.
		 * @return whether the key did not exist before
		 */
		public boolean isCreate() {
			return this.kv.createRevision() == this.kv.modRevision();
		}

	}

	/**
	 * A key was deleted: by a client, or since its lease ended.
	 *
	 * @param key the key
	 * @param revision the revision of the deletion
	 * @param previous what it held before
	 */
	record Delete(ByteSequence key, long revision, Optional<KeyValue> previous) implements WatchEvent {

	}

}
