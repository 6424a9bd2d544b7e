/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeCacheListener;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.LatestNews;
import io.github.etcdspring.internal.OwnSteps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints of a service in memory, kept in step with etcd: Go's
 * {@code NewWatchChannel}, which does not end. A look-up asks nobody. While the cluster
 * cannot be reached the last endpoints stand and {@link #disconnectedFor()} says since
 * when; lost events are made good by a new read. An entry that cannot be used is passed
 * over, and logged once each time it is written. Thread-safe.
 * <p>
 * Not guaranteed: that anybody is at an address. An instance that died is here until its
 * lease has ended.
 */
public final class EndpointCache implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(EndpointCache.class);

	private final EndpointIndex index;

	private final List<EndpointListener> listeners;

	private final String target;

	private final Executor users;

	private final LatestNews<EndpointSnapshot> news;

	private final CompletableFuture<EndpointSnapshot> ready = new CompletableFuture<>();

	private final RangeCache cache;

	private volatile EndpointSnapshot snapshot = EndpointSnapshot.EMPTY;

	EndpointCache(EtcdClient client, EndpointCodec codec, List<EndpointListener> listeners) {
		this.index = new EndpointIndex(codec);
		this.listeners = listeners;
		this.target = codec.target();
		this.users = client.callbackExecutor();
		this.news = new LatestNews<>(this.users, EndpointSnapshot.EMPTY, this::tell);
		this.cache = RangeCache.open(client, codec.range(), new Follower());
		HandedOff.direct(this.cache.ready()).whenComplete((range, failure) -> {
			if (failure != null) {
				this.ready.completeExceptionally(failure);
			}
			else {
				this.ready.complete(this.snapshot);
			}
		});
	}

	/**
	 * Returns the endpoints as last known.
	 * @return the snapshot; without endpoints, at revision 0, before the first read
	 */
	public EndpointSnapshot snapshot() {
		return this.snapshot;
	}

	/**
	 * Waits for the first read.
	 * @return a future that completes with the endpoints, on the client's callback
	 * executor, or is complete already; fails with {@link EtcdClosedException} if the
	 * cache is closed before
	 */
	public CompletableFuture<EndpointSnapshot> ready() {
		return HandedOff.ofShared(this.ready, this.ready.isDone() ? Runnable::run : this.users);
	}

	/**
	 * Returns for how long the endpoints may not have been up to date.
	 * @return the time since the connection was lost; empty while the cache follows them
	 */
	public Optional<Duration> disconnectedFor() {
		return this.cache.disconnectedFor();
	}

	private void changed(RangeSnapshot range) {
		EndpointSnapshot current = this.index.update(range);
		this.snapshot = current;
		if (!this.listeners.isEmpty()) {
			this.news.take(current);
		}
	}

	private void tell(EndpointSnapshot previous, EndpointSnapshot current) {
		EndpointChange change = EndpointChange.between(previous, current);
		if (previous.revision() == 0 || !change.isEmpty()) {
			this.listeners.forEach((listener) -> tell(listener, change));
		}
	}

	private void tell(EndpointListener listener, EndpointChange change) {
		try {
			listener.onChange(change);
		}
		catch (Throwable ex) {
			// the cache goes on whatever its listeners do
			logger.error("listener of the endpoints of '{}' failed at revision {}", this.target,
					change.current().revision(), ex);
		}
	}

	/**
	 * Closes the cache: the watch ends, the last endpoints stay. Idempotent.
	 */
	@Override
	public void close() {
		this.news.end();
		this.cache.close();
	}

	/** Takes the keys where the cache takes them. */
	private final class Follower implements RangeCacheListener, OwnSteps.Listener {

		@Override
		public void onChange(RangeSnapshot previous, RangeSnapshot current) {
			changed(current);
		}

	}

}
