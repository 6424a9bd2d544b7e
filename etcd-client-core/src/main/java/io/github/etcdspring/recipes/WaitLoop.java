/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.EventWait;
import io.github.etcdspring.internal.Failures;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * Looks at keys, which changes nothing, and again after each step that follows, until
 * there is a result. One step at a time, where the library's own steps are made or a call
 * ends; none blocks. A watch ends with the wait it is for; when it ends by itself, the
 * next look tells why.
 *
 * @param <A> what a look finds
 * @param <T> the result
 */
final class WaitLoop<A, T> {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(1), 0.5);

	private final EtcdClient client;

	private final Supplier<CompletableFuture<A>> look;

	private final Function<A, Step<T>> next;

	/** Whether a failure that may pass is waited out. */
	private final boolean patient;

	private final CompletableFuture<T> result = new CompletableFuture<>();

	// the fields below: written by one step at a time

	private volatile @Nullable CompletableFuture<?> call;

	private volatile @Nullable EventWait wait;

	private volatile int failures;

	/** Whether something was done, or may have been, that may be done twice. */
	private volatile boolean acted;

	private WaitLoop(EtcdClient client, Supplier<CompletableFuture<A>> look, Function<A, Step<T>> next,
			boolean patient) {
		this.client = client;
		this.look = look;
		this.next = next;
		this.patient = patient;
	}

	/**
	 * Returns the result of a loop that goes on for as long as it takes.
	 * @param client the view for the library's own steps
	 */
	static <A, T> CompletableFuture<T> patient(EtcdClient client, Supplier<CompletableFuture<A>> look,
			Function<A, Step<T>> next) {
		return new WaitLoop<>(client, look, next, true).start();
	}

	/**
	 * Returns the result of a loop that fails with the first of its calls that does.
	 * @param client the view for the library's own steps
	 */
	static <A, T> CompletableFuture<T> impatient(EtcdClient client, Supplier<CompletableFuture<A>> look,
			Function<A, Step<T>> next) {
		return new WaitLoop<>(client, look, next, false).start();
	}

	private CompletableFuture<T> start() {
		this.result.whenComplete((value, failure) -> stop());
		look();
		return HandedOff.of(this.result, OwnSteps.usersOf(this.client), (late) -> {
		});
	}

	private void look() {
		make(this.look.get(), (found) -> {
			go(this.next.apply(found));
			return Optional.empty();
		}, this::lookFailed);
	}

	private void go(Step<T> step) {
		if (step instanceof Step.Done<T> done) {
			this.result.complete(done.result());
		}
		else if (step instanceof Step.Await<T> await) {
			await(await.range(), await.awaited());
		}
		else if (step instanceof Step.Act<?, T> act) {
			act(act);
		}
		else if (step instanceof Step.ActOnce<?, T> act) {
			actOnce(act);
		}
	}

	private <B> void act(Step.Act<B, T> act) {
		make(act.call().get(), (answer) -> {
			this.acted = true;
			return concluded(act.result().apply(answer));
		}, this::actFailed);
	}

	private <B> void actOnce(Step.ActOnce<B, T> act) {
		make(act.call().get(), (answer) -> concluded(act.result().apply(answer)), this::actOnceFailed);
	}

	private Optional<T> concluded(Optional<T> value) {
		this.failures = 0;
		if (value.isEmpty()) {
			look();
		}
		return value;
	}

	private <B> void make(CompletableFuture<B> call, Function<B, Optional<T>> continuation,
			Consumer<Throwable> failed) {
		this.call = call;
		if (this.result.isDone()) {
			call.cancel(true);
			return;
		}
		call.whenComplete((answer, failure) -> {
			if (failure != null) {
				failed.accept(failure);
			}
			else if (!this.result.isDone()) {
				goOn(answer, continuation);
			}
		});
	}

	private <B> void goOn(B answer, Function<B, Optional<T>> continuation) {
		try {
			continuation.apply(answer).ifPresent(this.result::complete);
		}
		catch (RuntimeException ex) {
			// what the keys hold makes no sense: whoever waits is told
			this.result.completeExceptionally(ex);
		}
	}

	/** A look changes nothing, whatever became of it. */
	private void lookFailed(Throwable failure) {
		boolean nothingApplied = failure instanceof EtcdException && !this.acted;
		again(nothingApplied ? ((EtcdException) failure).withOutcome(Outcome.NOT_APPLIED) : failure);
	}

	private void actFailed(Throwable failure) {
		this.acted |= Failures.isUnknown(failure);
		again(failure);
	}

	private void actOnceFailed(Throwable failure) {
		if (Failures.isUnknown(failure)) {
			this.result.completeExceptionally(failure);
		}
		else {
			again(failure);
		}
	}

	private void again(Throwable failure) {
		if (this.patient && mayPass(failure)) {
			lookLater();
		}
		else {
			this.result.completeExceptionally(failure);
		}
	}

	private void lookLater() {
		if (!this.result.isDone()) {
			int failures = this.failures + 1;
			this.failures = failures;
			OwnSteps.later(this.client, this::look, BACKOFF.delay(failures));
		}
	}

	private static boolean mayPass(Throwable failure) {
		return failure instanceof EtcdException etcd && etcd.isRetryable();
	}

	private void await(WatchRequest range, Predicate<WatchEvent> awaited) {
		EventWait wait = new EventWait(awaited, this::seen, this::lookLater);
		this.wait = wait;
		wait.open(this.client.watch(), range);
		if (this.result.isDone()) {
			wait.close();
		}
	}

	private void seen() {
		this.failures = 0;
		look();
	}

	private void stop() {
		EventWait wait = this.wait;
		if (wait != null) {
			wait.close();
		}
		CompletableFuture<?> call = this.call;
		if (call != null) {
			call.cancel(true);
		}
	}

}
