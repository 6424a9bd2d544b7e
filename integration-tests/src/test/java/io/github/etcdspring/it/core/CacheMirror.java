/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeCacheListener;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Builds a map from what a cache tells, and holds cache, map and server against each
 * other. To be read only when the cache has nothing more to tell.
 */
final class CacheMirror implements RangeCacheListener {

	private final List<RangeSnapshot> told = new CopyOnWriteArrayList<>();

	private final Map<ByteSequence, KeyValue> built = new TreeMap<>();

	@Override
	public void onChange(RangeSnapshot previous, RangeSnapshot current) {
		if (!this.told.isEmpty()) {
			// the same keys, at the same revision or at one that a read has confirmed
			assertThat(previous.kvs()).isSameAs(this.told.get(this.told.size() - 1).kvs());
		}
		previous.kvs().stream().map(KeyValue::key).forEach(this.built::remove);
		current.kvs().forEach((kv) -> this.built.put(kv.key(), kv));
		this.told.add(current);
	}

	/**
	 * {@return every snapshot so far, in order}
	 */
	List<RangeSnapshot> told() {
		return this.told;
	}

	/** Waits until the cache is through with a revision. */
	void awaitRevision(long revision) {
		await().pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.atMost(Duration.ofSeconds(20))
			.until(() -> !this.told.isEmpty() && this.told.get(this.told.size() - 1).revision() >= revision);
	}

	/**
	 * Checks that cache, map and server are the same at the cache's revision (P3, D1).
	 */
	void assertEqual(RangeCache cache, EtcdClient server, KeyRange range) {
		RangeSnapshot snapshot = cache.snapshot();
		RangeRequest request = RangeRequest.builder(range).revision(snapshot.revision()).build();
		assertThat(snapshot.kvs()).isEqualTo(server.kv().get(request).kvs());
		assertThat(this.built.values()).containsExactlyElementsOf(snapshot.kvs());
	}

}
