/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.util.Map;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeDifference;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;

/**
 * The snippets of {@code docs/client/caches.md}.
 */
final class CachesGuide {

	private CachesGuide() {
	}

	static RangeCache open(EtcdClient client) {
		RangeCache cache = RangeCache.open(client, KeyRange.prefix("routes/"));
		cache.ready().join();
		return cache;
	}

	static Optional<ByteSequence> target(RangeCache cache, String route) {
		return cache.snapshot().get(ByteSequence.of("routes/" + route)).map(KeyValue::value);
	}

	static RangeCache follow(EtcdClient client, Map<ByteSequence, ByteSequence> copy) {
		return RangeCache.open(client, KeyRange.prefix("routes/"), (previous, current) -> {
			RangeDifference difference = current.since(previous);
			difference.deleted().forEach(copy::remove);
			difference.put().forEach((kv) -> copy.put(kv.key(), kv.value()));
		});
	}

	static RangeSnapshot writeAndSee(EtcdClient client, RangeCache cache) {
		long written = client.kv().put("routes/a", "10.0.0.1").revision();
		return cache.awaitRevision(written);
	}

	static int exactSize(RangeCache cache) {
		return cache.read().size();
	}

}
