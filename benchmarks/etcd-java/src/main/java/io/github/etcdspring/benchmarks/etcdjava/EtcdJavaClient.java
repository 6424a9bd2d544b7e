/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.etcdjava;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import com.ibm.etcd.api.Event;
import com.ibm.etcd.api.KeyValue;
import com.ibm.etcd.api.PutRequest;
import com.ibm.etcd.client.EtcdClient;
import com.ibm.etcd.client.kv.KvClient;
import com.ibm.etcd.client.kv.WatchUpdate;
import com.ibm.etcd.client.lease.PersistentLease;
import com.ibm.etcd.client.utils.RangeCache;
import io.github.etcdspring.benchmarks.harness.BenchmarkedClient;
import io.github.etcdspring.benchmarks.harness.ClientMain;
import io.github.etcdspring.benchmarks.harness.WatchSink;
import io.grpc.stub.StreamObserver;

/**
 * etcd-java with the options it has by default, but plaintext.
 */
public final class EtcdJavaClient implements BenchmarkedClient {

	private final EtcdClient client;

	private final KvClient kv;

	private EtcdJavaClient(EtcdClient client) {
		this.client = client;
		this.kv = client.getKvClient();
	}

	/**
	 * Runs scenarios.
	 * @param arguments as {@link ClientMain} wants them
	 */
	public static void main(String[] arguments) {
		ClientMain.run(arguments,
				(host, port) -> new EtcdJavaClient(EtcdClient.forEndpoint(host, port).withPlainText().build()));
	}

	@Override
	public int get(byte[] key) {
		return this.kv.get(ByteString.copyFrom(key)).sync().getKvs(0).getValue().size();
	}

	@Override
	public void put(byte[] key, byte[] value) {
		this.kv.put(ByteString.copyFrom(key), ByteString.copyFrom(value)).sync();
	}

	@Override
	public boolean replace(byte[] key, byte[] value) {
		ByteString bytes = ByteString.copyFrom(key);
		return this.kv.txnIf()
			.exists(bytes)
			.then()
			.put(PutRequest.newBuilder().setKey(bytes).setValue(ByteString.copyFrom(value)))
			.sync()
			.getSucceeded();
	}

	@Override
	public void getAsync(byte[] key, Completion completion) {
		end(this.kv.get(ByteString.copyFrom(key)).async(), completion);
	}

	@Override
	public void putAsync(byte[] key, byte[] value, Completion completion) {
		end(this.kv.put(ByteString.copyFrom(key), ByteString.copyFrom(value)).async(), completion);
	}

	private static <T> void end(ListenableFuture<T> call, Completion completion) {
		Futures.addCallback(call, new FutureCallback<>() {

			@Override
			public void onSuccess(T answer) {
				completion.done(null);
			}

			@Override
			public void onFailure(Throwable failure) {
				completion.done(failure);
			}

		}, MoreExecutors.directExecutor());
	}

	@Override
	public int range(byte[] prefix) {
		return this.kv.get(ByteString.copyFrom(prefix)).asPrefix().sync().getKvsCount();
	}

	@Override
	public Runnable watch(byte[] prefix, long revision, WatchSink sink) {
		KvClient.FluentWatchRequest request = this.kv.watch(ByteString.copyFrom(prefix)).asPrefix();
		if (revision != 0) {
			request.startRevision(revision);
		}
		KvClient.Watch watch = request.start(new Updates(sink));
		watch.addListener(sink::opened, MoreExecutors.directExecutor());
		return watch::close;
	}

	@Override
	public long grant(long ttlSeconds) {
		return this.client.getLeaseClient().grant(ttlSeconds).sync().getID();
	}

	@Override
	public void keepAlive(int leases, long ttlSeconds) throws Exception {
		// the shortest interval it allows is 4 s, and it adds it to the minimal TTL
		int interval = (int) Math.max(4, ttlSeconds / 3);
		List<PersistentLease> kept = new ArrayList<>();
		for (int i = 0; i < leases; i++) {
			kept.add(this.client.getLeaseClient()
				.maintain()
				.keepAliveFreq(interval)
				.minTtl((int) ttlSeconds - interval)
				.start());
		}
		for (PersistentLease lease : kept) {
			lease.get(30, TimeUnit.SECONDS);
		}
	}

	@Override
	public void lockAndUnlock(byte[] name) {
		ByteString key = this.client.getLockClient().lock(ByteString.copyFrom(name)).sync().getKey();
		this.client.getLockClient().unlock(key).sync();
	}

	@Override
	public Lookup cache(byte[] prefix, byte[][] keys) throws Exception {
		RangeCache cache = new RangeCache(this.client, ByteString.copyFrom(prefix));
		cache.start().get(30, TimeUnit.SECONDS);
		return new Cache(cache, Arrays.stream(keys).map(ByteString::copyFrom).toArray(ByteString[]::new));
	}

	@Override
	public Lookup discovery(String target) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() {
		this.client.close();
	}

	private record Cache(RangeCache cache, ByteString[] keys) implements Lookup {

		@Override
		public int lookup(int index) {
			KeyValue kv = this.cache.get(this.keys[index]);
			return (kv != null) ? kv.getValue().size() : -1;
		}

		@Override
		public void close() {
			this.cache.close();
		}

	}

	private record Updates(WatchSink sink) implements StreamObserver<WatchUpdate> {

		@Override
		public void onNext(WatchUpdate update) {
			for (Event event : update.getEvents()) {
				if (this.sink.event(event.getKv().getModRevision())) {
					this.sink.value(event.getKv().getValue().toByteArray());
				}
			}
		}

		@Override
		public void onError(Throwable failure) {
			System.err.println("watch: " + failure);
		}

		@Override
		public void onCompleted() {
			// it is closed, by whomever
		}

	}

}
