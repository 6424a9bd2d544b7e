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
 * level cares about, and else may read anew for the next attempt. Immutable.
 *
 * @param <T> what the body returned
 */
final class Commit<T extends @Nullable Object> {

	private final T value;

	private final IsolationLevel isolation;

	private final ReadSet reads;

	private final Map<ByteSequence, TxnOperation> writes;

	private final List<ByteSequence> reread;

	/**
	 * Takes what an attempt has done.
	 * @param reread what is read if there is a conflict
	 */
	Commit(T value, IsolationLevel isolation, ReadSet reads, Map<ByteSequence, TxnOperation> writes,
			List<ByteSequence> reread) {
		this.value = value;
		this.isolation = isolation;
		this.reads = reads;
		this.writes = writes;
		this.reread = reread;
	}

	/** Whether it writes; what does not has no effect, whatever comes of it. */
	boolean hasWrites() {
		return !this.writes.isEmpty();
	}

	/** Returns what to send; empty if the attempt needs no more than it has. */
	Optional<TxnRequest> request() {
		List<Compare> compares = compares();
		if (this.writes.isEmpty() && (compares.isEmpty() || this.isolation.readsOneRevision())) {
			// what was read at one revision was so at that, whatever has changed since
			return Optional.empty();
		}
		List<TxnOperation> success = this.writes.isEmpty() ? List.of(quorumRead()) : List.copyOf(this.writes.values());
		List<TxnOperation> failure = compares.isEmpty() ? List.of()
				: this.reread.stream().<TxnOperation>map((key) -> RangeRequest.of(KeyRange.key(key))).toList();
		return Optional.of(new TxnRequest(compares, success, failure));
	}

	private List<Compare> compares() {
		List<Compare> compares = new ArrayList<>();
		List<ByteSequence> read = this.reads.keys();
		if (this.isolation.comparesReads()) {
			read.forEach((key) -> compares
				.add(Compare.modRevision(KeyRange.key(key), Compare.Relation.EQUAL, this.reads.modRevision(key))));
		}
		if (this.isolation.comparesWrites() && this.reads.baseRevision() != 0) {
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

	/** Returns what comes of an attempt that needs no more than it has. */
	StmResult<T> result() {
		return new StmResult<>(this.value,
				this.isolation.readsOneRevision() ? this.reads.baseRevision() : this.reads.latestRevision());
	}

	/** Returns what comes of a commit that nothing stood against. */
	StmResult<T> result(TxnResult committed) {
		return new StmResult<>(this.value, committed.revision());
	}

	/** Returns what a commit that met a conflict read for the next attempt. */
	Prefetch prefetch(TxnResult conflict) {
		Map<ByteSequence, RangeResult> found = new HashMap<>();
		for (int i = 0; i < this.reread.size(); i++) {
			found.put(this.reread.get(i), conflict.range(i));
		}
		return this.reread.isEmpty() ? Prefetch.NONE : new Prefetch(conflict.revision(), found);
	}

}
