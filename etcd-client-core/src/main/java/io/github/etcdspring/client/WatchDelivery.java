/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from the stream to one watch's listener: a queue that one task at a time
 * empties on the callback executor. It says when it is full and when it is empty again;
 * what is told besides events never makes it longer than a few entries. Thread-safe.
 */
final class WatchDelivery {

	/** Beyond this the watch is paused. What it holds may exceed it by one message. */
	static final long MAX_BYTES = 8 * 1024 * 1024;

	private static final Logger logger = LoggerFactory.getLogger(WatchDelivery.class);

	private final WatchListener listener;

	private final Executor executor;

	/** Called when a queue that was full has been emptied. */
	private final Runnable emptied;

	/** Guards the fields below; never held while the listener runs. */
	private final ReentrantLock lock = new ReentrantLock();

	private final ArrayDeque<Signal> queue = new ArrayDeque<>();

	private long queuedBytes;

	private boolean full;

	private boolean running;

	private boolean closed;

	WatchDelivery(WatchListener listener, Executor executor, Runnable emptied) {
		this.listener = listener;
		this.executor = executor;
		this.emptied = emptied;
	}

	/**
	 * Takes events.
	 * @param bytes what they occupy, about
	 * @return whether the queue is full now: no more events may come until it is emptied
	 */
	boolean events(List<WatchEvent> events, long bytes) {
		this.lock.lock();
		try {
			this.queuedBytes += bytes;
			this.full |= this.queuedBytes > MAX_BYTES;
			add(new Events(events, bytes));
			return this.full;
		}
		finally {
			this.lock.unlock();
		}
	}

	void progress(long revision) {
		this.lock.lock();
		try {
			if (this.queue.peekLast() instanceof Progress) {
				this.queue.removeLast();
			}
			add(new Progress(revision));
		}
		finally {
			this.lock.unlock();
		}
	}

	/** A loss and a return that the listener has not heard of cancel each other. */
	void connection(boolean connected) {
		this.lock.lock();
		try {
			if (this.queue.peekLast() instanceof Connection last && last.connected() != connected) {
				this.queue.removeLast();
			}
			else {
				add(new Connection(connected));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Tells the end after what is queued. */
	void end(EtcdException cause) {
		this.lock.lock();
		try {
			if (!this.closed) {
				add(new End(cause));
				this.closed = true;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Drops what is queued and tells the end, if only the one that was queued. */
	void close() {
		this.lock.lock();
		try {
			this.queue.removeIf((signal) -> !(signal instanceof End));
			if (!this.closed) {
				add(new End(null));
				this.closed = true;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void add(Signal signal) {
		if (this.closed) {
			return;
		}
		this.queue.add(signal);
		if (!this.running) {
			this.running = true;
			this.executor.execute(this::drain);
		}
	}

	private void drain() {
		Signal signal = next(null);
		while (signal != null) {
			tell(signal);
			signal = next(signal);
		}
	}

	private @Nullable Signal next(@Nullable Signal told) {
		boolean resume = false;
		this.lock.lock();
		try {
			if (told instanceof Events events) {
				this.queuedBytes -= events.bytes();
			}
			Signal signal = this.queue.poll();
			if (signal == null) {
				this.running = false;
				resume = this.full && !this.closed;
				this.full = false;
			}
			return signal;
		}
		finally {
			this.lock.unlock();
			if (resume) {
				this.emptied.run();
			}
		}
	}

	/** The listener's failure must not keep its next event from it. */
	private void tell(Signal signal) {
		try {
			signal.tell(this.listener);
		}
		catch (Throwable ex) {
			logger.error("watch listener {} failed on {}; the watch goes on", this.listener.getClass().getName(),
					signal.getClass().getSimpleName(), ex);
		}
	}

	/** One call of the listener. */
	private sealed interface Signal {

		void tell(WatchListener listener);

	}

	private record Events(List<WatchEvent> events, long bytes) implements Signal {

		@Override
		public void tell(WatchListener listener) {
			listener.onEvents(this.events);
		}

	}

	private record Progress(long revision) implements Signal {

		@Override
		public void tell(WatchListener listener) {
			listener.onProgress(this.revision);
		}

	}

	private record Connection(boolean connected) implements Signal {

		@Override
		public void tell(WatchListener listener) {
			if (this.connected) {
				listener.onResumed();
			}
			else {
				listener.onDisconnected();
			}
		}

	}

	private record End(@Nullable EtcdException cause) implements Signal {

		@Override
		public void tell(WatchListener listener) {
			listener.onClosed(this.cause);
		}

	}

}
