/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.context.SmartLifecycle;

/**
 * All instances that are up, by service, in memory. While etcd can not be reached the
 * last ones known stand. Whoever asks before the first read waits for it, once, for as
 * long as a request may take.
 */
final class InstanceCache implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(InstanceCache.class);

	private final EtcdClient client;

	private final InstanceCodec codec;

	private final Duration firstReadTimeout;

	/** Told the revision of each change of the instances that are up. */
	private final LongConsumer onChange;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable RangeCache cache;

	private CompletableFuture<RangeSnapshot> known = new CompletableFuture<>();

	private volatile Map<String, List<ServiceInstance>> byService = Map.of();

	private volatile boolean waited;

	InstanceCache(EtcdClient client, InstanceCodec codec, Duration firstReadTimeout, LongConsumer onChange) {
		this.client = client;
		this.codec = codec;
		this.firstReadTimeout = firstReadTimeout;
		this.onChange = onChange;
	}

	List<ServiceInstance> instances(String service) {
		awaitFirstRead();
		return this.byService.getOrDefault(service, List.of());
	}

	List<String> services() {
		awaitFirstRead();
		return List.copyOf(this.byService.keySet());
	}

	private void awaitFirstRead() {
		if (this.waited) {
			return;
		}
		try {
			open().get(this.firstReadTimeout.toMillis(), TimeUnit.MILLISECONDS);
			this.waited = true;
		}
		catch (TimeoutException ex) {
			logger.warn("Instances are not known yet: etcd did not answer within " + this.firstReadTimeout.toMillis()
					+ " ms");
			this.waited = true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException ex) {
			logger.debug("Instances are not known: " + ex.getMessage());
		}
	}

	/** Returns what completes when the instances are known first. */
	private CompletableFuture<RangeSnapshot> open() {
		this.lock.lock();
		try {
			if (this.cache == null) {
				InstanceIndex index = new InstanceIndex(this.codec::decode);
				CompletableFuture<RangeSnapshot> known = new CompletableFuture<>();
				RangeCache cache = RangeCache.open(this.client, KeyRange.prefix(this.codec.prefix()),
						(previous, current) -> index(index, current, known));
				cache.ready().whenComplete((first, failure) -> {
					if (failure != null) {
						known.completeExceptionally(failure);
					}
				});
				this.cache = cache;
				this.known = known;
			}
			return this.known;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void index(InstanceIndex index, RangeSnapshot snapshot, CompletableFuture<RangeSnapshot> known) {
		Map<String, List<ServiceInstance>> byService = index.byService(snapshot.kvs());
		boolean changed = !byService.equals(this.byService);
		this.byService = byService;
		// there is an answer: a listener of the change may ask for it on this thread
		this.waited = true;
		known.complete(snapshot);
		if (changed) {
			this.onChange.accept(snapshot.revision());
		}
	}

	@Override
	public void start() {
		open();
	}

	@Override
	public void stop() {
		this.lock.lock();
		try {
			if (this.cache != null) {
				this.cache.close();
				this.known.complete(this.cache.snapshot());
				this.cache = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		this.lock.lock();
		try {
			return this.cache != null;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Before everything that may look for instances, and after it when stopping. */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE + 2000;
	}

}
