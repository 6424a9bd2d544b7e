/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.JoinedReads;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchClient;
import io.github.etcdspring.watch.WatchIterator;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;

/**
 * The Watch service over the client's connection.
 */
final class GrpcWatchClient implements WatchClient {

	private final Calls calls;

	private final GrpcKvClient kv;

	private final ClientStreams streams;

	/** For a client without a user: it may read any key, or none. */
	private final JoinedReads<RangeResult> presentRevisions;

	GrpcWatchClient(Calls calls, GrpcKvClient kv, ClientStreams streams) {
		this.calls = calls;
		this.kv = kv;
		this.streams = streams;
		this.presentRevisions = new JoinedReads<>(new WatchReads(kv, KeyRange.all())::presentRevision,
				calls.channel().timedTasks());
	}

	@Override
	public Watch open(WatchRequest request, WatchListener listener) {
		return await(begin(request, listener, WatchDelivery.UNBOUNDED, Function.<Watch>identity()), Watch::close);
	}

	@Override
	public CompletableFuture<Watch> openAsync(WatchRequest request, WatchListener listener) {
		return handOff(begin(request, listener, WatchDelivery.UNBOUNDED, Function.<Watch>identity()), Watch::close);
	}

	@Override
	public WatchIterator iterator(WatchRequest request) {
		PulledWatch pulled = new PulledWatch();
		return await(begin(request, pulled, 0, pulled::of), WatchIterator::close);
	}

	@Override
	public CompletableFuture<WatchIterator> iteratorAsync(WatchRequest request) {
		PulledWatch pulled = new PulledWatch();
		return handOff(begin(request, pulled, 0, pulled::of), WatchIterator::close);
	}

	@Override
	public Flow.Publisher<WatchBatch> publisher(WatchRequest request) {
		Objects.requireNonNull(request, "request");
		return (subscriber) -> new WatchSubscription(subscriber, this.calls.callbacks(),
				(subscription) -> begin(request, subscription, 0, Function.identity()))
			.begin();
	}

	/**
	 * Opens a watch.
	 * @param demand how many batches may be told before more are asked for
	 * @param face what the user has of the watch
	 * @return a future that completes on the connection's thread
	 */
	private <T> CompletableFuture<T> begin(WatchRequest request, WatchListener listener, long demand,
			Function<? super Watcher, T> face) {
		Objects.requireNonNull(listener, "listener");
		if (request.startRevision() != 0) {
			return CompletableFuture.completedFuture(face.apply(open(request, listener, demand)));
		}
		CompletableFuture<RangeResult> place = presentRevision(request.range());
		Opening<T> opened = new Opening<>(place);
		place.whenComplete((result, failure) -> {
			if (failure != null) {
				opened.completeExceptionally(failure);
			}
			else if (!opened.isDone()) {
				open(request, result.revision(), listener, demand, face, opened);
			}
		});
		return opened;
	}

	/** Watches that are opened together share a read, unless users may differ in it. */
	private CompletableFuture<RangeResult> presentRevision(KeyRange range) {
		boolean shared = this.calls.channel().tokens().renewal().isOfNobody();
		return shared ? this.presentRevisions.join() : new WatchReads(this.kv, range).presentRevision();
	}

	private <T> void open(WatchRequest request, long presentRevision, WatchListener listener, long demand,
			Function<? super Watcher, T> face, CompletableFuture<T> opened) {
		try {
			Watcher watch = open(request.from(presentRevision + 1), listener, demand);
			if (!opened.complete(face.apply(watch))) {
				watch.close();
			}
		}
		catch (Throwable ex) {
			// a revision that makes no sense; nobody else ends the opening
			opened.completeExceptionally(ex);
		}
	}

	private Watcher open(WatchRequest request, WatchListener listener, long demand) {
		Namespace namespace = this.calls.namespace();
		WatchStream stream = this.streams.watches(request);
		Watcher watcher = new Watcher(namespace.isNone() ? request : request.withRange(namespace.add(request.range())),
				new WatchReads(this.kv, request.range()),
				namespace.isNone() ? listener : new NamespacedListener(namespace, listener), stream, this.calls);
		if (demand > 0) {
			watcher.request(demand);
		}
		stream.open(watcher);
		return watcher;
	}

	private static <T> T await(CompletableFuture<T> opened, Consumer<T> close) {
		try {
			return BlockingCall.await(opened);
		}
		catch (EtcdCancelledException ex) {
			// opened at the very moment of the interrupt: nobody knows of it
			opened.thenAccept(close);
			throw ex;
		}
	}

	private <T> CompletableFuture<T> handOff(CompletableFuture<T> opened, Consumer<T> close) {
		CompletableFuture<T> handedOff = this.calls.handOff(opened);
		handedOff.whenComplete((watch, failure) -> {
			if (failure != null) {
				// given up at the very moment: nobody knows of it
				opened.thenAccept(close);
			}
		});
		return handedOff;
	}

	/**
	 * A watch that waits for the revision it begins at; cancelling it cancels the read.
	 */
	private static final class Opening<T> extends CompletableFuture<T> {

		private final CompletableFuture<?> place;

		Opening(CompletableFuture<?> place) {
			this.place = place;
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			// once: others may share the read
			if (completeExceptionally(new CancellationException())) {
				this.place.cancel(mayInterruptIfRunning);
			}
			return isCancelled();
		}

	}

}
