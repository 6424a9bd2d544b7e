/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of a mirror, on the executor of users, and goes on whatever they
 * do.
 */
final class MirrorNews {

	private static final Logger logger = LoggerFactory.getLogger(MirrorNews.class);

	private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

	private final Executor users;

	private final List<MirrorListener> listeners;

	MirrorNews(Executor users, MirrorListener... listeners) {
		this.users = users;
		this.listeners = List.of(listeners);
	}

	/** Completes, always well, when they have been told. */
	CompletableFuture<Void> reached(long revision) {
		return tell((listener) -> listener.onReached(revision));
	}

	/** Completes, always well, when they have been told. */
	CompletableFuture<Void> relists(Throwable reason) {
		return tell((listener) -> listener.onRelist(reason));
	}

	private CompletableFuture<Void> tell(Consumer<MirrorListener> call) {
		return this.listeners.isEmpty() ? DONE : CompletableFuture
			.runAsync(() -> this.listeners.forEach((listener) -> tell(listener, call)), this.users);
	}

	private static void tell(MirrorListener listener, Consumer<MirrorListener> call) {
		try {
			call.accept(listener);
		}
		catch (Throwable ex) {
			// it is another's fault, whatever it is
			logger.error("a listener of a mirror failed", ex);
		}
	}

}
