/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.election;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription to who leads. It reads the candidates, then follows them with a watch
 * from the next revision; it asks the watch for a batch only when all that came of the
 * one before has been told, so that no more than one batch waits here. The subscriber is
 * called on the client's callback executor, one signal at a time. Thread-safe.
 */
final class LeaderObservation implements Flow.Subscription, Flow.Subscriber<WatchBatch> {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(1), 0.5);

	private static final Logger logger = LoggerFactory.getLogger(LeaderObservation.class);

	private final EtcdClient client;

	private final KeyRange range;

	private final Flow.Subscriber<? super Optional<Candidate>> subscriber;

	/** Only where the watch is told of. */
	private final Candidates candidates = new Candidates();

	/** Guards the fields below; never held while the subscriber runs. */
	private final ReentrantLock lock = new ReentrantLock();

	private final ArrayDeque<Optional<Candidate>> waiting = new ArrayDeque<>();

	private long demand;

	/** Whether a task tells the subscriber; the one that subscribes it is the first. */
	private boolean telling = true;

	private @Nullable Throwable failure;

	/** Whether the subscriber is told nothing more. */
	private boolean over;

	private @Nullable CompletableFuture<RangeResult> reading;

	private Flow.@Nullable Subscription watch;

	/** Whether the watch owes a batch. */
	private boolean owed;

	LeaderObservation(EtcdClient client, KeyRange range, Flow.Subscriber<? super Optional<Candidate>> subscriber) {
		this.client = client;
		this.range = range;
		this.subscriber = Objects.requireNonNull(subscriber, "subscriber");
	}

	void begin() {
		this.client.callbackExecutor().execute(() -> {
			tell(() -> this.subscriber.onSubscribe(this));
			read(1);
			drain();
		});
	}

	private void read(int attempt) {
		CompletableFuture<RangeResult> reading;
		this.lock.lock();
		try {
			if (!isWanted()) {
				return;
			}
			reading = this.client.kv().getAsync(RangeRequest.of(this.range));
			this.reading = reading;
		}
		finally {
			this.lock.unlock();
		}
		reading.whenComplete((found, failure) -> {
			if (failure == null) {
				follow(found);
			}
			else if (failure instanceof EtcdException etcd && etcd.isRetryable()) {
				this.client.scheduler()
					.schedule(() -> this.client.callbackExecutor().execute(() -> read(attempt + 1)),
							BACKOFF.delay(attempt));
			}
			else {
				onError(failure);
			}
		});
	}

	private void follow(RangeResult found) {
		Optional<Candidate> leader = this.candidates.reset(found.kvs());
		change(() -> add(List.of(leader)));
		this.client.watch()
			.publisher(WatchRequest.of(this.range).from(found.revision() + 1).withRelist())
			.subscribe(this);
	}

	@Override
	public void onSubscribe(Flow.Subscription watch) {
		change(() -> this.watch = watch);
		cancelUnlessWanted(watch);
	}

	@Override
	public void onNext(WatchBatch batch) {
		List<Optional<Candidate>> changes = this.candidates.apply(batch);
		change(() -> {
			this.owed = false;
			add(changes);
		});
	}

	@Override
	public void onError(Throwable failure) {
		change(() -> fail(failure));
	}

	@Override
	public void onComplete() {
		throw new IllegalStateException("a watch does not complete");
	}

	@Override
	public void request(long n) {
		if (n > 0) {
			change(() -> this.demand = (n > Long.MAX_VALUE - this.demand) ? Long.MAX_VALUE : this.demand + n);
			return;
		}
		change(() -> {
			this.waiting.clear();
			// in place of a failure that has not been told
			this.failure = new IllegalArgumentException("n: " + n + " (expected: above zero)");
		});
		giveUp();
	}

	@Override
	public void cancel() {
		change(() -> this.over = true);
		giveUp();
	}

	/** Nothing follows a failure. Only with the lock. */
	private void add(List<Optional<Candidate>> changes) {
		if (isWanted()) {
			this.waiting.addAll(changes);
		}
	}

	/** Only with the lock. */
	private void fail(Throwable failure) {
		if (this.failure == null) {
			this.failure = failure;
		}
	}

	/** Only with the lock. */
	private boolean isWanted() {
		return !this.over && this.failure == null;
	}

	private void giveUp() {
		CompletableFuture<RangeResult> reading;
		Flow.Subscription watch;
		this.lock.lock();
		try {
			this.waiting.clear();
			reading = this.reading;
			watch = this.watch;
		}
		finally {
			this.lock.unlock();
		}
		if (reading != null) {
			reading.cancel(true);
		}
		if (watch != null) {
			watch.cancel();
		}
	}

	private void cancelUnlessWanted(Flow.Subscription watch) {
		boolean wanted;
		this.lock.lock();
		try {
			wanted = isWanted();
		}
		finally {
			this.lock.unlock();
		}
		if (!wanted) {
			watch.cancel();
		}
	}

	/** Changes the fields, and does what follows from that. */
	private void change(Runnable update) {
		Flow.Subscription asked;
		this.lock.lock();
		try {
			update.run();
			asked = advance();
		}
		finally {
			this.lock.unlock();
		}
		if (asked != null) {
			asked.request(1);
		}
	}

	/**
	 * Sees that what can be told is; only with the lock.
	 * @return the watch, if it is to be asked for a batch
	 */
	private Flow.@Nullable Subscription advance() {
		if (!this.telling && isNextWanted()) {
			this.telling = true;
			this.client.callbackExecutor().execute(this::drain);
		}
		if (this.owed || this.demand == 0 || !this.waiting.isEmpty() || !isWanted()) {
			return null;
		}
		this.owed = this.watch != null;
		return this.watch;
	}

	private boolean isNextWanted() {
		return !this.over && (this.waiting.isEmpty() ? this.failure != null : this.demand > 0);
	}

	private void drain() {
		Runnable signal = next();
		while (signal != null) {
			tell(signal);
			signal = next();
		}
	}

	private @Nullable Runnable next() {
		Runnable[] signal = new Runnable[1];
		change(() -> {
			this.telling = isNextWanted();
			if (this.telling) {
				signal[0] = nextSignal();
			}
		});
		return signal[0];
	}

	/** Only with the lock, when there is one. */
	private Runnable nextSignal() {
		if (this.waiting.isEmpty()) {
			Throwable failure = Objects.requireNonNull(this.failure);
			this.over = true;
			return () -> this.subscriber.onError(failure);
		}
		Optional<Candidate> leader = this.waiting.remove();
		if (this.demand != Long.MAX_VALUE) {
			this.demand--;
		}
		return () -> this.subscriber.onNext(leader);
	}

	/** A subscriber that throws has cancelled. */
	private void tell(Runnable signal) {
		try {
			signal.run();
		}
		catch (Throwable ex) {
			logger.warn("a subscriber failed, its subscription is cancelled", ex);
			cancel();
		}
	}

}
