/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way from the stream to one watch's listener: a queue that one task at a time
 * empties on the callback executor, as far as batches are asked for. It says when it is
 * full and when it is empty again; what is told besides batches never makes it longer
 * than a few entries. Thread-safe.
 */
final class WatchDelivery {

	/** Asks for all there is. */
	static final long UNBOUNDED = Long.MAX_VALUE;

	/** Beyond this the watch is paused. What it holds may exceed it by one message. */
	static final long MAX_BYTES = 8 * 1024 * 1024;

	private static final Logger logger = LoggerFactory.getLogger(WatchDelivery.class);

	private final WatchListener listener;

	private final Executor executor;

	private final Owner owner;

	/** Guards the fields below; never held while the listener runs. */
	private final ReentrantLock lock = new ReentrantLock();

	/** Small as long as the listener keeps up: there may be very many watches. */
	private final ArrayDeque<WatchSignal> queue = new ArrayDeque<>(1);

	private long queuedBytes;

	/** How many batches may be told. */
	private long demand;

	private boolean full;

	private boolean running;

	private boolean closed;

	WatchDelivery(WatchListener listener, Executor executor, long demand, Owner owner) {
		this.listener = listener;
		this.executor = executor;
		this.demand = demand;
		this.owner = owner;
	}

	/** Lets more batches be told. */
	void request(long n) {
		this.lock.lock();
		try {
			this.demand = (n > UNBOUNDED - this.demand) ? UNBOUNDED : this.demand + n;
			run();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes a batch.
	 * @param bytes what it occupies, about
	 * @return whether the queue is full now: no more may come until it is emptied
	 */
	boolean batch(WatchBatch batch, long bytes) {
		this.lock.lock();
		try {
			this.queuedBytes += bytes;
			this.full |= this.queuedBytes > MAX_BYTES;
			add(new WatchSignal.Batch(batch, bytes));
			return this.full;
		}
		finally {
			this.lock.unlock();
		}
	}

	void progress(long revision) {
		addInsteadOfLast(WatchSignal.Progress.class, new WatchSignal.Progress(revision));
	}

	/** Adds a signal in place of one of its kind that is the last. */
	private void addInsteadOfLast(Class<? extends WatchSignal> kind, WatchSignal signal) {
		this.lock.lock();
		try {
			if (kind.isInstance(this.queue.peekLast())) {
				this.queue.removeLast();
			}
			add(signal);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Runs a task when all that is queued has been told. It takes the place of one that
	 * nothing separates from it.
	 */
	void mark(Runnable task) {
		addInsteadOfLast(WatchSignal.Mark.class, new WatchSignal.Mark(task));
	}

	/** A loss and a return that the listener has not heard of cancel each other. */
	void connection(boolean connected) {
		this.lock.lock();
		try {
			if (this.queue.peekLast() instanceof WatchSignal.Connection last && last.connected() != connected) {
				this.queue.removeLast();
			}
			else {
				add(new WatchSignal.Connection(connected));
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
				add(new WatchSignal.End(cause));
				this.closed = true;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Drops what is queued and tells the end, if only the one that was queued. */
	void close(@Nullable EtcdException cause) {
		this.lock.lock();
		try {
			this.queue.removeIf((signal) -> !(signal instanceof WatchSignal.End));
			if (!this.closed) {
				add(new WatchSignal.End(cause));
				this.closed = true;
			}
			run();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void add(WatchSignal signal) {
		if (!this.closed) {
			this.queue.add(signal);
			run();
		}
	}

	private void run() {
		if (!this.running && isNextWanted()) {
			this.running = true;
			this.executor.execute(this::drain);
		}
	}

	private boolean isNextWanted() {
		WatchSignal next = this.queue.peek();
		return next != null && (this.demand > 0 || !(next instanceof WatchSignal.Batch));
	}

	private void drain() {
		WatchSignal signal = next(null);
		while (signal != null) {
			tell(signal);
			signal = next(signal);
		}
	}

	private @Nullable WatchSignal next(@Nullable WatchSignal told) {
		boolean resume = false;
		this.lock.lock();
		try {
			if (told instanceof WatchSignal.Batch batch) {
				this.queuedBytes -= batch.bytes();
			}
			WatchSignal signal = isNextWanted() ? this.queue.poll() : null;
			this.running = signal != null;
			if (signal instanceof WatchSignal.Batch && this.demand != UNBOUNDED) {
				this.demand--;
			}
			if (signal == null && this.queue.isEmpty()) {
				resume = this.full && !this.closed;
				this.full = false;
			}
			return signal;
		}
		finally {
			this.lock.unlock();
			if (resume) {
				this.owner.emptied();
			}
		}
	}

	/** The listener's failure must not keep its next batch from it, unless it says so. */
	private void tell(WatchSignal signal) {
		try {
			signal.tell(this.listener);
		}
		catch (Throwable ex) {
			boolean goesOn = signal instanceof WatchSignal.End || goesOnAfter(ex);
			logger.error("watch listener {} failed on {}; the watch {}", this.listener.getClass().getName(),
					signal.getClass().getSimpleName(), goesOn ? "goes on" : "ends", ex);
			if (!goesOn) {
				this.owner.listenerFailed(ex);
			}
		}
	}

	private boolean goesOnAfter(Throwable failure) {
		try {
			return this.listener.goesOnAfter(failure);
		}
		catch (Throwable ex) {
			if (ex != failure) {
				failure.addSuppressed(ex);
			}
			return false;
		}
	}

	/** The watch; called where the listener is. */
	interface Owner {

		/** A queue that was full has been emptied. */
		void emptied();

		/** The listener threw and does not go on. */
		void listenerFailed(Throwable failure);

	}

}
