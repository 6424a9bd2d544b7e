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
import org.jspecify.annotations.Nullable;

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
		return BlockingCall.await(begin(request, listener, WatchDelivery.UNBOUNDED, Function.identity(), Watch::close));
	}

	@Override
	public CompletableFuture<Watch> openAsync(WatchRequest request, WatchListener listener) {
		return this.calls.handOff(begin(request, listener, WatchDelivery.UNBOUNDED, Function.identity(), Watch::close));
	}

	@Override
	public WatchIterator iterator(WatchRequest request) {
		PulledWatch pulled = new PulledWatch();
		return BlockingCall.await(begin(request, pulled, 0, pulled::of, WatchIterator::close));
	}

	@Override
	public CompletableFuture<WatchIterator> iteratorAsync(WatchRequest request) {
		PulledWatch pulled = new PulledWatch();
		return this.calls.handOff(begin(request, pulled, 0, pulled::of, WatchIterator::close));
	}

	@Override
	public Flow.Publisher<WatchBatch> publisher(WatchRequest request) {
		Objects.requireNonNull(request, "request");
		return (subscriber) -> new WatchSubscription(subscriber, this.calls.callbacks(),
				(subscription) -> begin(request, subscription, 0, Function.identity(), Watcher::close))
			.begin();
	}

	/**
	 * Opens a watch.
	 * @param demand how many batches may be told before more are asked for
	 * @param face what the user has of the watch
	 * @param close closes that
	 * @return a future that completes on the connection's thread
	 */
	private <T> CompletableFuture<T> begin(WatchRequest request, WatchListener listener, long demand,
			Function<? super Watcher, T> face, Consumer<T> close) {
		Objects.requireNonNull(listener, "listener");
		if (request.startRevision() != 0) {
			Opening<T> opened = new Opening<>(null, close);
			opened.complete(face.apply(open(request, listener, demand)));
			return opened;
		}
		CompletableFuture<RangeResult> place = presentRevision(request.range());
		Opening<T> opened = new Opening<>(place, close);
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

	/**
	 * A watch that may wait for the revision it begins at. Who cancels this has no watch:
	 * the read of the revision is given up, or what was opened is closed.
	 */
	private static final class Opening<T> extends CompletableFuture<T> {

		private final @Nullable CompletableFuture<?> place;

		private final Consumer<T> close;

		Opening(@Nullable CompletableFuture<?> place, Consumer<T> close) {
			this.place = place;
			this.close = close;
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			if (!completeExceptionally(new CancellationException())) {
				thenAccept(this.close);
			}
			else if (this.place != null) {
				// once: others may share the read
				this.place.cancel(mayInterruptIfRunning);
			}
			return isCancelled();
		}

	}

}
