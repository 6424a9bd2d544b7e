/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;

/**
 * The truth: what each revision changed in a range, made out from the state at every
 * revision, by reads alone.
 */
public final class History {

	private static final int READS_AT_A_TIME = 64;

	/** For each revision, each key it changed, and its value unless it was deleted. */
	private final NavigableMap<Long, Map<ByteSequence, Optional<ByteSequence>>> revisions;

	private History(NavigableMap<Long, Map<ByteSequence, Optional<ByteSequence>>> revisions) {
		this.revisions = revisions;
	}

	/**
	 * {@return a history made by hand}
	 * @param revisions for each revision, each key it changed, and its value unless it
	 * was deleted
	 */
	public static History of(Map<Long, Map<ByteSequence, Optional<ByteSequence>>> revisions) {
		return new History(new TreeMap<>(revisions));
	}

	/**
	 * Reads the history of a range.
	 * @param client an undisturbed client
	 * @param range the keys, not too many: all of their names are read at every revision
	 * @param from the first revision, above 1
	 * @param to the last revision
	 * @return what these revisions changed
	 */
	public static History read(EtcdClient client, KeyRange range, long from, long to) {
		NavigableMap<Long, Map<ByteSequence, Optional<ByteSequence>>> revisions = new TreeMap<>();
		Deque<CompletableFuture<Read>> reads = new ArrayDeque<>();
		Set<ByteSequence> before = readAt(client, range, from - 1).join().keys();
		long asked = from;
		for (long revision = from; revision <= to; revision++) {
			while (asked <= to && reads.size() < READS_AT_A_TIME) {
				reads.add(readAt(client, range, asked++));
			}
			Read read = reads.remove().join();
			Map<ByteSequence, Optional<ByteSequence>> changes = new HashMap<>();
			before.forEach((key) -> changes.put(key, Optional.empty()));
			Set<ByteSequence> after = read.keys();
			changes.keySet().removeAll(after);
			read.written().forEach((kv) -> changes.put(kv.key(), Optional.of(kv.value())));
			if (!changes.isEmpty()) {
				revisions.put(revision, changes);
			}
			before = after;
		}
		return new History(revisions);
	}

	/** Reads which keys there were, and what the revision had written. */
	private static CompletableFuture<Read> readAt(EtcdClient client, KeyRange range, long revision) {
		// not in a transaction: that is not repeated when a leader changes
		CompletableFuture<RangeResult> all = client.kv()
			.getAsync(RangeRequest.builder(range).revision(revision).keysOnly().build());
		CompletableFuture<RangeResult> written = client.kv()
			.getAsync(RangeRequest.builder(range).revision(revision).minModRevision(revision).build());
		return all.thenCombine(written,
				(keys, changes) -> new Read(keys.kvs().stream().map(KeyValue::key).collect(Collectors.toSet()),
						changes.kvs()));
	}

	private record Read(Set<ByteSequence> keys, List<KeyValue> written) {
	}

	/**
	 * {@return the part of this history that a watch sees}
	 * @param range the keys watched
	 * @param from the first revision watched
	 */
	public History seenBy(KeyRange range, long from) {
		NavigableMap<Long, Map<ByteSequence, Optional<ByteSequence>>> seen = new TreeMap<>();
		this.revisions.tailMap(from, true).forEach((revision, changes) -> {
			Map<ByteSequence, Optional<ByteSequence>> inRange = new HashMap<>(changes);
			inRange.keySet().removeIf((key) -> !range.contains(key));
			if (!inRange.isEmpty()) {
				seen.put(revision, inRange);
			}
		});
		return new History(seen);
	}

	/**
	 * {@return for each revision, each key it changed, and its value unless it was
	 * deleted}
	 */
	public NavigableMap<Long, Map<ByteSequence, Optional<ByteSequence>>> revisions() {
		return this.revisions;
	}

	/**
	 * {@return the number of changes of single keys}
	 */
	public long events() {
		return this.revisions.values().stream().mapToLong(Map::size).sum();
	}

}
