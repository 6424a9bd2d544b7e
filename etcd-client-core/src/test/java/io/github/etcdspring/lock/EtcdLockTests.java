/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.lock;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.session.Session;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdLock}: waits that are given up, answers that are lost.
 */
class EtcdLockTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private QueueStore store;

	private EtcdLock lock;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member);
		EtcdClient client = this.cluster.client(this.member);
		Session session = this.cluster.session(client, Duration.ofSeconds(60));
		this.lock = EtcdLock.of(session, "lock");
	}

	@Test
	void leavesTheQueueWhenItsTimeIsUpWhileTheTransactionIsUnderWay() throws Exception {
		this.member.txn().thenHold();

		assertThat(this.lock.tryLock(500, TimeUnit.MILLISECONDS)).isFalse();

		var held = this.member.txn().awaitCall(0);
		held.answer(this.store.commit(held.request()));
		this.member.txn().awaitCall(1);
		await().until(() -> this.store.keys().isEmpty());
		assertThat(this.lock.tryLock(5, TimeUnit.SECONDS)).isTrue();
		assertThat(this.lock.isHeldByCurrentThread()).isTrue();
	}

	@Test
	void leavesTheQueueWhenTheThreadIsInterruptedWhileTheTransactionIsUnderWay() throws Exception {
		this.member.txn().thenHold();
		CompletableFuture<Throwable> thrown = new CompletableFuture<>();
		Thread waiter = new Thread(() -> {
			try {
				this.lock.lockInterruptibly();
			}
			catch (InterruptedException ex) {
				thrown.complete(ex);
			}
		});
		waiter.start();
		var held = this.member.txn().awaitCall(0);

		waiter.interrupt();

		assertThat(thrown.get(5, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
		held.answer(this.store.commit(held.request()));
		this.member.txn().awaitCall(1);
		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void isTakenByAThreadThatIsInterruptedWhileItTries() throws Exception {
		this.member.txn().thenHold();
		CompletableFuture<Boolean> taken = new CompletableFuture<>();
		CompletableFuture<Boolean> flag = new CompletableFuture<>();
		Thread trier = new Thread(() -> {
			taken.complete(this.lock.tryLock());
			flag.complete(Thread.currentThread().isInterrupted());
		});
		trier.start();
		var held = this.member.txn().awaitCall(0);

		trier.interrupt();
		held.answer(this.store.commit(held.request()));

		assertThat(taken.get(5, TimeUnit.SECONDS)).isTrue();
		assertThat(flag.get(5, TimeUnit.SECONDS)).isTrue();
		assertThat(this.lock.isHeld()).isTrue();
	}

	@Test
	void isTakenByAThreadThatWasInterruptedBeforeItTries() {
		Thread.currentThread().interrupt();

		boolean taken = this.lock.tryLock();

		assertThat(Thread.interrupted()).isTrue();
		assertThat(taken).isTrue();
		assertThat(this.lock.isHeldByCurrentThread()).isTrue();
	}

	@Test
	void isTakenWithoutAWaitIfItIsFree() throws Exception {
		assertThat(this.lock.tryLock(0, TimeUnit.SECONDS)).isTrue();

		assertThat(this.lock.isHeldByCurrentThread()).isTrue();
	}

	@Test
	void leavesNoKeyWhenItIsNotFreeAndNotWaitedFor() throws Exception {
		this.store.put("lock/1");

		assertThat(this.lock.tryLock(0, TimeUnit.SECONDS)).isFalse();

		assertThat(this.store.keys()).containsExactly("lock/1");
	}

	@Test
	void isGivenBackWithoutAlarmWhenTheAnswerIsLost() {
		this.lock.lock();
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(Status.UNAVAILABLE);
		});

		assertThatCode(this.lock::unlock).doesNotThrowAnyException();

		assertThat(this.store.keys()).isEmpty();
		assertThat(this.lock.isHeld()).isFalse();
	}

	@Test
	void keepsTheInterruptThatCameWhileItWaitedUninterruptibly() throws Exception {
		this.member.txn().thenHold();
		CompletableFuture<Boolean> flag = new CompletableFuture<>();
		Thread waiter = new Thread(() -> {
			this.lock.lock();
			flag.complete(Thread.currentThread().isInterrupted());
		});
		waiter.start();
		var held = this.member.txn().awaitCall(0);

		waiter.interrupt();
		held.answer(this.store.commit(held.request()));

		assertThat(flag.get(5, TimeUnit.SECONDS)).isTrue();
		assertThat(this.lock.isHeld()).isTrue();
	}

	@Test
	void refusesToBeGivenBackByAThreadThatDoesNotHoldIt() {
		assertThatExceptionOfType(IllegalMonitorStateException.class).isThrownBy(this.lock::unlock)
			.withMessage("the current thread does not hold the lock lock");
		assertThat(this.member.txn().count()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "lock/" })
	void refusesANameThatIsNone(String name) {
		Session session = this.cluster.session(this.cluster.client(this.member), Duration.ofSeconds(60));

		assertThatIllegalArgumentException().isThrownBy(() -> EtcdLock.of(session, name))
			.withMessage("lock name: '" + name + "' (expected: at least one character, no '/' at the end)");
	}

}
