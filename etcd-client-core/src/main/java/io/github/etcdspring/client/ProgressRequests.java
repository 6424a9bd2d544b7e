/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.grpc.SynchronizationContext;

/**
 * Who wants to know how far a watch is. The server answers for all watches of the stream
 * together, and only when each of them is up to date; else it drops the question without
 * a word. So it is asked again and again, once for all who wait, until an answer comes or
 * the time of who asked is up. Confined to the context but for {@link #ask}.
 */
final class ProgressRequests {

	private static final Duration INTERVAL = Duration.ofMillis(100);

	/** What is not answered by then was dropped. */
	private static final Duration ANSWER_TIME = Duration.ofSeconds(5);

	private final EtcdChannel channel;

	private final SynchronizationContext context;

	/** Sends the question, if the stream is open. */
	private final Runnable question;

	private final List<Request> waiting = new ArrayList<>();

	private boolean asking;

	/** When each question was asked that may still be answered. */
	private final Deque<Long> askedNanos = new ArrayDeque<>();

	private long answers;

	/** So many answers are on their way to listeners, by number. */
	private long marks;

	ProgressRequests(EtcdChannel channel, SynchronizationContext context, Runnable question) {
		this.channel = channel;
		this.context = context;
		this.question = question;
	}

	/**
	 * Asks for a watch.
	 * @return a future that completes when the listener has been told everything up to
	 * the revision, on the callback executor
	 */
	CompletableFuture<Long> ask(Watcher watcher, Duration timeout) {
		CompletableFuture<Long> asked = new CompletableFuture<>();
		this.context.execute(() -> add(watcher, asked));
		Future<?> timer = this.channel.timedTasks()
			.schedule(() -> this.context.execute(() -> fail(asked, timeUp(timeout))), timeout);
		asked.whenComplete((revision, failure) -> {
			timer.cancel(false);
			this.context.execute(() -> this.waiting.removeIf((request) -> request.asked == asked));
		});
		return asked;
	}

	/** What is timed ends early when the client is closed. */
	private EtcdException timeUp(Duration timeout) {
		if (this.channel.isClosed()) {
			return PulledWatch.closedClient();
		}
		String message = "Watch progress failed: no answer within " + timeout.toMillis() + " ms";
		return new EtcdTimeoutException(
				new FailureDetails(message, null, StatusCode.DEADLINE_EXCEEDED, Outcome.NOT_APPLIED, true, null, 1),
				null);
	}

	private void add(Watcher watcher, CompletableFuture<Long> asked) {
		if (asked.isDone()) {
			return;
		}
		if (watcher.state() == WatcherState.ENDED) {
			fail(asked, watcher.ended());
			return;
		}
		this.waiting.add(new Request(watcher, asked));
		if (!this.asking) {
			askAll();
		}
	}

	private void askAll() {
		this.asking = !this.waiting.isEmpty();
		if (this.asking) {
			if (this.waiting.stream().anyMatch((request) -> request.mark == 0 && request.watcher.isWhole())) {
				this.question.run();
				forgetDropped();
				this.askedNanos.add(this.channel.ticker().nanoTime());
			}
			this.channel.scheduler().schedule(() -> this.context.execute(this::askAll), INTERVAL);
		}
	}

	/**
	 * Returns the number of the last answer that may be older than a watch created now.
	 */
	long lastEarlierAnswer() {
		forgetDropped();
		return this.answers + this.askedNanos.size();
	}

	private void forgetDropped() {
		long now = this.channel.ticker().nanoTime();
		this.askedNanos.removeIf((asked) -> now - asked > ANSWER_TIME.toNanos());
	}

	/**
	 * Takes the word that all watches of the stream have what there is up to a revision.
	 * Who waits is told when the listener has been.
	 */
	void answered(long revision) {
		this.askedNanos.poll();
		this.answers++;
		long mark = ++this.marks;
		Set<Watcher> meant = new LinkedHashSet<>();
		for (Request request : this.waiting) {
			Watcher watcher = request.watcher;
			if (request.mark == 0 && watcher.isWhole() && isMeant(watcher, revision)) {
				request.mark = mark;
				request.revision = revision;
				meant.add(watcher);
			}
		}
		meant.forEach((watcher) -> watcher.mark(() -> this.context.execute(() -> told(watcher, mark))));
	}

	/** Takes the word that a listener has been told what came before a mark. */
	private void told(Watcher watcher, long mark) {
		this.waiting.removeIf((request) -> {
			boolean over = request.watcher == watcher && request.mark != 0 && request.mark <= mark;
			if (over) {
				this.channel.callbacks().execute(() -> request.asked.complete(request.revision));
			}
			return over;
		});
	}

	/**
	 * Whether an answer speaks of a watch: it is newer than the watch by its revision, or
	 * by its number.
	 */
	private boolean isMeant(Watcher watcher, long revision) {
		return revision > watcher.createdRevision() || this.answers > watcher.lastEarlierAnswer();
	}

	/** No question that was asked on the stream will be answered. */
	void streamLost() {
		this.askedNanos.clear();
	}

	/** Takes the end of a watch. */
	void ended(Watcher watcher) {
		this.waiting.removeIf((request) -> {
			boolean over = request.watcher == watcher;
			if (over) {
				fail(request.asked, watcher.ended());
			}
			return over;
		});
	}

	private void fail(CompletableFuture<Long> asked, EtcdException failure) {
		this.channel.callbacks().execute(() -> asked.completeExceptionally(failure));
	}

	/** One who waits. */
	private static final class Request {

		private final Watcher watcher;

		private final CompletableFuture<Long> asked;

		/** The number of the answer, 0 before it comes. */
		private long mark;

		private long revision;

		Request(Watcher watcher, CompletableFuture<Long> asked) {
			this.watcher = watcher;
			this.asked = asked;
		}

	}

}
