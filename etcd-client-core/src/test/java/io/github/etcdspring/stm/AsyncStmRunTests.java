/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StmConflictException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.grpc.Status;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the asynchronous form of {@link Stm}.
 */
class AsyncStmRunTests {

	private static final ByteSequence A = ByteSequence.of("a");

	private static final ByteSequence B = ByteSequence.of("b");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@AutoClose("shutdownNow")
	private final ExecutorService callbacks = Executors.newSingleThreadExecutor((task) -> new Thread(task, "user"));

	private final AtomicInteger attempts = new AtomicInteger();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private EtcdClient client;

	private Stm stm;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.client = this.cluster.client((options) -> options.callbackExecutor(this.callbacks), this.member);
		this.stm = Stm.of(this.client);
	}

	private String readAndPut(StmTransaction transaction) {
		this.attempts.incrementAndGet();
		transaction.get(A);
		transaction.put(A, B);
		return Thread.currentThread().getName();
	}

	@Test
	void runsTheBodyOnTheOneThreadOfTheUsersExecutor() {
		this.member.txn().thenAnswer(Wire.conflict(130, Wire.found(0))).thenAnswer(Wire.committed(201));

		assertThat(resultOf(this.stm.runAsync(this::readAndPut))).isEqualTo(new StmResult<>("user", 201));

		assertThat(this.attempts).hasValue(2);
		assertThat(Wire.reads(this.member)).containsExactly("get a");
	}

	@Test
	void endsThoughMoreBodiesReadThanThereAreThreads() {
		this.member.txn().otherwise((call) -> call.answer(Wire.committed(201)));
		Stm stm = Stm.of(this.cluster.client(this.member));

		CompletableFuture<?>[] runs = IntStream.range(0, 100)
			.mapToObj((i) -> stm.runAsync(this::readAndPut))
			.toArray(CompletableFuture[]::new);

		resultOf(CompletableFuture.allOf(runs));
		assertThat(this.attempts).hasValue(100);
	}

	@Test
	void needsNoCommitWhenThereIsNothingToGuard() {
		assertThat(resultOf(this.stm.runAsync((txn) -> "value"))).isEqualTo(new StmResult<>("value", 0));

		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void failsWithWhatTheBodyThrows() {
		IOException aborted = new IOException("aborted");
		Error broken = new AssertionError("broken");

		assertThat(failureOf(this.stm.runAsync((txn) -> {
			throw aborted;
		}))).isSameAs(aborted);
		assertThat(failureOf(this.stm.runAsync((txn) -> {
			throw broken;
		}))).isSameAs(broken);
		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void beginsAnewWhenItsRevisionIsCompacted() {
		this.member.range().thenAnswer(Wire.found(100)).thenFail(Wire.COMPACTED);
		this.member.txn().thenAnswer(Wire.committed(201));

		resultOf(this.stm.runAsync((txn) -> {
			txn.get(B);
			return readAndPut(txn);
		}));

		assertThat(Wire.reads(this.member)).containsExactly("get b", "get a @100 serializable", "get b",
				"get a @100 serializable");
	}

	@Test
	void isGivenUpAfterTheLastAttempt() {
		this.member.txn().otherwise((call) -> call.answer(Wire.conflict(130, Wire.found(0))));

		Throwable failure = failureOf(
				Stm.of(this.client, StmOptions.defaults().withMaxAttempts(3)).runAsync(this::readAndPut));

		assertThat(failure).isInstanceOf(StmConflictException.class);
		assertThat(this.attempts).hasValue(3);
	}

	@Test
	void doesNotRepeatACommitThatMayHaveBeenApplied() {
		this.member.txn().thenFail(Status.UNAVAILABLE);

		assertThat(failureOf(this.stm.runAsync(this::readAndPut))).isInstanceOfSatisfying(EtcdException.class,
				(failure) -> assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN));

		assertThat(this.member.txn().count()).isEqualTo(1);
	}

	@Test
	void validatesAgainWhenNoMemberAnswersAndNothingIsWritten() {
		this.member.txn().thenFail(Status.UNAVAILABLE).thenAnswer(Wire.committed(201));

		Stm repeatable = Stm.of(this.client, StmOptions.defaults().withIsolation(IsolationLevel.REPEATABLE_READS));
		assertThat(resultOf(repeatable.runAsync((txn) -> txn.get(A))).revision()).isEqualTo(201);
	}

	@Test
	void cancelsTheCommitWhenItIsCancelled() {
		this.member.txn().thenHold();
		CompletableFuture<StmResult<String>> run = this.stm.runAsync(this::readAndPut);
		var commit = this.member.txn().awaitCall(0);

		run.cancel(false);

		await().until(commit::isCancelled);
		assertThat(this.attempts).hasValue(1);
	}

	@Test
	void makesNoFurtherAttemptWhenItIsCancelledInAPause() {
		Stm stm = Stm.of(this.cluster.client(this.clock, this.member));
		this.member.txn().otherwise((call) -> call.answer(Wire.conflict(130, Wire.found(0))));
		CompletableFuture<StmResult<String>> run = stm.runAsync(this::readAndPut);
		Duration longest = Duration.ofMillis(480);
		this.clock.awaitDelays(1, longest);
		int tasks = this.clock.pendingTasks();

		run.cancel(false);

		await().until(() -> this.clock.pendingTasks() < tasks);
		assertThat(this.attempts).hasValue(2);
	}

	@Test
	void refusesTheHandleOfABodyThatNobodyWaitsFor() {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch cancelled = new CountDownLatch(1);
		AtomicReference<Throwable> thrown = new AtomicReference<>();
		CompletableFuture<StmResult<String>> run = this.stm.runAsync((txn) -> {
			begun.countDown();
			cancelled.await();
			thrown.set(catchThrowable(() -> txn.put(A, B)));
			return "ignored";
		});
		await().until(() -> begun.getCount() == 0);

		run.cancel(false);
		cancelled.countDown();

		await().until(() -> thrown.get() != null);
		assertThat(thrown.get()).isInstanceOf(EtcdCancelledException.class);
		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void failsWhenTheClientIsClosedInAPause() {
		EtcdClient client = this.cluster.client(this.clock, this.member);
		this.member.txn().otherwise((call) -> call.answer(Wire.conflict(130, Wire.found(0))));
		CompletableFuture<StmResult<String>> run = Stm.of(client).runAsync(this::readAndPut);
		this.clock.awaitDelays(1, Duration.ofMillis(480));

		client.close();

		assertThat(failureOf(run)).isInstanceOf(EtcdClosedException.class);
	}

}
