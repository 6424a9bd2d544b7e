/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.ListenerFailedException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: where it goes on, and what it has told.
 */
final class Watcher implements Watch, WatchDelivery.Owner {

	private static final Logger logger = LoggerFactory.getLogger(Watcher.class);

	/** Its keys are the whole ones, in whatever namespace it was asked for. */
	private final WatchRequest request;

	private final WatchReads reads;

	private final WatchStream stream;

	private final HeaderSense sense;

	private final Duration timeout;

	private final WatchDelivery delivery;

	/** Says why it is over; {@code null} while it is open. */
	private final AtomicReference<@Nullable Supplier<EtcdException>> end = new AtomicReference<>();

	// the fields below: only from the stream's context

	private WatcherState state = WatcherState.WAITING;

	/** What its present stream calls it, or is asked to. */
	private long id;

	/** What the server's store was at when it began to watch. */
	private long createdRevision;

	/** No answer up to this one, by number, tells how far it is. */
	private long lastEarlierAnswer;

	private ResumePoint place;

	/** The number of the history that the place belongs to. */
	private int history;

	private boolean disconnected;

	/** How often in a row the server has refused it for a while. */
	private int refusals;

	/** The reading of the range under way, if it is lost. */
	private @Nullable CompletableFuture<?> reading;

	private final RevisionJoin join = new RevisionJoin();

	/** Makes a watch that waits for its turn, and tells nothing before it is asked. */
	Watcher(WatchRequest request, WatchReads reads, WatchListener listener, WatchStream stream, Calls calls) {
		this.request = request;
		this.reads = reads;
		this.stream = stream;
		this.sense = calls.channel().sense();
		this.timeout = calls.timeout();
		this.delivery = new WatchDelivery(listener, calls.callbacks(), 0, this);
		this.history = this.sense.history();
		this.place = new ResumePoint(request.startRevision(), request.startRevision() - 1 <= this.sense.revision());
	}

	@Override
	public boolean isOpen() {
		return this.end.get() == null;
	}

	@Override
	public CompletableFuture<Long> progressAsync() {
		return this.stream.progress().ask(this, this.timeout);
	}

	@Override
	public long progress() {
		return BlockingCall.await(progressAsync());
	}

	/** Lets more batches be told. */
	void request(long n) {
		this.delivery.request(n);
	}

	@Override
	public void close() {
		boolean first = endWith(Watcher::closedByOwner);
		this.delivery.close(null);
		if (first) {
			this.stream.closed(this);
		}
	}

	@Override
	public void emptied() {
		this.stream.emptied(this);
	}

	@Override
	public void listenerFailed(Throwable failure) {
		EtcdException cause = new ListenerFailedException(
				FailureDetails.local("the watch ended: its listener failed: " + failure, StatusCode.CANCELLED),
				failure);
		boolean first = endWith(() -> cause);
		this.delivery.close(cause);
		if (first) {
			this.stream.closed(this);
		}
	}

	/** Ends the watch for a reason of the server's. */
	void fail(EtcdException cause) {
		if (endWith(() -> cause)) {
			this.delivery.end(cause);
		}
	}

	private boolean endWith(Supplier<EtcdException> cause) {
		return this.end.compareAndSet(null, cause);
	}

	/** Made for those who ask: an exception costs more than the rest of a close. */
	private static EtcdException closedByOwner() {
		return new EtcdClosedException(FailureDetails.local("the watch is closed", StatusCode.CANCELLED), null);
	}

	/** Returns why it is over; only when it is. */
	EtcdException ended() {
		return Objects.requireNonNull(this.end.get(), "a watch that is open has no end").get();
	}

	long id() {
		return this.id;
	}

	long createdRevision() {
		return this.createdRevision;
	}

	long lastEarlierAnswer() {
		return this.lastEarlierAnswer;
	}

	WatchReads reads() {
		return this.reads;
	}

	boolean relists() {
		return this.request.relists();
	}

	WatcherState state() {
		return this.state;
	}

	void moveTo(WatcherState next) {
		if (logger.isTraceEnabled()) {
			logger.trace("watch {}: {} to {} at {}", this.request, this.state, next, place());
		}
		if (!this.state.mayBecome(next)) {
			throw new IllegalStateException(this + " from " + this.state + " to " + next);
		}
		this.state = next;
		if (next == WatcherState.ENDED && this.reading != null) {
			this.reading.cancel(true);
		}
	}

	/** Returns the first revision that it has not taken. */
	long place() {
		return this.place.next();
	}

	/** Returns how far the store is known to have been. */
	long reached() {
		return this.place.reached();
	}

	/** Whether its place belongs to a history that is over. */
	boolean isOfEarlierHistory() {
		return this.history != this.sense.history();
	}

	/** Whether the server watches, and no event is held back here. */
	boolean isWhole() {
		return this.state == WatcherState.ACTIVE && this.join.isEmpty();
	}

	/** Returns what asks the server to watch, under an id. */
	MessageWriter.Body create(long id) {
		this.id = id;
		moveTo(WatcherState.CREATING);
		return WatchCodec.create(this.request, id, place());
	}

	/** Takes the word that the server watches, and calls it by a number. */
	void created(long id, long revision, long lastEarlierAnswer) {
		this.id = id;
		this.createdRevision = revision;
		this.lastEarlierAnswer = lastEarlierAnswer;
		this.refusals = 0;
		moveTo(WatcherState.ACTIVE);
		if (this.disconnected) {
			this.disconnected = false;
			this.delivery.connection(true);
		}
	}

	/** Counts a refusal; returns how many there were in a row. */
	int refused() {
		return ++this.refusals;
	}

	int refusals() {
		return this.refusals;
	}

	/** What is held back comes again with the rest of its revision. */
	void pause() {
		this.join.clear();
		moveTo(WatcherState.PAUSED);
	}

	/** Takes the word that the range is being read anew. */
	void relisting(CompletableFuture<?> reading) {
		this.join.clear();
		this.reading = reading;
		moveTo(WatcherState.RELISTING);
	}

	/**
	 * Takes the range as it is now.
	 * @return whether the listener's buffer is full: the watch must pause
	 */
	boolean relisted(WatchBatch.Snapshot snapshot) {
		this.reading = null;
		this.history = this.sense.history();
		this.place = new ResumePoint(snapshot.revision() + 1, true);
		return this.delivery.batch(snapshot, WatchCodec.sizeOf(snapshot));
	}

	void streamLost() {
		this.join.clear();
		if (this.state == WatcherState.CREATING || this.state == WatcherState.ACTIVE) {
			moveTo(WatcherState.WAITING);
		}
		if (!this.disconnected) {
			this.disconnected = true;
			this.delivery.connection(false);
		}
	}

	/**
	 * Takes events.
	 * @return whether the listener's buffer is full: the watch must pause
	 */
	boolean received(WatchAnswer answer) {
		List<WatchEvent> complete = this.join.add(answer, place());
		if (complete.isEmpty()) {
			return false;
		}
		WatchBatch.Events events = new WatchBatch.Events(complete);
		this.place.delivered(events.revision());
		return this.delivery.batch(events, WatchCodec.sizeOf(events));
	}

	void progressed(long revision) {
		if (this.join.isEmpty() && revision >= place()) {
			this.place.bookmark(revision);
			this.delivery.progress(revision);
		}
	}

	/** Runs a task when all that was taken has been told. */
	void mark(Runnable task) {
		this.delivery.mark(task);
	}

	@Override
	public String toString() {
		return this.request + " at " + place();
	}

}
