/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.stubs;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import io.github.etcdspring.internal.proto.MvccProto;
import io.github.etcdspring.internal.proto.WatchGrpc;
import io.github.etcdspring.internal.proto.WatchProto;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * All watches on one stream, which is opened again when it breaks. Fields are guarded by
 * this.
 */
final class StubsWatches implements StreamObserver<WatchProto.WatchResponse>, AutoCloseable {

	private final WatchGrpc.WatchStub stub;

	private final Map<Long, Opened> watches = new HashMap<>();

	private @Nullable StreamObserver<WatchProto.WatchRequest> requests;

	private @Nullable ScheduledExecutorService timer;

	private long lastId;

	private boolean closed;

	StubsWatches(ManagedChannel channel) {
		this.stub = WatchGrpc.newStub(channel);
	}

	/** Returns the key after all that have the prefix, which does not end in 0xff. */
	static ByteString end(ByteString prefix) {
		byte[] end = prefix.toByteArray();
		end[end.length - 1]++;
		return ByteString.copyFrom(end);
	}

	synchronized Runnable open(byte[] prefix, long revision, Runnable opened, Consumer<MvccProto.Event> events) {
		Opened watch = new Opened(++this.lastId, ByteString.copyFrom(prefix), opened, events);
		watch.next = revision;
		this.watches.put(watch.id, watch);
		if (this.requests == null) {
			this.requests = this.stub.watch(this);
		}
		this.requests.onNext(watch.request());
		return () -> cancel(watch);
	}

	private synchronized void cancel(Opened watch) {
		if (this.watches.remove(watch.id) != null && this.requests != null) {
			this.requests.onNext(WatchProto.WatchRequest.newBuilder()
				.setCancelRequest(WatchProto.WatchCancelRequest.newBuilder().setWatchId(watch.id))
				.build());
		}
	}

	private synchronized @Nullable Opened watch(long id) {
		return this.watches.get(id);
	}

	@Override
	public void onNext(WatchProto.WatchResponse response) {
		Opened watch = watch(response.getWatchId());
		if (watch == null) {
			return;
		}
		if (response.getCreated()) {
			watch.opened.run();
			if (watch.next == 0) {
				watch.next = response.getHeader().getRevision() + 1;
			}
		}
		for (MvccProto.Event event : response.getEventsList()) {
			watch.next = event.getKv().getModRevision() + 1;
			watch.events.accept(event);
		}
	}

	@Override
	public synchronized void onError(Throwable failure) {
		this.requests = null;
		if (this.closed) {
			return;
		}
		if (this.timer == null) {
			this.timer = Executors.newSingleThreadScheduledExecutor();
		}
		this.timer.schedule(this::reopen, 20, TimeUnit.MILLISECONDS);
	}

	private synchronized void reopen() {
		if (this.closed) {
			return;
		}
		StreamObserver<WatchProto.WatchRequest> requests = this.stub.watch(this);
		this.requests = requests;
		this.watches.values().forEach((watch) -> requests.onNext(watch.request()));
	}

	@Override
	public void onCompleted() {
		onError(new IllegalStateException("ended by the server"));
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.timer != null) {
			this.timer.shutdownNow();
		}
	}

	private static final class Opened {

		private final long id;

		private final ByteString prefix;

		private final Runnable opened;

		private final Consumer<MvccProto.Event> events;

		private volatile long next;

		Opened(long id, ByteString prefix, Runnable opened, Consumer<MvccProto.Event> events) {
			this.id = id;
			this.prefix = prefix;
			this.opened = opened;
			this.events = events;
		}

		WatchProto.WatchRequest request() {
			return WatchProto.WatchRequest.newBuilder()
				.setCreateRequest(WatchProto.WatchCreateRequest.newBuilder()
					.setKey(this.prefix)
					.setRangeEnd(end(this.prefix))
					.setStartRevision(this.next)
					.setWatchId(this.id))
				.build();
		}

	}

}
