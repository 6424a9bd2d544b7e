/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.stubs;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.google.protobuf.ByteString;
import io.github.etcdspring.benchmarks.harness.BenchmarkedClient;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.MvccProto;

/**
 * A map that a watch writes to: no order, and no revision to read at.
 */
final class StubsCache implements BenchmarkedClient.Lookup {

	private final Map<ByteString, MvccProto.KeyValue> map = new ConcurrentHashMap<>();

	private final ByteString[] keys;

	private final Runnable watch;

	StubsCache(StubsClient client, byte[] prefix, byte[][] keys) {
		this.keys = Arrays.stream(keys).map(ByteString::copyFrom).toArray(ByteString[]::new);
		KvProto.RangeResponse all = client.readAll(prefix);
		all.getKvsList().forEach((kv) -> this.map.put(kv.getKey(), kv));
		this.watch = client.watch(prefix, all.getHeader().getRevision() + 1, () -> {
		}, this::apply);
	}

	private void apply(MvccProto.Event event) {
		if (event.getType() == MvccProto.Event.EventType.DELETE) {
			this.map.remove(event.getKv().getKey());
		}
		else {
			this.map.put(event.getKv().getKey(), event.getKv());
		}
	}

	@Override
	public int lookup(int index) {
		MvccProto.KeyValue kv = this.map.get(this.keys[index]);
		return (kv != null) ? kv.getValue().size() : -1;
	}

	@Override
	public void close() {
		this.watch.run();
	}

}
