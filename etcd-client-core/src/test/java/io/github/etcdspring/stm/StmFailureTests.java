/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.StmConflictException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Stm}: revisions that are gone, conflicts without end, members that
 * fail, interrupts, and handles in the wrong hands.
 */
class StmFailureTests {

	private static final ByteSequence A = ByteSequence.of("a");

	private static final ByteSequence B = ByteSequence.of("b");

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(480);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final AtomicInteger attempts = new AtomicInteger();

	private ScriptedEtcd member;

	private EtcdClient client;

	private Stm stm;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.member);
		this.stm = Stm.of(this.client);
	}

	/** Where also what writes nothing is validated. */
	private Stm repeatable(int maxAttempts) {
		return Stm.of(this.client,
				StmOptions.defaults().withIsolation(IsolationLevel.REPEATABLE_READS).withMaxAttempts(maxAttempts));
	}

	private List<Optional<ByteSequence>> readBoth(StmTransaction transaction) {
		this.attempts.incrementAndGet();
		return List.of(transaction.get(A), transaction.get(B));
	}

	private Object readBothAndPut(StmTransaction transaction) {
		Object found = readBoth(transaction);
		transaction.put(A, B);
		return found;
	}

	private Object putA(StmTransaction transaction) {
		this.attempts.incrementAndGet();
		transaction.put(A, B);
		return A;
	}

	@Test
	void beginsAnewWhenItsRevisionIsCompacted() {
		this.member.range()
			.thenAnswer(Wire.found(100))
			.thenFail(Wire.COMPACTED)
			.thenAnswer(Wire.found(150))
			.thenAnswer(Wire.found(160));

		this.stm.run(this::readBoth);

		assertThat(this.attempts).hasValue(2);
		assertThat(Wire.reads(this.member)).containsExactly("get a", "get b @100 serializable", "get a",
				"get b @150 serializable");
	}

	@Test
	void beginsAnewWhateverTheBodyMakesOfTheCompaction() {
		this.member.range()
			.thenAnswer(Wire.found(100))
			.thenFail(Wire.COMPACTED)
			.thenAnswer(Wire.found(100))
			.thenFail(Wire.COMPACTED);

		String made = this.stm.run((txn) -> {
			try {
				readBoth(txn);
			}
			catch (CompactedException ex) {
				if (this.attempts.get() == 1) {
					throw new IllegalStateException("the body's own", ex);
				}
				return "something";
			}
			return "all";
		}).value();

		assertThat(made).isEqualTo("all");
		assertThat(this.attempts).hasValue(3);
	}

	@Test
	void asksAgainWhenTheMemberLagsBehindItsRevision() {
		this.member.range().thenAnswer(Wire.found(100)).thenFail(Wire.FUTURE).thenAnswer(Wire.found(100));

		this.stm.run(this::readBoth);

		assertThat(this.attempts).hasValue(1);
		assertThat(Wire.reads(this.member)).containsExactly("get a", "get b @100 serializable", "get b @100");
	}

	@Test
	void beginsAnewWhenNoMemberHasItsRevisionAnyMore() {
		this.member.range().thenAnswer(Wire.found(100)).thenFail(Wire.FUTURE).thenFail(Wire.FUTURE);

		this.stm.run(this::readBoth);

		assertThat(this.attempts).hasValue(2);
	}

	@Test
	void isGivenUpAfterTheLastAttempt() {
		FakeClock clock = new FakeClock();
		Backoff backoff = new Backoff(Duration.ofMillis(10), 3, Duration.ofMillis(320), 0);
		Stm stm = Stm.of(this.cluster.client(clock, this.member),
				StmOptions.defaults().withMaxAttempts(6).withBackoff(backoff));
		this.member.txn().otherwise((call) -> call.answer(Wire.conflict(130, Wire.found(0), Wire.found(0))));
		CompletableFuture<Throwable> run = CompletableFuture
			.supplyAsync(() -> catchThrowable(() -> stm.run(this::readBothAndPut)));

		clock.passDelaysUntil(run::isDone, LONGEST_PAUSE);

		assertThat(resultOf(run)).isInstanceOfSatisfying(StmConflictException.class, (conflict) -> {
			assertThat(conflict).hasMessage("transaction not committed: others wrote its keys first "
					+ "[ABORTED, outcome NOT_APPLIED, 6 attempts]");
			assertThat(conflict.attempts()).isEqualTo(6);
			assertThat(conflict.code()).isEqualTo(StatusCode.ABORTED);
			assertThat(conflict.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			assertThat(conflict.isRetryable()).isTrue();
		});
		assertThat(this.attempts).hasValue(6);
		assertThat(clock.delaysUpTo(LONGEST_PAUSE)).containsExactly(Duration.ofMillis(10), Duration.ofMillis(30));
	}

	@Test
	void isGivenUpWhenEveryRevisionIsCompacted() {
		this.member.range().otherwise((call) -> {
			if (call.request().getRevision() == 0) {
				call.answer(Wire.found(100));
			}
			else {
				call.fail(Wire.COMPACTED);
			}
		});

		assertThatExceptionOfType(StmConflictException.class)
			.isThrownBy(() -> Stm.of(this.client, StmOptions.defaults().withMaxAttempts(2)).run(this::readBoth))
			.satisfies((conflict) -> assertThat(conflict.attempts()).isEqualTo(2));
		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void doesNotRepeatACommitThatMayHaveBeenApplied() {
		this.member.txn().thenFail(Status.UNAVAILABLE);

		assertThatExceptionOfType(EtcdUnavailableException.class).isThrownBy(() -> this.stm.run(this::putA))
			.satisfies((failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));

		assertThat(this.attempts).hasValue(1);
		assertThat(this.member.txn().count()).isEqualTo(1);
	}

	@Test
	void saysOfAReadThatFailedThatNothingWasWritten() {
		this.member.range().thenHold();
		Stm impatient = Stm.of(this.client.withTimeout(Duration.ofMillis(100)));

		assertThatExceptionOfType(EtcdTimeoutException.class).isThrownBy(() -> impatient.run(this::readBoth))
			.satisfies((failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED));
	}

	@Test
	void failsWithItsReadThoughTheBodyGoesOn() {
		this.member.range().thenFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
		AtomicReference<Throwable> second = new AtomicReference<>();

		assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> this.stm.run((txn) -> {
			EtcdException first = catchThrowableOfType(EtcdException.class, () -> txn.get(A));
			second.set(catchThrowable(() -> txn.put(A, B)));
			return first;
		})).satisfies((failure) -> assertThat(second).hasValue(failure));

		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void readsOneKeyAfterTheOtherWhenNoMemberAnswersForSeveral() {
		this.member.txn().thenFail(Status.UNAVAILABLE);

		this.stm.run((txn) -> txn.getAll(List.of(A, B)));

		assertThat(Wire.reads(this.member)).containsExactly("get a", "get b @100 serializable");
	}

	@Test
	void validatesAgainWhenNoMemberAnswersAndNothingIsWritten() {
		this.member.txn().thenFail(Status.UNAVAILABLE).thenAnswer(Wire.committed(201));

		assertThat(repeatable(32).run(this::readBoth).revision()).isEqualTo(201);

		assertThat(this.attempts).hasValue(2);
	}

	@Test
	void saysWhyWhenItCannotValidate() {
		this.member.txn().otherwiseFail(Status.UNAVAILABLE);

		assertThatExceptionOfType(EtcdUnavailableException.class).isThrownBy(() -> repeatable(2).run(this::readBoth))
			.satisfies((failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED));
		assertThat(this.attempts).hasValue(2);
	}

	@Test
	void endsItsReadWhenTheThreadIsInterrupted() {
		this.member.range().thenHold();

		Throwable thrown = interruptedIn(() -> this.member.range().count() == 1, this.stm, this::readBoth);

		assertThat(thrown).isInstanceOfSatisfying(EtcdCancelledException.class,
				(cancelled) -> assertThat(cancelled.outcome()).isEqualTo(Outcome.NOT_APPLIED));
		await().until(this.member.range().awaitCall(0)::isCancelled);
	}

	@Test
	void endsItsCommitWhenTheThreadIsInterrupted() {
		this.member.txn().thenHold();

		Throwable thrown = interruptedIn(() -> this.member.txn().count() == 1, this.stm, this::putA);

		assertThat(thrown).isInstanceOfSatisfying(EtcdCancelledException.class,
				(cancelled) -> assertThat(cancelled.outcome()).isEqualTo(Outcome.UNKNOWN));
		await().until(this.member.txn().awaitCall(0)::isCancelled);
	}

	@Test
	void endsItsPauseWhenTheThreadIsInterrupted() {
		FakeClock clock = new FakeClock();
		EtcdClient client = this.cluster.client(clock, this.member);
		this.member.txn().thenAnswer(Wire.conflict(130)).thenAnswer(Wire.conflict(131));

		Throwable thrown = interruptedIn(() -> !clock.delaysUpTo(LONGEST_PAUSE).isEmpty(), Stm.of(client), this::putA);

		assertThat(thrown).isInstanceOfSatisfying(EtcdCancelledException.class,
				(cancelled) -> assertThat(cancelled.outcome()).isEqualTo(Outcome.NOT_APPLIED));
		assertThat(this.attempts).hasValue(2);
	}

	/** Interrupts a run at some point, and returns what it throws then. */
	private static Throwable interruptedIn(Callable<Boolean> point, Stm stm, StmBody<?, RuntimeException> body) {
		CompletableFuture<Throwable> thrown = new CompletableFuture<>();
		AtomicReference<Boolean> flag = new AtomicReference<>(false);
		Thread runner = new Thread(() -> {
			Throwable failure = catchThrowable(() -> stm.run(body));
			flag.set(Thread.currentThread().isInterrupted());
			thrown.complete(failure);
		});
		runner.start();
		await().until(point);

		runner.interrupt();

		Throwable failure = resultOf(thrown);
		assertThat(flag).hasValue(true);
		return failure;
	}

	@Test
	void refusesAHandleAfterItsBody() {
		AtomicReference<StmTransaction> kept = new AtomicReference<>();
		this.stm.run((txn) -> {
			kept.set(txn);
			return "done";
		});

		assertThatIllegalStateException().isThrownBy(() -> kept.get().get(A))
			.withMessage("transaction used after its body has ended");
		assertThatIllegalStateException().isThrownBy(() -> kept.get().put(A, B));
		assertThatIllegalStateException().isThrownBy(() -> kept.get().delete(A));
		assertThatIllegalStateException().isThrownBy(() -> kept.get().revision(A));
	}

	@Test
	void refusesAHandleInAnotherThread() {
		Throwable thrown = this.stm
			.run((txn) -> resultOf(CompletableFuture.supplyAsync(() -> catchThrowable(() -> txn.get(A)))))
			.value();

		assertThat(thrown).isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("(expected: that of its body, " + Thread.currentThread().getName() + ")");
	}

}
