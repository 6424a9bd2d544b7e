/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.google.protobuf.ByteString;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.MvccProto;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.kv.RangeResult;
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
 * From the bytes of an answer to what a user gets.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@State(Scope.Thread)
public class DecodeBenchmark {

	/** How many keys are in the answer. */
	@Param({ "1", "1000" })
	public int keys;

	private byte[] range = {};

	private byte[] events = {};

	/** Writes the answers. */
	@Setup
	public void write() {
		HeaderProto.ResponseHeader header = HeaderProto.ResponseHeader.newBuilder()
			.setClusterId(1)
			.setMemberId(1)
			.setRevision(100)
			.setRaftTerm(2)
			.build();
		KvProto.RangeResponse.Builder range = KvProto.RangeResponse.newBuilder().setHeader(header).setCount(this.keys);
		WatchProto.WatchResponse.Builder events = WatchProto.WatchResponse.newBuilder().setHeader(header).setWatchId(1);
		for (int i = 0; i < this.keys; i++) {
			MvccProto.KeyValue kv = MvccProto.KeyValue.newBuilder()
				.setKey(ByteString.copyFromUtf8(String.format("/services/instance-%06d", i)))
				.setValue(ByteString.copyFrom(new byte[256]))
				.setCreateRevision(1)
				.setModRevision(i + 1L)
				.setVersion(1)
				.build();
			range.addKvs(kv);
			events.addEvents(MvccProto.Event.newBuilder().setKv(kv));
		}
		this.range = range.build().toByteArray();
		this.events = events.build().toByteArray();
	}

	/**
	 * {@return the result of a range}
	 */
	@Benchmark
	public RangeResult decodeRange() {
		return KvMethods.RANGE.parseResponse(new ByteArrayInputStream(this.range));
	}

	/**
	 * {@return the events of a watch}
	 */
	@Benchmark
	public List<WatchEvent> decodeEvents() {
		return WatchAnswer.METHOD.parseResponse(new ByteArrayInputStream(this.events)).events();
	}

}
