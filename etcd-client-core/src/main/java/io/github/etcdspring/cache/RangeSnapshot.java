/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.List;
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

	static final RangeSnapshot EMPTY = new RangeSnapshot(0, SortedKeyValues.EMPTY);

	private final long revision;

	/** In the order of their keys. */
	private final SortedKeyValues kvs;

	private RangeSnapshot(long revision, SortedKeyValues kvs) {
		this.revision = revision;
		this.kvs = kvs;
	}

	static RangeSnapshot of(long revision, List<KeyValue> inKeyOrder) {
		return new RangeSnapshot(revision, SortedKeyValues.copyOf(inKeyOrder));
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
		return Optional.ofNullable(this.kvs.find(key));
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
		int from = this.kvs.indexOf(part.start());
		int to = part.end().map(this.kvs::indexOf).orElse(this.kvs.size());
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

	/**
	 * Returns the snapshot that follows.
	 * @param events what happened, in the order of their revisions; those up to this
	 * snapshot's revision are in it already
	 */
	RangeSnapshot after(List<WatchEvent> events) {
		long last = events.get(events.size() - 1).revision();
		if (last <= this.revision) {
			return this;
		}
		if (events.size() == 1 && events.get(0) instanceof WatchEvent.Put put) {
			SortedKeyValues replaced = this.kvs.replace(put.kv());
			if (replaced != null) {
				return new RangeSnapshot(last, replaced);
			}
		}
		NavigableMap<ByteSequence, Optional<KeyValue>> changes = new TreeMap<>();
		for (WatchEvent event : events) {
			if (event.revision() > this.revision) {
				changes.put(event.key(),
						(event instanceof WatchEvent.Put put) ? Optional.of(put.kv()) : Optional.empty());
			}
		}
		return with(last, changes);
	}

	RangeSnapshot with(long revision, NavigableMap<ByteSequence, Optional<KeyValue>> changes) {
		return new RangeSnapshot(revision, SortedKeyValuesBuilder.change(this.kvs, changes));
	}

	/** Names the revision and the number of keys. */
	@Override
	public String toString() {
		return "RangeSnapshot[revision=" + this.revision + ", " + this.kvs.size() + " keys]";
	}

}
