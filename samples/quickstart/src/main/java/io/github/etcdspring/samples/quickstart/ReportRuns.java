/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.time.Duration;
import java.util.Optional;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.client.EtcdClient;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * How often the job has run, on whichever instance, from a key held in memory.
 */
@Component
class ReportRuns implements SmartLifecycle {

	private final EtcdClient etcd;

	private volatile Optional<RangeCache> cache = Optional.empty();

	ReportRuns(EtcdClient etcd) {
		this.etcd = etcd;
	}

	long count() {
		return this.cache.flatMap((cache) -> cache.snapshot().kvs().stream().findFirst())
			.map((kv) -> Long.parseLong(kv.value().toUtf8()))
			.orElse(0L);
	}

	/** Returns for how long etcd has not been heard of; empty while it is. */
	Optional<Duration> disconnectedFor() {
		return this.cache.flatMap(RangeCache::disconnectedFor);
	}

	@Override
	public void start() {
		this.cache = Optional.of(RangeCache.open(this.etcd, KeyRange.key(ReportJob.RUNS)));
	}

	@Override
	public void stop() {
		this.cache.ifPresent(RangeCache::close);
		this.cache = Optional.empty();
	}

	@Override
	public boolean isRunning() {
		return this.cache.isPresent();
	}

}
