/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;

/**
 * What tells two snapshots of a range apart. A key that was written with the same value
 * again has changed, as its revision has.
 *
 * @param put the keys that are new or changed, as the later snapshot has them, in key
 * order; immutable
 * @param deleted the keys that the later snapshot does not have, in key order; immutable
 */
public record RangeDifference(List<KeyValue> put, List<ByteSequence> deleted) {

	/**
	 * Takes copies of the lists.
	 * @param put the keys that are new or changed
	 * @param deleted the keys that are gone
	 */
	public RangeDifference {
		put = List.copyOf(put);
		deleted = List.copyOf(deleted);
	}

	static RangeDifference between(List<KeyValue> earlier, List<KeyValue> later) {
		List<KeyValue> put = new ArrayList<>();
		List<ByteSequence> deleted = new ArrayList<>();
		int next = 0;
		for (KeyValue kv : later) {
			if (next < earlier.size() && earlier.get(next).equals(kv)) {
				// most often the same object
				next++;
				continue;
			}
			while (next < earlier.size() && earlier.get(next).key().compareTo(kv.key()) < 0) {
				deleted.add(earlier.get(next++).key());
			}
			boolean known = next < earlier.size() && earlier.get(next).key().equals(kv.key());
			if (!known || !earlier.get(next).equals(kv)) {
				put.add(kv);
			}
			next += known ? 1 : 0;
		}
		earlier.subList(next, earlier.size()).forEach((kv) -> deleted.add(kv.key()));
		return new RangeDifference(put, deleted);
	}

	/**
	 * Whether the snapshots hold the same.
	 * @return whether no key was put or deleted
	 */
	public boolean isEmpty() {
		return this.put.isEmpty() && this.deleted.isEmpty();
	}

	/** Names the numbers of keys, and not what they hold. */
	@Override
	public String toString() {
		return "RangeDifference[" + this.put.size() + " put, " + this.deleted.size() + " deleted]";
	}

}
