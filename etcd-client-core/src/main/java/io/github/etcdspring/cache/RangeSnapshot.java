/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.watch.WatchEvent;

/**
 * The keys of a range as they were at one revision. A look-up takes time proportional to
 * the logarithm of their number. Immutable.
 */
public final class RangeSnapshot {

	static final RangeSnapshot EMPTY = new RangeSnapshot(0, List.of());

	private final long revision;

	/** In the order of their keys. */
	private final List<KeyValue> kvs;

	private RangeSnapshot(long revision, List<KeyValue> kvs) {
		this.revision = revision;
		this.kvs = kvs;
	}

	static RangeSnapshot of(long revision, List<KeyValue> inKeyOrder) {
		return new RangeSnapshot(revision, List.copyOf(inKeyOrder));
	}

	/**
	 * Returns the revision these keys were read at: no change of the range up to it is
	 * missing.
	 * @return the revision; 0 before the first read
	 */
	public long revision() {
		return this.revision;
	}

	/**
	 * Returns the number of keys.
	 * @return the number
	 */
	public int size() {
		return this.kvs.size();
	}

	/**
	 * Returns one key.
	 * @param key the key
	 * @return the key-value, if there is one
	 */
	public Optional<KeyValue> get(ByteSequence key) {
		int index = indexOf(key);
		return (index < this.kvs.size() && this.kvs.get(index).key().equals(key)) ? Optional.of(this.kvs.get(index))
				: Optional.empty();
	}

	/**
	 * Returns all keys.
	 * @return the key-values, in key order; immutable
	 */
	public List<KeyValue> kvs() {
		return this.kvs;
	}

	/**
	 * Returns the keys of a part of the range.
	 * @param part the keys asked for
	 * @return the key-values, in key order; immutable
	 */
	public List<KeyValue> kvs(KeyRange part) {
		if (part.isSingleKey()) {
			return get(part.start()).map(List::of).orElse(List.of());
		}
		int from = indexOf(part.start());
		int to = part.end().map(this::indexOf).orElse(this.kvs.size());
		return List.copyOf(this.kvs.subList(from, Math.max(from, to)));
	}

	/**
	 * Tells this snapshot from an earlier one of the same cache. Takes time proportional
	 * to the number of keys.
	 * @param earlier the earlier snapshot
	 * @return what was put and deleted between them
	 */
	public RangeDifference since(RangeSnapshot earlier) {
		return RangeDifference.between(earlier.kvs, this.kvs);
	}

	/** Returns the same keys at a later revision, up to which they did not change. */
	RangeSnapshot at(long revision) {
		return new RangeSnapshot(revision, this.kvs);
	}

	/** Returns the index of the first key that is not below another. */
	private int indexOf(ByteSequence key) {
		int low = 0;
		int high = this.kvs.size();
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (this.kvs.get(middle).key().compareTo(key) < 0) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	/**
	 * Returns the snapshot that follows.
	 * @param events what happened, in the order of their revisions; those up to this
	 * snapshot's revision are in it already
	 */
	RangeSnapshot after(List<WatchEvent> events) {
		NavigableMap<ByteSequence, Optional<KeyValue>> changes = new TreeMap<>();
		for (WatchEvent event : events) {
			if (event.revision() > this.revision) {
				changes.put(event.key(),
						(event instanceof WatchEvent.Put put) ? Optional.of(put.kv()) : Optional.empty());
			}
		}
		return changes.isEmpty() ? this : with(events.get(events.size() - 1).revision(), changes);
	}

	RangeSnapshot with(long revision, NavigableMap<ByteSequence, Optional<KeyValue>> changes) {
		List<KeyValue> merged = new ArrayList<>(this.kvs.size() + changes.size());
		int index = 0;
		for (Map.Entry<ByteSequence, Optional<KeyValue>> change : changes.entrySet()) {
			int at = indexOf(change.getKey());
			merged.addAll(this.kvs.subList(index, at));
			change.getValue().ifPresent(merged::add);
			boolean replaces = at < this.kvs.size() && this.kvs.get(at).key().equals(change.getKey());
			index = replaces ? at + 1 : at;
		}
		merged.addAll(this.kvs.subList(index, this.kvs.size()));
		return of(revision, merged);
	}

	/** Names the revision and the number of keys. */
	@Override
	public String toString() {
		return "RangeSnapshot[revision=" + this.revision + ", " + this.kvs.size() + " keys]";
	}

}
