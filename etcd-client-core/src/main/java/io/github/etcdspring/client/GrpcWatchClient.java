/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchClient;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;

/**
 * The Watch service over the client's connection.
 */
final class GrpcWatchClient implements WatchClient {

	private final Calls calls;

	private final GrpcKvClient kv;

	private final WatchStream stream;

	GrpcWatchClient(Calls calls, GrpcKvClient kv, WatchStream stream) {
		this.calls = calls;
		this.kv = kv;
		this.stream = stream;
	}

	@Override
	public Watch open(WatchRequest request, WatchListener listener) {
		CompletableFuture<Watch> opened = begin(request, listener);
		try {
			return BlockingCall.await(opened);
		}
		catch (EtcdCancelledException ex) {
			// opened at the very moment of the interrupt: nobody knows of it
			opened.thenAccept(Watch::close);
			throw ex;
		}
	}

	@Override
	public CompletableFuture<Watch> openAsync(WatchRequest request, WatchListener listener) {
		CompletableFuture<Watch> opened = begin(request, listener);
		CompletableFuture<Watch> handedOff = this.calls.handOff(opened);
		handedOff.whenComplete((watch, failure) -> {
			if (failure != null) {
				// given up at the very moment: nobody knows of it
				opened.thenAccept(Watch::close);
			}
		});
		return handedOff;
	}

	private CompletableFuture<Watch> begin(WatchRequest request, WatchListener listener) {
		Objects.requireNonNull(listener, "listener");
		if (request.startRevision() != 0) {
			return CompletableFuture.completedFuture(open(request, request.startRevision(), listener));
		}
		CompletableFuture<Watch> opened = new CompletableFuture<>();
		CompletableFuture<RangeResult> place = this.kv.callGet(presentRevision(request.range()));
		place.whenComplete((result, failure) -> {
			if (failure != null) {
				opened.completeExceptionally(failure);
			}
			else if (!opened.isDone()) {
				Watch watch = open(request, result.revision() + 1, listener);
				if (!opened.complete(watch)) {
					watch.close();
				}
			}
		});
		opened.whenComplete((watch, failure) -> {
			if (opened.isCancelled()) {
				place.cancel(true);
			}
		});
		return opened;
	}

	private Watch open(WatchRequest request, long revision, WatchListener listener) {
		Namespace namespace = this.calls.namespace();
		if (namespace.isNone()) {
			return this.stream.open(request, revision, listener);
		}
		WatchRequest outer = WatchRequest.of(namespace.add(request.range()));
		return this.stream.open(request.returnsPrevious() ? outer.withPrevious() : outer, revision,
				new NamespacedListener(namespace, listener));
	}

	/**
	 * Reads the store's revision; counting one key of the range needs no right beyond the
	 * watch's.
	 */
	private static RangeRequest presentRevision(KeyRange range) {
		return RangeRequest.builder(KeyRange.key(range.start())).countOnly().build();
	}

}
