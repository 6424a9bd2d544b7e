/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the client's listener what happened to the cluster: one call at a time, in order,
 * on the callback executor. What a slow listener has not been told waits, up to a limit;
 * beyond it the oldest is dropped, since the news of clusters that change faster than
 * they can be listened to is that they change. Thread-safe.
 */
final class ClusterNews {

	private static final int MAX_WAITING = 100;

	private static final Logger logger = LoggerFactory.getLogger(ClusterNews.class);

	private final @Nullable ClusterListener listener;

	private final Executor executor;

	/** Guards the fields below; never held while the listener is told. */
	private final ReentrantLock lock = new ReentrantLock();

	private final Queue<Consumer<ClusterListener>> waiting = new ArrayDeque<>();

	private boolean telling;

	ClusterNews(@Nullable ClusterListener listener, Executor executor) {
		this.listener = listener;
		this.executor = executor;
	}

	void tell(Consumer<ClusterListener> news) {
		ClusterListener listener = this.listener;
		if (listener == null) {
			return;
		}
		this.lock.lock();
		try {
			if (this.waiting.size() == MAX_WAITING) {
				this.waiting.remove();
			}
			this.waiting.add(news);
			if (this.telling) {
				return;
			}
			this.telling = true;
		}
		finally {
			this.lock.unlock();
		}
		this.executor.execute(() -> tellAll(listener));
	}

	private void tellAll(ClusterListener listener) {
		Consumer<ClusterListener> news = next();
		while (news != null) {
			try {
				news.accept(listener);
			}
			catch (Throwable ex) {
				logger.error("a cluster listener failed", ex);
			}
			news = next();
		}
	}

	private @Nullable Consumer<ClusterListener> next() {
		this.lock.lock();
		try {
			Consumer<ClusterListener> news = this.waiting.poll();
			this.telling = news != null;
			return news;
		}
		finally {
			this.lock.unlock();
		}
	}

}
