/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.ours;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.benchmarks.harness.BenchmarkedClient;
import io.github.etcdspring.benchmarks.harness.ClientMain;
import io.github.etcdspring.benchmarks.harness.WatchSink;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Our client with the options it has by default.
 */
public final class OurClient implements BenchmarkedClient {

	private final EtcdClient client;

	private @Nullable EtcdLock lock;

	private OurClient(EtcdClient client) {
		this.client = client;
	}

	/**
	 * Runs scenarios.
	 * @param arguments as {@link ClientMain} wants them
	 */
	public static void main(String[] arguments) {
		ClientMain.run(arguments, (host, port) -> new OurClient(EtcdClient.create("http://" + host + ":" + port)));
	}

	@Override
	public int get(byte[] key) {
		return this.client.kv().get(KeyRange.key(ByteSequence.copyOf(key))).kvs().get(0).value().size();
	}

	@Override
	public void put(byte[] key, byte[] value) {
		this.client.kv().put(PutRequest.of(ByteSequence.copyOf(key), ByteSequence.copyOf(value)));
	}

	@Override
	public boolean replace(byte[] key, byte[] value) {
		ByteSequence bytes = ByteSequence.copyOf(key);
		return this.client.kv()
			.txn()
			.when(Compare.exists(bytes))
			.then(PutRequest.of(bytes, ByteSequence.copyOf(value)))
			.commit()
			.succeeded();
	}

	@Override
	public void getAsync(byte[] key, Completion completion) {
		this.client.kv()
			.getAsync(KeyRange.key(ByteSequence.copyOf(key)))
			.whenComplete((result, failure) -> completion.done(failure));
	}

	@Override
	public void putAsync(byte[] key, byte[] value, Completion completion) {
		this.client.kv()
			.putAsync(PutRequest.of(ByteSequence.copyOf(key), ByteSequence.copyOf(value)))
			.whenComplete((result, failure) -> completion.done(failure));
	}

	@Override
	public int range(byte[] prefix) {
		return this.client.kv().get(KeyRange.prefix(ByteSequence.copyOf(prefix))).kvs().size();
	}

	@Override
	public Runnable watch(byte[] prefix, long revision, WatchSink sink) {
		WatchRequest request = WatchRequest.of(KeyRange.prefix(ByteSequence.copyOf(prefix)));
		CompletableFuture<Watch> watch = this.client.watch()
			.openAsync((revision == 0) ? request : request.from(revision), new Listener(sink));
		watch.thenRun(sink::opened);
		return () -> watch.thenAccept(Watch::close);
	}

	@Override
	public long grant(long ttlSeconds) {
		return this.client.lease().grant(Duration.ofSeconds(ttlSeconds)).id().value();
	}

	@Override
	public void keepAlive(int leases, long ttlSeconds) {
		CompletableFuture<?>[] kept = new CompletableFuture<?>[leases];
		for (int i = 0; i < leases; i++) {
			CompletableFuture<LeaseGrant> grant = this.client.lease().grantAsync(Duration.ofSeconds(ttlSeconds));
			kept[i] = grant.thenApply(this.client.lease()::keepAlive);
		}
		CompletableFuture.allOf(kept).join();
	}

	@Override
	public void lockAndUnlock(byte[] name) {
		EtcdLock lock = this.lock;
		if (lock == null) {
			lock = EtcdLock.of(Session.open(this.client, Duration.ofSeconds(60)), ByteSequence.copyOf(name).toUtf8());
			this.lock = lock;
		}
		lock.lock();
		try {
			lock.fencingToken();
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public Lookup cache(byte[] prefix, byte[][] keys) {
		return new OurCache(this.client, prefix, keys);
	}

	@Override
	public Lookup discovery(String target) {
		return new OurDiscovery(this.client, target);
	}

	@Override
	public void close() {
		this.client.close();
	}

	private record Listener(WatchSink sink) implements WatchListener {

		@Override
		public void onEvents(List<WatchEvent> events) {
			for (WatchEvent event : events) {
				if (this.sink.event(event.revision()) && event instanceof WatchEvent.Put put) {
					this.sink.value(put.kv().value().toByteArray());
				}
			}
		}

	}

}
