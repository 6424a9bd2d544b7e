/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.LockGrpc;
import io.github.etcdspring.internal.proto.LockProto;
import io.github.etcdspring.service.LockRequest;
import io.github.etcdspring.service.LockResult;
import io.github.etcdspring.service.LockService;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link GrpcLockService}.
 */
class GrpcLockServiceTests {

	private static final LockRequest REQUEST = LockRequest.of("lock", new LeaseId(-7), Duration.ofHours(1));

	private static final ByteSequence KEY = ByteSequence.of("lock/-7");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final ScriptedEtcd member = this.cluster.member();

	private static LockProto.LockResponse won() {
		return LockProto.LockResponse.newBuilder().setKey(ByteString.copyFromUtf8("lock/-7")).build();
	}

	@Test
	void locksInBothForms() {
		this.member.unary(LockGrpc.getLockMethod()).otherwise((call) -> call.answer(won()));
		LockService locks = this.cluster.client(this.member).lockService();

		assertThat(locks.lock(REQUEST).key()).isEqualTo(KEY);
		assertThat(resultOf(locks.lockAsync(REQUEST)).key()).isEqualTo(KEY);

		assertThat(this.member.unary(LockGrpc.getLockMethod()).calls()).hasSize(2)
			.allSatisfy((call) -> assertThat(call.request()).isEqualTo(
					LockProto.LockRequest.newBuilder().setName(ByteString.copyFromUtf8("lock")).setLease(-7).build()));
	}

	@Test
	void unlocksInBothForms() {
		LockService locks = this.cluster.client(this.member).lockService();

		locks.unlock(KEY);
		resultOf(locks.unlockAsync(KEY));

		assertThat(this.member.unary(LockGrpc.getUnlockMethod()).calls())
			.extracting((call) -> call.request().getKey().toStringUtf8())
			.containsExactly("lock/-7", "lock/-7");
	}

	@Test
	void putsThePrefixOfAViewBeforeItsKeys() {
		this.member.unary(LockGrpc.getLockMethod())
			.otherwise((call) -> call
				.answer(LockProto.LockResponse.newBuilder().setKey(ByteString.copyFromUtf8("app/lock/-7")).build()));
		LockService locks = this.cluster.client(this.member).withNamespace("app/").lockService();

		ByteSequence key = locks.lock(REQUEST).key();
		locks.unlock(key);

		assertThat(key).isEqualTo(KEY);
		assertThat(this.member.unary(LockGrpc.getLockMethod()).awaitCall(0).request().getName().toStringUtf8())
			.isEqualTo("app/lock");
		assertThat(this.member.unary(LockGrpc.getUnlockMethod()).awaitCall(0).request().getKey().toStringUtf8())
			.isEqualTo("app/lock/-7");
	}

	@Test
	void waitsLongerThanOtherCallsDo() {
		this.member.unary(LockGrpc.getLockMethod()).thenHold();
		LockService locks = this.cluster.client((options) -> options.requestTimeout(Duration.ofMillis(50)), this.member)
			.lockService();

		CompletableFuture<LockResult> call = locks.lockAsync(REQUEST);

		var held = this.member.unary(LockGrpc.getLockMethod()).awaitCall(0);
		await().during(Duration.ofMillis(200)).until(() -> !call.isDone() && !held.isCancelled());
		held.answer(won());
		assertThat(resultOf(call).key()).isEqualTo(KEY);
	}

	@Test
	void givesUpInTimeAndTellsTheServer() {
		this.member.unary(LockGrpc.getLockMethod()).thenHold();
		LockService locks = this.cluster.client(this.member).lockService();
		LockRequest brief = LockRequest.of("lock", new LeaseId(7), Duration.ofMillis(100));

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> locks.lock(brief));

		assertThat(failure).isInstanceOf(EtcdTimeoutException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		await().until(() -> this.member.unary(LockGrpc.getLockMethod()).awaitCall(0).isCancelled());
	}

	@Test
	void tellsTheServerWhenItIsCancelled() {
		this.member.unary(LockGrpc.getLockMethod()).thenHold();
		CompletableFuture<LockResult> call = this.cluster.client(new FakeClock(), this.member)
			.lockService()
			.lockAsync(REQUEST);
		var held = this.member.unary(LockGrpc.getLockMethod()).awaitCall(0);

		call.cancel(true);

		await().until(held::isCancelled);
	}

	@Test
	void asksOnceWhenTheConnectionBreaks() {
		this.member.unary(LockGrpc.getLockMethod()).otherwiseFail(Status.UNAVAILABLE);
		this.member.unary(LockGrpc.getUnlockMethod()).otherwiseFail(Status.UNAVAILABLE);
		LockService locks = this.cluster.client(this.member).lockService();

		EtcdException lock = catchThrowableOfType(EtcdException.class, () -> locks.lock(REQUEST));
		EtcdException unlock = catchThrowableOfType(EtcdException.class, () -> locks.unlock(KEY));

		assertThat(lock).isInstanceOf(EtcdUnavailableException.class);
		assertThat(unlock).isInstanceOf(EtcdUnavailableException.class);
		assertThat(lock.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(this.member.unary(LockGrpc.getLockMethod()).count()).isEqualTo(1);
		assertThat(this.member.unary(LockGrpc.getUnlockMethod()).count()).isEqualTo(1);
	}

	@Test
	void failsWhenTheLeaseIsGone() {
		this.member.unary(LockGrpc.getLockMethod())
			.otherwiseFail(Status.NOT_FOUND.withDescription("etcdserver: requested lease not found"));
		LockService locks = this.cluster.client(this.member).lockService();

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> locks.lock(REQUEST));

		assertThat(failure).isInstanceOf(LeaseNotFoundException.class);
	}

	@Test
	void refusesTimesThatCanNotBeWaited() {
		assertThatIllegalArgumentException().isThrownBy(() -> LockRequest.of("lock", new LeaseId(7), Duration.ZERO))
			.withMessage("timeout: PT0S (expected: above zero, and at most 36500 days)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> LockRequest.of("lock", new LeaseId(7), Duration.ofDays(36_501)))
			.withMessage("timeout: PT876024H (expected: above zero, and at most 36500 days)");
	}

	@Test
	void refusesToUnlockNothing() {
		LockService locks = this.cluster.client(this.member).lockService();

		assertThatIllegalArgumentException().isThrownBy(() -> locks.unlock(ByteSequence.EMPTY))
			.withMessage("key is empty (expected: the key that the lock returned)");
	}

}
