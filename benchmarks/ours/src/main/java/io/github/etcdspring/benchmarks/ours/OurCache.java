/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.ours;

import java.util.Arrays;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.benchmarks.harness.BenchmarkedClient;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.client.EtcdClient;

/**
 * A {@link RangeCache}.
 */
final class OurCache implements BenchmarkedClient.Lookup {

	private final RangeCache cache;

	private final ByteSequence[] keys;

	OurCache(EtcdClient client, byte[] prefix, byte[][] keys) {
		this.keys = Arrays.stream(keys).map(ByteSequence::copyOf).toArray(ByteSequence[]::new);
		this.cache = RangeCache.open(client, KeyRange.prefix(ByteSequence.copyOf(prefix)));
		this.cache.ready().join();
	}

	@Override
	public int lookup(int index) {
		return this.cache.snapshot().get(this.keys[index]).map((kv) -> kv.value().size()).orElse(-1);
	}

	@Override
	public void close() {
		this.cache.close();
	}

}
