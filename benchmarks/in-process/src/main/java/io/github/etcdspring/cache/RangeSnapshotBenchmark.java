/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.watch.WatchEvent;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a cache does for a lookup and for an event.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class RangeSnapshotBenchmark {

	/** How many keys are cached. */
	@Param({ "100", "10000" })
	public int keys;

	private ByteSequence[] names = {};

	private RangeSnapshot snapshot = RangeSnapshot.EMPTY;

	private int next;

	/** Fills the cache. */
	@Setup
	public void fill() {
		this.names = IntStream.range(0, this.keys)
			.mapToObj((index) -> ByteSequence.of(String.format("/services/instance-%06d", index)))
			.toArray(ByteSequence[]::new);
		this.snapshot = RangeSnapshot.of(1, IntStream.range(0, this.keys).mapToObj((index) -> kv(index, 1)).toList());
	}

	private KeyValue kv(int index, long revision) {
		return new KeyValue(this.names[index], ByteSequence.copyOf(new byte[256]), 1, revision, 1, LeaseId.NONE);
	}

	private int next() {
		this.next = (this.next + 7) % this.keys;
		return this.next;
	}

	/**
	 * {@return a key, looked up}
	 */
	@Benchmark
	public Optional<KeyValue> cacheLookup() {
		return this.snapshot.get(this.names[next()]);
	}

	/**
	 * {@return the cache after one event}
	 */
	@Benchmark
	public RangeSnapshot cacheUpdate() {
		long revision = this.snapshot.revision() + 1;
		this.snapshot = this.snapshot.after(List.of(new WatchEvent.Put(kv(next(), revision), Optional.empty())));
		return this.snapshot;
	}

}
