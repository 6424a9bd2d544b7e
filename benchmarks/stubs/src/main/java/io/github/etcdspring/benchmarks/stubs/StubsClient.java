/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.stubs;

import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import io.github.etcdspring.benchmarks.harness.BenchmarkedClient;
import io.github.etcdspring.benchmarks.harness.ClientMain;
import io.github.etcdspring.benchmarks.harness.WatchSink;
import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.LeaseGrpc;
import io.github.etcdspring.internal.proto.LeaseProto;
import io.github.etcdspring.internal.proto.LockGrpc;
import io.github.etcdspring.internal.proto.LockProto;
import io.github.etcdspring.internal.proto.MvccProto;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Generated stubs on one channel.
 */
public final class StubsClient implements BenchmarkedClient {

	private final ManagedChannel channel;

	private final KVGrpc.KVBlockingStub kv;

	private final KVGrpc.KVStub kvAsync;

	private final LeaseGrpc.LeaseBlockingStub lease;

	private final LockGrpc.LockBlockingStub lock;

	private @Nullable StubsWatches watches;

	private @Nullable StubsLeases leases;

	private long lockLease;

	private StubsClient(ManagedChannel channel) {
		this.channel = channel;
		this.kv = KVGrpc.newBlockingStub(channel);
		this.kvAsync = KVGrpc.newStub(channel);
		this.lease = LeaseGrpc.newBlockingStub(channel);
		this.lock = LockGrpc.newBlockingStub(channel);
	}

	/**
	 * Opens a client.
	 * @param host of the server
	 * @param port of the server
	 * @return the client, to be closed
	 */
	public static StubsClient open(String host, int port) {
		return new StubsClient(NettyChannelBuilder.forAddress(host, port).usePlaintext().directExecutor().build());
	}

	/**
	 * Runs scenarios.
	 * @param arguments as {@link ClientMain} wants them
	 */
	public static void main(String[] arguments) {
		ClientMain.run(arguments, StubsClient::open);
	}

	@Override
	public int get(byte[] key) {
		return this.kv.range(read(key)).getKvs(0).getValue().size();
	}

	@Override
	public void put(byte[] key, byte[] value) {
		this.kv.put(write(key, value));
	}

	@Override
	public boolean replace(byte[] key, byte[] value) {
		return this.kv
			.txn(KvProto.TxnRequest.newBuilder()
				.addCompare(KvProto.Compare.newBuilder()
					.setKey(ByteString.copyFrom(key))
					.setTarget(KvProto.Compare.CompareTarget.CREATE)
					.setResult(KvProto.Compare.CompareResult.GREATER)
					.setCreateRevision(0))
				.addSuccess(KvProto.RequestOp.newBuilder().setRequestPut(write(key, value)))
				.build())
			.getSucceeded();
	}

	@Override
	public void getAsync(byte[] key, Completion completion) {
		this.kvAsync.range(read(key), new Ending<>(completion));
	}

	@Override
	public void putAsync(byte[] key, byte[] value, Completion completion) {
		this.kvAsync.put(write(key, value), new Ending<>(completion));
	}

	@Override
	public int range(byte[] prefix) {
		return readAll(prefix).getKvsCount();
	}

	private static KvProto.RangeRequest read(byte[] key) {
		return KvProto.RangeRequest.newBuilder().setKey(ByteString.copyFrom(key)).build();
	}

	private static KvProto.PutRequest write(byte[] key, byte[] value) {
		return KvProto.PutRequest.newBuilder()
			.setKey(ByteString.copyFrom(key))
			.setValue(ByteString.copyFrom(value))
			.build();
	}

	@Override
	public Runnable watch(byte[] prefix, long revision, WatchSink sink) {
		return watch(prefix, revision, sink::opened, (event) -> {
			MvccProto.KeyValue kv = event.getKv();
			if (sink.event(kv.getModRevision())) {
				sink.value(kv.getValue().toByteArray());
			}
		});
	}

	@Override
	public long grant(long ttlSeconds) {
		return this.lease.leaseGrant(LeaseProto.LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build()).getID();
	}

	@Override
	public void keepAlive(int count, long ttlSeconds) throws InterruptedException {
		if (this.leases == null) {
			this.leases = new StubsLeases(this.channel);
		}
		this.leases.keep(count, ttlSeconds);
	}

	@Override
	public void lockAndUnlock(byte[] name) {
		if (this.lockLease == 0) {
			this.lockLease = grant(60);
		}
		LockProto.LockResponse locked = this.lock.lock(
				LockProto.LockRequest.newBuilder().setName(ByteString.copyFrom(name)).setLease(this.lockLease).build());
		this.lock.unlock(LockProto.UnlockRequest.newBuilder().setKey(locked.getKey()).build());
	}

	@Override
	public Lookup cache(byte[] prefix, byte[][] keys) {
		return new StubsCache(this, prefix, keys);
	}

	KvProto.RangeResponse readAll(byte[] prefix) {
		ByteString start = ByteString.copyFrom(prefix);
		return this.kv
			.range(KvProto.RangeRequest.newBuilder().setKey(start).setRangeEnd(StubsWatches.end(start)).build());
	}

	Runnable watch(byte[] prefix, long revision, Runnable opened, Consumer<MvccProto.Event> events) {
		if (this.watches == null) {
			this.watches = new StubsWatches(this.channel);
		}
		return this.watches.open(prefix, revision, opened, events);
	}

	@Override
	public Lookup discovery(String target) {
		throw new UnsupportedOperationException();
	}

	@Override
	public void close() {
		if (this.leases != null) {
			this.leases.close();
		}
		if (this.watches != null) {
			this.watches.close();
		}
		this.channel.shutdownNow();
	}

	private record Ending<T>(Completion completion) implements StreamObserver<T> {

		@Override
		public void onNext(T answer) {
			// the end follows
		}

		@Override
		public void onError(Throwable failure) {
			this.completion.done(failure);
		}

		@Override
		public void onCompleted() {
			this.completion.done(null);
		}

	}

}
