/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Arrays;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Entries in order of the moment at which each wants attention next: a binary heap that
 * knows where each entry stands, so that one moves without being searched for, and
 * without a new object. Used by one thread at a time.
 *
 * @param <E> the type of entries; each stands in one queue at most
 */
final class WakeQueue<E extends WakeQueue.Entry> {

	private static final int SMALLEST = 16;

	/** None wakes later than the two at twice its place, plus 1 and plus 2. */
	private @Nullable Entry[] heap = new Entry[SMALLEST];

	private int size;

	/** Returns who wakes first, {@code null} if there is nobody. */
	@SuppressWarnings("unchecked")
	@Nullable E first() {
		return (E) this.heap[0];
	}

	/** Adds an entry, or moves it, to where it belongs. */
	void put(E entry, long wakeNanos) {
		Entry moved = entry;
		moved.wakeNanos = wakeNanos;
		if (moved.place == Entry.NOWHERE) {
			if (this.size == this.heap.length) {
				this.heap = Arrays.copyOf(this.heap, 2 * this.size);
			}
			moved.place = this.size++;
		}
		settle(moved, moved.place);
	}

	/** Removes an entry, if it is there. */
	void remove(E entry) {
		Entry removed = entry;
		int place = removed.place;
		if (place == Entry.NOWHERE) {
			return;
		}
		removed.place = Entry.NOWHERE;
		this.size--;
		Entry last = at(this.size);
		this.heap[this.size] = null;
		if (last != removed) {
			settle(last, place);
		}
		if (this.heap.length > SMALLEST && this.size <= this.heap.length / 4) {
			this.heap = Arrays.copyOf(this.heap, this.heap.length / 2);
		}
	}

	/** Takes an entry from a place that is free to where it belongs, up or down. */
	private void settle(Entry entry, int from) {
		int place = from;
		while (place > 0 && entry.wakesBefore(at((place - 1) / 2))) {
			set(place, at((place - 1) / 2));
			place = (place - 1) / 2;
		}
		int below = earlierBelow(place);
		while (below < this.size && at(below).wakesBefore(entry)) {
			set(place, at(below));
			place = below;
			below = earlierBelow(place);
		}
		set(place, entry);
	}

	/** Returns the place of the earlier one of two; the size or more if there is none. */
	private int earlierBelow(int place) {
		int left = 2 * place + 1;
		return (left + 1 < this.size && at(left + 1).wakesBefore(at(left))) ? left + 1 : left;
	}

	private Entry at(int place) {
		return Objects.requireNonNull(this.heap[place]);
	}

	private void set(int place, Entry entry) {
		this.heap[place] = entry;
		entry.place = place;
	}

	/** What stands in a queue. */
	static class Entry {

		private static final int NOWHERE = -1;

		private long wakeNanos;

		private int place = NOWHERE;

		/** Returns the moment it was put with last. */
		final long wakeNanos() {
			return this.wakeNanos;
		}

		/** Readings of the clock have an order only by their difference. */
		private boolean wakesBefore(Entry other) {
			return this.wakeNanos - other.wakeNanos < 0;
		}

	}

}
