/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.jetcd;

import java.util.concurrent.CompletableFuture;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.lease.LeaseKeepAliveResponse;
import io.etcd.jetcd.op.Cmp;
import io.etcd.jetcd.op.CmpTarget;
import io.etcd.jetcd.op.Op;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.github.etcdspring.benchmarks.harness.BenchmarkedClient;
import io.github.etcdspring.benchmarks.harness.ClientMain;
import io.github.etcdspring.benchmarks.harness.WatchSink;
import io.grpc.stub.StreamObserver;

/**
 * jetcd with the options it has by default.
 */
public final class JetcdClient implements BenchmarkedClient {

	private final Client client;

	private final KV kv;

	private final Watch watch;

	private long lockLease;

	private JetcdClient(Client client) {
		this.client = client;
		this.kv = client.getKVClient();
		this.watch = client.getWatchClient();
	}

	/**
	 * Runs scenarios.
	 * @param arguments as {@link ClientMain} wants them
	 */
	public static void main(String[] arguments) {
		ClientMain.run(arguments,
				(host, port) -> new JetcdClient(Client.builder().endpoints("http://" + host + ":" + port).build()));
	}

	@Override
	public int get(byte[] key) throws Exception {
		return this.kv.get(ByteSequence.from(key)).get().getKvs().get(0).getValue().size();
	}

	@Override
	public void put(byte[] key, byte[] value) throws Exception {
		this.kv.put(ByteSequence.from(key), ByteSequence.from(value)).get();
	}

	@Override
	public boolean replace(byte[] key, byte[] value) throws Exception {
		ByteSequence bytes = ByteSequence.from(key);
		return this.kv.txn()
			.If(new Cmp(bytes, Cmp.Op.GREATER, CmpTarget.createRevision(0)))
			.Then(Op.put(bytes, ByteSequence.from(value), PutOption.DEFAULT))
			.commit()
			.get()
			.isSucceeded();
	}

	@Override
	public void getAsync(byte[] key, Completion completion) {
		this.kv.get(ByteSequence.from(key)).whenComplete((result, failure) -> completion.done(failure));
	}

	@Override
	public void putAsync(byte[] key, byte[] value, Completion completion) {
		this.kv.put(ByteSequence.from(key), ByteSequence.from(value))
			.whenComplete((result, failure) -> completion.done(failure));
	}

	@Override
	public int range(byte[] prefix) throws Exception {
		GetOption option = GetOption.builder().isPrefix(true).build();
		return this.kv.get(ByteSequence.from(prefix), option).get().getKvs().size();
	}

	@Override
	public Runnable watch(byte[] prefix, long revision, WatchSink sink) {
		WatchOption option = WatchOption.builder().isPrefix(true).withRevision(revision).withCreateNotify(true).build();
		return this.watch.watch(ByteSequence.from(prefix), option, new Listener(sink))::close;
	}

	@Override
	public long grant(long ttlSeconds) throws Exception {
		return this.client.getLeaseClient().grant(ttlSeconds).get().getID();
	}

	@Override
	public void keepAlive(int leases, long ttlSeconds) {
		CompletableFuture<?>[] kept = new CompletableFuture<?>[leases];
		for (int i = 0; i < leases; i++) {
			kept[i] = this.client.getLeaseClient()
				.grant(ttlSeconds)
				.thenApply((grant) -> this.client.getLeaseClient().keepAlive(grant.getID(), new Renewals()));
		}
		CompletableFuture.allOf(kept).join();
	}

	@Override
	public void lockAndUnlock(byte[] name) throws Exception {
		if (this.lockLease == 0) {
			this.lockLease = grant(60);
			this.client.getLeaseClient().keepAlive(this.lockLease, new Renewals());
		}
		ByteSequence key = this.client.getLockClient().lock(ByteSequence.from(name), this.lockLease).get().getKey();
		this.client.getLockClient().unlock(key).get();
	}

	@Override
	public Lookup cache(byte[] prefix, byte[][] keys) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Lookup discovery(String target) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() {
		this.client.close();
	}

	private record Listener(WatchSink sink) implements Watch.Listener {

		@Override
		public void onNext(WatchResponse response) {
			if (response.isCreatedNotify()) {
				this.sink.opened();
			}
			for (WatchEvent event : response.getEvents()) {
				if (this.sink.event(event.getKeyValue().getModRevision())) {
					this.sink.value(event.getKeyValue().getValue().getBytes());
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

	private static final class Renewals implements StreamObserver<LeaseKeepAliveResponse> {

		@Override
		public void onNext(LeaseKeepAliveResponse renewed) {
			// the server counts them
		}

		@Override
		public void onError(Throwable failure) {
			System.err.println("lease: " + failure);
		}

		@Override
		public void onCompleted() {
			System.err.println("lease: completed");
		}

	}

}
