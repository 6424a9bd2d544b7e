/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.stubs;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.internal.proto.LeaseGrpc;
import io.github.etcdspring.internal.proto.LeaseProto;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;

/**
 * All leases on one stream, with a timer each.
 */
final class StubsLeases implements StreamObserver<LeaseProto.LeaseKeepAliveResponse>, AutoCloseable {

	private final LeaseGrpc.LeaseStub stub;

	private final StreamObserver<LeaseProto.LeaseKeepAliveRequest> requests;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	StubsLeases(ManagedChannel channel) {
		this.stub = LeaseGrpc.newStub(channel);
		this.requests = this.stub.leaseKeepAlive(this);
	}

	void keep(int count, long ttlSeconds) throws InterruptedException {
		CountDownLatch granted = new CountDownLatch(count);
		LeaseProto.LeaseGrantRequest request = LeaseProto.LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).build();
		for (int i = 0; i < count; i++) {
			this.stub.leaseGrant(request, new StreamObserver<>() {

				@Override
				public void onNext(LeaseProto.LeaseGrantResponse grant) {
					renewLater(grant.getID(), grant.getTTL());
				}

				@Override
				public void onError(Throwable failure) {
					failure.printStackTrace();
				}

				@Override
				public void onCompleted() {
					granted.countDown();
				}

			});
		}
		if (!granted.await(30, TimeUnit.SECONDS)) {
			throw new IllegalStateException(granted.getCount() + " leases are not granted");
		}
	}

	private void renewLater(long id, long ttlSeconds) {
		this.timer.schedule(() -> renew(id), ttlSeconds * 1_000 / 3, TimeUnit.MILLISECONDS);
	}

	private void renew(long id) {
		this.requests.onNext(LeaseProto.LeaseKeepAliveRequest.newBuilder().setID(id).build());
	}

	@Override
	public void onNext(LeaseProto.LeaseKeepAliveResponse renewed) {
		renewLater(renewed.getID(), renewed.getTTL());
	}

	@Override
	public void onError(Throwable failure) {
		if (!this.timer.isShutdown()) {
			failure.printStackTrace();
		}
	}

	@Override
	public void onCompleted() {
		// the leases run out
	}

	@Override
	public void close() {
		this.timer.shutdownNow();
	}

}
