/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.internal.BlockingCall;
import org.junit.jupiter.api.Test;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests of {@link BlockingCall}.
 */
class BlockingCallTests {

	private final FailureDetails details = new FailureDetails("Range failed: compacted",
			"etcdserver: mvcc: required revision has been compacted", StatusCode.OUT_OF_RANGE, Outcome.NOT_APPLIED,
			false, "host:2379", 2);

	private final Throwable cause = new IllegalStateException("cause");

	private final CompactedException shared = new CompactedException(this.details, 42, this.cause);

	private final CompletableFuture<String> call = CompletableFuture.failedFuture(this.shared);

	@Test
	void throwsToEachWaiterAnExceptionWithItsOwnStack() {
		StackTraceElement[] made = this.shared.getStackTrace();

		EtcdException here = caught();
		CompletableFuture<EtcdException> other = new CompletableFuture<>();
		new Thread(() -> other.complete(caught()), "other-waiter").start();
		EtcdException there = resultOf(other);

		assertThat(methods(here)).contains("throwsToEachWaiterAnExceptionWithItsOwnStack");
		assertThat(methods(there)).doesNotContain("throwsToEachWaiterAnExceptionWithItsOwnStack");
		assertThat(this.shared.getStackTrace()).isEqualTo(made);
	}

	@Test
	void throwsAllThatTheSharedExceptionTells() {
		assertThat(caught()).isNotSameAs(this.shared)
			.isInstanceOf(CompactedException.class)
			.hasMessage(this.shared.getMessage())
			.hasCause(this.cause)
			.extracting("compactRevision", "details")
			.containsExactly(42L, this.details);
	}

	@Test
	void throwsWhatNobodyForesawAsAFault() {
		CompletableFuture<String> broken = CompletableFuture.failedFuture(this.cause);

		assertThatIllegalStateException().isThrownBy(() -> BlockingCall.await(broken)).withCause(this.cause);
	}

	private EtcdException caught() {
		return catchThrowableOfType(EtcdException.class, () -> BlockingCall.await(this.call));
	}

	private static List<String> methods(EtcdException failure) {
		return List.of(failure.getStackTrace()).stream().map(StackTraceElement::getMethodName).toList();
	}

}
