/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.session.Contender;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;

/**
 * A barrier that a number of parties pass together, and leave together, in the key layout
 * of Go's {@code recipes.DoubleBarrier}, so that Go programs take part. Each party has a
 * key attached to its session's lease, the name, {@code /waiters/} and the nanoseconds
 * since 1970 in decimal; the one that makes the number full writes the key {@code /ready}
 * below the name, and the last one that leaves deletes it.
 * <p>
 * <strong>Not guaranteed</strong>: that all parties are there when one goes on. A party
 * whose lease is lost has left, as far as the others can see, and one that is paused may
 * not know it. All must be given the same number. The barrier is to be entered again only
 * when all have left: who comes too early is turned away, or waited for by those who
 * leave. Thread-safe.
 */
public final class EtcdDoubleBarrier {

	/** As many names are read by whoever enters. */
	private static final int MOST_PARTIES = 1000;

	private final Session session;

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final ByteSequence name;

	private final int parties;

	private final Contender contender;

	private EtcdDoubleBarrier(Session session, ByteSequence name, int parties) {
		this.session = session;
		this.client = OwnSteps.of(session.client());
		this.name = name;
		this.parties = parties;
		ByteSequence waiters = name.concat("/waiters/");
		this.contender = new Contender(() -> waiters.concat(UnixNanos.system().next()), KeyRange.prefix(waiters),
				parties);
	}

	/**
	 * Returns the barrier of a name.
	 * @param session whose lease the parties' keys are attached to
	 * @param name the key that all keys are put under, without {@code /} at its end: what
	 * Go's {@code NewDoubleBarrier} is given
	 * @param parties how many pass together, 1 to 1000; the same for all
	 * @return the barrier
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}, or
	 * the number is out of its range
	 */
	public static EtcdDoubleBarrier of(Session session, String name, int parties) {
		if (parties < 1 || parties > MOST_PARTIES) {
			throw new IllegalArgumentException("parties: " + parties + " (expected: 1 to " + MOST_PARTIES + ")");
		}
		return new EtcdDoubleBarrier(session, RecipeName.checked("barrier", name), parties);
	}

	/**
	 * Waits until all parties are there, for as long as it takes.
	 * @return what to leave with
	 * @throws InterruptedException if this thread is interrupted; the key is deleted
	 * @throws EtcdRequestException if as many parties are there already
	 * @throws LeaseLostException if the lease, or the key, was lost meanwhile
	 * @throws EtcdException if etcd refused, or the session has no lease and the next try
	 * at granting one failed
	 */
	public Attendance enter() throws InterruptedException {
		return BlockingCall.await(enterAsync(), Attendance::giveUp);
	}

	/**
	 * Waits until all parties are there: the asynchronous form of {@link #enter()}.
	 * @return a future that completes on the client's callback executor; when it is
	 * cancelled the key is deleted
	 */
	public CompletableFuture<Attendance> enterAsync() {
		CompletableFuture<Attendance> entered = new CompletableFuture<>();
		CompletableFuture<?> cleared = new CompletableFuture<>();
		CompletableFuture<Optional<Ownership>> admission = HandedOff.direct(this.contender.tryEnter(this.session));
		admission.whenComplete((place, failure) -> {
			if (failure != null) {
				entered.completeExceptionally(failure);
				HandedOff.cleared(admission).whenComplete((done, refusal) -> cleared.complete(null));
			}
			else if (place.isEmpty()) {
				cleared.complete(null);
				entered.completeExceptionally(full());
			}
			else {
				awaitOthers(place.get(), entered, cleared);
			}
		});
		entered.whenComplete((attendance, failure) -> admission.cancel(false));
		return HandedOff.of(entered, Function.identity(), this.session.client().callbackExecutor(), Attendance::giveUp,
				cleared);
	}

	private void awaitOthers(Ownership place, CompletableFuture<Attendance> entered, CompletableFuture<?> cleared) {
		Gathering gathering = new Gathering(this.client, this.name, place, this.parties);
		CompletableFuture<Attendance> gathered = HandedOff
			.direct(WaitLoop.patient(this.client, gathering::look, gathering::next));
		HandedOff.direct(place.lost())
			.thenAccept((reason) -> gathered.completeExceptionally(new LeaseLostException(
					FailureDetails.local("lost the lease while waiting at the barrier " + this.name + ": " + reason,
							StatusCode.FAILED_PRECONDITION),
					null)));
		gathered.whenComplete((attendance, failure) -> {
			boolean told = (failure != null) ? entered.completeExceptionally(failure) : entered.complete(attendance);
			if (failure != null || !told) {
				HandedOff.direct(place.releaseAsync()).whenComplete((deleted, refusal) -> cleared.complete(null));
			}
		});
		entered.whenComplete((attendance, failure) -> gathered.cancel(false));
	}

	private EtcdRequestException full() {
		return new EtcdRequestException(
				FailureDetails.local("the barrier " + this.name + " has its " + this.parties + " parties already",
						StatusCode.FAILED_PRECONDITION),
				null);
	}

	/**
	 * Waits until all parties are there, for a time.
	 * @param wait how long
	 * @return what to leave with; empty if the time was up before, and the key is deleted
	 * @throws InterruptedException if this thread is interrupted; the key is deleted
	 * @throws EtcdException as {@link #enter()}
	 */
	public Optional<Attendance> enter(Duration wait) throws InterruptedException {
		return BlockingCall.await(enterAsync(wait), (late) -> late.ifPresent(Attendance::giveUp));
	}

	/**
	 * Waits until all parties are there, for a time: the asynchronous form of
	 * {@link #enter(Duration)}.
	 * @param wait how long
	 * @return what to leave with; empty if the time was up before
	 */
	public CompletableFuture<Optional<Attendance>> enterAsync(Duration wait) {
		return TimedWait.of(this.client, enterAsync(), wait.isNegative() ? Duration.ZERO : wait, Attendance::giveUp);
	}

	/** Names the key and the number of parties. */
	@Override
	public String toString() {
		return "EtcdDoubleBarrier[" + this.name + ", " + this.parties + " parties]";
	}

}
