/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.Ticker;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeResult;

/**
 * What clients asked for and were told. Each value is written once only, so that it names
 * its call. Thread-safe, without a lock that clients could meet at.
 */
public final class CallLog {

	private final Ticker ticker;

	private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();

	/**
	 * Creates a log.
	 * @param ticker the clock that orders calls
	 */
	public CallLog(Ticker ticker) {
		this.ticker = ticker;
	}

	/**
	 * Makes a write and notes how it ended.
	 * @param key what is written
	 * @param value the value, used never before
	 * @param call makes the write
	 */
	public void write(ByteSequence key, ByteSequence value, Supplier<PutResult> call) {
		long begin = this.ticker.nanoTime();
		try {
			long revision = call.get().revision();
			add(new Call(key, Optional.of(value), Result.WRITTEN, revision, begin, this.ticker.nanoTime()));
		}
		catch (EtcdException ex) {
			Result result = (ex.outcome() == Outcome.UNKNOWN) ? Result.UNKNOWN : Result.NOT_APPLIED;
			add(new Call(key, Optional.of(value), result, 0, begin, this.ticker.nanoTime()));
		}
	}

	/**
	 * Makes a read and notes what it found; a failed one says nothing.
	 * @param key what is read
	 * @param call makes the read
	 * @return whether it succeeded
	 */
	public boolean read(ByteSequence key, Supplier<RangeResult> call) {
		long begin = this.ticker.nanoTime();
		try {
			RangeResult found = call.get();
			add(new Call(key, found.first().map((kv) -> kv.value()), Result.READ, found.revision(), begin,
					this.ticker.nanoTime()));
			return true;
		}
		catch (EtcdException ex) {
			return false;
		}
	}

	/**
	 * Adds a call.
	 * @param call the call
	 */
	public void add(Call call) {
		this.calls.add(call);
	}

	/**
	 * {@return all calls so far}
	 */
	public List<Call> calls() {
		return new ArrayList<>(this.calls);
	}

	/**
	 * {@return how many calls ended in a way}
	 * @param result the way
	 */
	public long count(Result result) {
		return this.calls.stream().filter((call) -> call.result() == result).count();
	}

	/** How a call ended. */
	public enum Result {

		/** A write that succeeded. */
		WRITTEN,

		/** A write that certainly had no effect. */
		NOT_APPLIED,

		/** A write that may have had its effect. */
		UNKNOWN,

		/** A read that succeeded. */
		READ

	}

	/**
	 * A call.
	 *
	 * @param key what was written or read
	 * @param value what was written, or found
	 * @param result how it ended
	 * @param revision the answer's revision, 0 if there was none
	 * @param begin before the call
	 * @param end after it
	 */
	public record Call(ByteSequence key, Optional<ByteSequence> value, Result result, long revision, long begin,
			long end) {
	}

}
