/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.election;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;

/**
 * Who stands in an election, and so who leads. Not thread-safe.
 */
final class Candidates {

	private static final Comparator<KeyValue> TURN = Comparator.comparingLong(KeyValue::createRevision)
		.thenComparing(KeyValue::key);

	private final Map<ByteSequence, KeyValue> byKey = new HashMap<>();

	private Optional<Candidate> leader = Optional.empty();

	/** Takes all there are, instead of those known before; returns who leads. */
	Optional<Candidate> reset(List<KeyValue> all) {
		this.byKey.clear();
		all.forEach((kv) -> this.byKey.put(kv.key(), kv));
		this.leader = first();
		return this.leader;
	}

	/**
	 * Takes what happened.
	 * @return who led after each revision that changed it, or what the leader proclaims
	 */
	List<Optional<Candidate>> apply(WatchBatch batch) {
		List<Optional<Candidate>> changes = new ArrayList<>();
		Optional<Candidate> before = this.leader;
		if (batch instanceof WatchBatch.Snapshot snapshot) {
			if (!reset(snapshot.kvs()).equals(before)) {
				changes.add(this.leader);
			}
			return changes;
		}
		List<WatchEvent> events = ((WatchBatch.Events) batch).events();
		for (int i = 0; i < events.size(); i++) {
			apply(events.get(i));
			boolean whole = i + 1 == events.size() || events.get(i + 1).revision() != events.get(i).revision();
			if (whole && !first().equals(this.leader)) {
				this.leader = first();
				changes.add(this.leader);
			}
		}
		return changes;
	}

	private void apply(WatchEvent event) {
		if (event instanceof WatchEvent.Put put) {
			this.byKey.put(put.key(), put.kv());
		}
		else {
			this.byKey.remove(event.key());
		}
	}

	private Optional<Candidate> first() {
		return this.byKey.values().stream().min(TURN).map(Candidate::of);
	}

}
