/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;

/**
 * What an attempt has read. Each key is asked for once. Where a level reads at one
 * revision, the first answer fixes it, be it a read or what an earlier commit read for
 * this attempt; later reads name it, so that any member may answer them. Reads block.
 * Confined to the thread of the attempt, later to that of its commit.
 */
final class ReadSet {

	private final KvClient kv;

	private final IsolationLevel level;

	/** What was read before anybody asked for it: guards nothing until somebody does. */
	private final Map<ByteSequence, RangeResult> prefetched;

	private final Map<ByteSequence, RangeResult> reads = new LinkedHashMap<>();

	/** What all is read at; 0 before the first read, and where each read has its own. */
	private long baseRevision;

	/** The highest that any answer told. */
	private long latestRevision;

	ReadSet(KvClient kv, IsolationLevel level, Prefetch prefetch) {
		this.kv = kv;
		this.level = level;
		this.prefetched = new HashMap<>(prefetch.found());
		this.baseRevision = prefetch.revision();
		this.latestRevision = prefetch.revision();
	}

	/** Reads keys ahead, those that are not known yet. */
	void prefetch(Collection<ByteSequence> keys) {
		fetch(keys.stream().filter((key) -> !this.prefetched.containsKey(key)).toList(), this.prefetched);
	}

	/** Reads keys, those that are not known yet in one call. */
	void read(Collection<ByteSequence> keys) {
		for (ByteSequence key : keys) {
			RangeResult found = this.prefetched.remove(key);
			if (found != null) {
				this.reads.put(key, found);
			}
		}
		fetch(keys.stream().filter((key) -> !this.reads.containsKey(key)).toList(), this.reads);
	}

	private void fetch(List<ByteSequence> keys, Map<ByteSequence, RangeResult> target) {
		List<ByteSequence> wanted = keys.stream().distinct().toList();
		if (!wanted.isEmpty()) {
			List<RangeResult> found = ask(wanted);
			for (int i = 0; i < wanted.size(); i++) {
				target.put(wanted.get(i), found.get(i));
			}
		}
	}

	private List<RangeResult> ask(List<ByteSequence> keys) {
		try {
			return ask(keys, this::request);
		}
		catch (EtcdRequestException ex) {
			if (this.baseRevision == 0 || !isOfTheFuture(ex)) {
				throw ex;
			}
			// that member lags behind; it catches up before it answers this one
			return ask(keys, this::linearizableRequest);
		}
	}

	private List<RangeResult> ask(List<ByteSequence> keys, Function<ByteSequence, RangeRequest> read) {
		if (keys.size() > 1) {
			return askTogether(keys, read);
		}
		RangeResult found = this.kv.get(read.apply(keys.get(0)));
		note(found.revision());
		return List.of(found);
	}

	private List<RangeResult> askTogether(List<ByteSequence> keys, Function<ByteSequence, RangeRequest> read) {
		try {
			List<TxnOperation> reads = keys.stream().<TxnOperation>map(read).toList();
			TxnResult found = this.kv.txn(new TxnRequest(List.of(), reads, List.of()));
			note(found.revision());
			return IntStream.range(0, keys.size()).mapToObj(found::range).toList();
		}
		catch (EtcdUnavailableException ex) {
			return askOneByOne(keys);
		}
	}

	/**
	 * The client goes on with single reads while members fail, but not with transactions.
	 */
	private List<RangeResult> askOneByOne(List<ByteSequence> keys) {
		List<RangeResult> found = new ArrayList<>();
		for (ByteSequence key : keys) {
			found.addAll(ask(List.of(key)));
		}
		return found;
	}

	private RangeRequest request(ByteSequence key) {
		RangeRequest.Builder request = RangeRequest.builder(KeyRange.key(key));
		if (!this.level.readsOneRevision()) {
			return request.serializable().build();
		}
		return (this.baseRevision != 0) ? request.revision(this.baseRevision).serializable().build() : request.build();
	}

	private RangeRequest linearizableRequest(ByteSequence key) {
		return RangeRequest.builder(KeyRange.key(key)).revision(this.baseRevision).build();
	}

	private void note(long revision) {
		if (this.level.readsOneRevision() && this.baseRevision == 0) {
			this.baseRevision = revision;
		}
		this.latestRevision = Math.max(this.latestRevision, revision);
	}

	/**
	 * Whether a read failed because the base revision is not there any more: compacted,
	 * or, in a store that was put back to a backup, not there again yet.
	 */
	static boolean isOutdated(EtcdException failure) {
		return failure instanceof CompactedException || isOfTheFuture(failure);
	}

	private static boolean isOfTheFuture(EtcdException failure) {
		return failure.error().filter(EtcdError.FUTURE_REVISION::equals).isPresent();
	}

	/** Returns the value of a key that was read. */
	Optional<ByteSequence> value(ByteSequence key) {
		return found(key).map(KeyValue::value);
	}

	/** Returns the modification revision of a key that was read; 0 if it is absent. */
	long modRevision(ByteSequence key) {
		return found(key).map(KeyValue::modRevision).orElse(0L);
	}

	private Optional<KeyValue> found(ByteSequence key) {
		RangeResult found = this.reads.get(key);
		return (found != null) ? found.first() : Optional.empty();
	}

	/** Returns the keys that were read, in the order of the reads. */
	List<ByteSequence> keys() {
		return List.copyOf(this.reads.keySet());
	}

	/** Returns what all was read at; 0 if nothing was, or not at one revision. */
	long baseRevision() {
		return this.baseRevision;
	}

	/** Returns the highest revision that etcd has told; 0 if it was asked nothing. */
	long latestRevision() {
		return this.latestRevision;
	}

}
