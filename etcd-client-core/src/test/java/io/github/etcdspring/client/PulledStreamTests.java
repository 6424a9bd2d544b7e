/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link PulledStream}.
 */
class PulledStreamTests {

	private final Source source = new Source();

	private final Stream<String> stream = PulledStream.of(this.source, 2);

	@Test
	void subscribesWhenTheFirstItemIsAskedFor() {
		Iterator<String> items = this.stream.iterator();
		assertThat(this.source.subscriptions).hasValue(0);
		this.source.answers = List.of("a", "b", "c");

		assertThat(items.next()).isEqualTo("a");

		assertThat(this.source.subscriptions).hasValue(1);
		assertThat(this.source.sent).hasValue(3);
		assertThat(items).toIterable().containsExactly("b", "c");
	}

	@Test
	void holdsNoMoreThanAFewItemsAhead() {
		this.source.answers = List.of("a", "b", "c", "d", "e", "f");
		Iterator<String> items = this.stream.iterator();

		items.next();
		items.next();

		assertThat(this.source.sent).hasValue(4);
	}

	@Test
	void cancelsTheSubscriptionWhenItIsClosed() {
		this.source.answers = List.of("a", "b", "c", "d");

		try (Stream<String> items = this.stream) {
			assertThat(items.limit(1)).containsExactly("a");
		}

		assertThat(this.source.cancelled).isTrue();
	}

	@Test
	void doesNotSubscribeWhenItIsClosedUnread() {
		this.stream.close();

		assertThat(this.source.subscriptions).hasValue(0);
	}

	@Test
	void throwsTheFailureItselfWithTheStackTraceOfTheReader() {
		EtcdException failure = new EtcdClosedException(
				new FailureDetails("closed", null, StatusCode.CANCELLED, Outcome.NOT_APPLIED, false, null, 1), null);
		this.source.answers = List.of("a");
		this.source.failure = failure;
		Iterator<String> items = this.stream.iterator();
		items.next();

		assertThatExceptionOfType(EtcdClosedException.class).isThrownBy(items::hasNext)
			.withMessage(failure.getMessage())
			.satisfies((thrown) -> assertThat(thrown.getStackTrace())
				.anySatisfy((frame) -> assertThat(frame.getClassName()).isEqualTo(PulledStreamTests.class.getName())));
		assertThatExceptionOfType(EtcdClosedException.class).isThrownBy(items::hasNext);
	}

	@Test
	void throwsCancelledAndKeepsTheFlagWhenTheReaderIsInterrupted() {
		CompletableFuture<Boolean> flag = new CompletableFuture<>();
		CompletableFuture<Void> read = new CompletableFuture<>();
		Thread reader = new Thread(() -> {
			try {
				this.stream.forEach((item) -> {
				});
			}
			catch (EtcdCancelledException ex) {
				flag.complete(Thread.currentThread().isInterrupted());
				read.completeExceptionally(ex);
			}
		});
		reader.start();
		await().until(() -> this.source.subscriptions.get() == 1);

		reader.interrupt();

		assertThat(failureOf(read)).hasMessageStartingWith("the thread was interrupted while it waited");
		assertThat(resultOf(flag)).isTrue();
		assertThat(this.source.cancelled).isTrue();
	}

	@Test
	void wakesAReaderWhenAnotherThreadClosesIt() {
		CountDownLatch reading = new CountDownLatch(1);
		CompletableFuture<?> read = CompletableFuture.runAsync(() -> {
			reading.countDown();
			this.stream.forEach((item) -> {
			});
		});
		await().until(() -> this.source.subscriptions.get() == 1);

		this.stream.close();

		assertThat(failureOf(read)).isInstanceOf(EtcdCancelledException.class)
			.hasMessageStartingWith("the stream is closed");
		assertThat(this.source.cancelled).isTrue();
	}

	/** Answers at once what it is asked for, then ends if it has a failure or is told. */
	private static final class Source implements Subscribable<String> {

		private volatile List<String> answers = List.of();

		private volatile @Nullable Throwable failure;

		private final AtomicInteger subscriptions = new AtomicInteger();

		private final AtomicInteger sent = new AtomicInteger();

		private volatile boolean cancelled;

		@Override
		public void subscribe(Flow.Subscriber<? super String> subscriber) {
			throw new AssertionError("expected: the executor is chosen");
		}

		@Override
		public void subscribe(Flow.Subscriber<? super String> subscriber, Executor executor) {
			this.subscriptions.incrementAndGet();
			executor.execute(() -> subscriber.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long n) {
					long wanted = n;
					while (wanted > 0 && Source.this.sent.get() < Source.this.answers.size()) {
						wanted--;
						subscriber.onNext(Source.this.answers.get(Source.this.sent.getAndIncrement()));
					}
					end(subscriber);
				}

				@Override
				public void cancel() {
					Source.this.cancelled = true;
				}

			}));
		}

		private void end(Flow.Subscriber<? super String> subscriber) {
			boolean all = this.sent.get() == this.answers.size() && this.sent.get() > 0;
			Throwable failure = this.failure;
			if (all && failure != null) {
				subscriber.onError(failure);
			}
			else if (all) {
				subscriber.onComplete();
			}
		}

	}

}
