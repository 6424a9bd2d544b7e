/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import org.jspecify.annotations.Nullable;

/**
 * The end of an attempt: one transaction that writes if nothing has changed that the
 * level cares about, and else reads anew for the next attempt. Immutable.
 *
 * @param <T> what the body returned
 */
final class Commit<T extends @Nullable Object> {

	private final T value;

	private final StmOptions options;

	private final ReadSet reads;

	private final Map<ByteSequence, TxnOperation> writes;

	Commit(T value, StmOptions options, ReadSet reads, Map<ByteSequence, TxnOperation> writes) {
		this.value = value;
		this.options = options;
		this.reads = reads;
		this.writes = writes;
	}

	/** Whether it writes; what does not has no effect, whatever comes of it. */
	boolean hasWrites() {
		return !this.writes.isEmpty();
	}

	/** Returns what to send; empty if the attempt needs no more than it has. */
	Optional<TxnRequest> request() {
		List<Compare> compares = compares();
		if (compares.isEmpty() && this.writes.isEmpty()) {
			return Optional.empty();
		}
		List<TxnOperation> success = this.writes.isEmpty() ? List.of(quorumRead()) : List.copyOf(this.writes.values());
		List<TxnOperation> failure = compares.isEmpty() ? List.of()
				: rereadKeys().stream().<TxnOperation>map((key) -> RangeRequest.of(KeyRange.key(key))).toList();
		return Optional.of(new TxnRequest(compares, success, failure));
	}

	private List<Compare> compares() {
		List<Compare> compares = new ArrayList<>();
		List<ByteSequence> read = this.reads.keys();
		if (isolation().comparesReads()) {
			read.forEach((key) -> compares
				.add(Compare.modRevision(KeyRange.key(key), Compare.Relation.EQUAL, this.reads.modRevision(key))));
		}
		if (isolation().comparesWrites() && this.reads.baseRevision() != 0) {
			long next = this.reads.baseRevision() + 1;
			// what was read as well is compared already
			this.writes.keySet()
				.stream()
				.filter((key) -> !read.contains(key))
				.forEach((key) -> compares.add(Compare.modRevision(KeyRange.key(key), Compare.Relation.LESS, next)));
		}
		return compares;
	}

	/**
	 * Without a read that asks the quorum a member would compare with what it has, which
	 * may be stale.
	 */
	private RangeRequest quorumRead() {
		return RangeRequest.builder(KeyRange.key(this.reads.keys().get(0))).countOnly().build();
	}

	private List<ByteSequence> rereadKeys() {
		if (!isolation().readsOneRevision()) {
			return List.of();
		}
		return Stream.concat(this.reads.keys().stream(), this.options.prefetch().stream()).distinct().toList();
	}

	private IsolationLevel isolation() {
		return this.options.isolation();
	}

	/** Returns what comes of an attempt that needs no more than it has. */
	StmResult<T> result() {
		return new StmResult<>(this.value, this.reads.latestRevision());
	}

	/** Returns what comes of a commit that nothing stood against. */
	StmResult<T> result(TxnResult committed) {
		return new StmResult<>(this.value, committed.revision());
	}

	/** Returns what a commit that met a conflict read for the next attempt. */
	Prefetch prefetch(TxnResult conflict) {
		List<ByteSequence> keys = rereadKeys();
		Map<ByteSequence, RangeResult> found = new HashMap<>();
		for (int i = 0; i < keys.size(); i++) {
			found.put(keys.get(i), conflict.range(i));
		}
		return keys.isEmpty() ? Prefetch.NONE : new Prefetch(conflict.revision(), found);
	}

}
