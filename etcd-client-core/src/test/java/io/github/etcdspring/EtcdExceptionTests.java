/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.lang.reflect.Constructor;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link EtcdException} and {@link FailureDetails}.
 */
class EtcdExceptionTests {

	@Test
	void saysWhatIsKnownOfTheFailure() {
		FailureDetails details = new FailureDetails("Put failed: no leader", "no leader", StatusCode.UNAVAILABLE,
				Outcome.UNKNOWN, true, "host:2379", 3);
		Throwable cause = new IllegalStateException("cause");

		EtcdException failure = new EtcdUnavailableException(details, cause);

		assertThat(failure)
			.hasMessage("Put failed: no leader [UNAVAILABLE, outcome UNKNOWN, 3 attempts, last at host:2379]")
			.hasCause(cause);
		assertThat(failure.code()).isEqualTo(StatusCode.UNAVAILABLE);
		assertThat(failure.serverMessage()).contains("no leader");
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.isRetryable()).isTrue();
		assertThat(failure.endpoint()).contains("host:2379");
		assertThat(failure.attempts()).isEqualTo(3);
	}

	@Test
	void countsOneAttemptInTheSingular() {
		FailureDetails details = new FailureDetails("Put failed", null, StatusCode.UNKNOWN, Outcome.UNKNOWN, false,
				null, 1);

		assertThat(new EtcdServerException(details, null))
			.hasMessage("Put failed [UNKNOWN, outcome UNKNOWN, 1 attempt]");
	}

	@Test
	void leavesOutWhatIsNotKnownWhenNothingWasSent() {
		FailureDetails details = FailureDetails.local("the session is closed", StatusCode.CANCELLED);

		EtcdException failure = new EtcdClosedException(details, null);

		assertThat(failure).hasMessage("the session is closed [CANCELLED, outcome NOT_APPLIED]").hasNoCause();
		assertThat(failure.serverMessage()).isEmpty();
		assertThat(failure.endpoint()).isEmpty();
		assertThat(failure.attempts()).isZero();
		assertThat(failure.isRetryable()).isFalse();
	}

	@Test
	void tellsWhichErrorTheServerMeant() {
		assertThat(failureOf("etcdserver: member not found").error()).contains(EtcdError.MEMBER_NOT_FOUND);
		assertThat(failureOf("etcdserver: Peer URLs already exists").error()).contains(EtcdError.PEER_URL_EXISTS);
	}

	@Test
	void knowsNoErrorInOtherWordsOrInNone() {
		assertThat(failureOf("etcdserver: member not found, it seems").error()).isEmpty();
		assertThat(failureOf(null).error()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("types")
	void isCopiedWithAllItTellsButTheStack(Class<? extends EtcdException> type) throws Exception {
		FailureDetails details = FailureDetails.local("Put failed", StatusCode.UNKNOWN);
		Throwable cause = new IllegalStateException("cause");
		Constructor<?> constructor = type.getConstructors()[0];
		Object[] values = new Object[constructor.getParameterCount()];
		// the numbers that some of them tell
		Arrays.setAll(values, (i) -> 41 + i);
		values[0] = details;
		values[values.length - 1] = cause;
		EtcdException failure = (EtcdException) constructor.newInstance(values);

		EtcdException copy = failure.copy();

		assertThat(copy).isNotSameAs(failure).isExactlyInstanceOf(type).cause().isSameAs(cause);
		assertThat(copy.details()).isSameAs(details);
		assertThat(copy).usingRecursiveComparison().ignoringFieldsOfTypes(StackTraceElement[].class).isEqualTo(failure);
	}

	static Class<?>[] types() {
		return EtcdException.class.getPermittedSubclasses();
	}

	@Test
	void takesTheOutcomeOfWhatItWasAPartOf() {
		FailureDetails details = new FailureDetails("Range failed", "no leader", StatusCode.UNAVAILABLE,
				Outcome.UNKNOWN, true, "host:2379", 3);
		EtcdException read = new CompactedException(details, 42, new IllegalStateException("cause"));

		EtcdException part = read.withOutcome(Outcome.NOT_APPLIED);

		assertThat(part).isExactlyInstanceOf(CompactedException.class)
			.hasMessage("Range failed [UNAVAILABLE, outcome NOT_APPLIED, 3 attempts, last at host:2379]")
			.hasCause(read.getCause())
			.hasFieldOrPropertyWithValue("compactRevision", 42L);
		assertThat(part.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(part.details()).usingRecursiveComparison().ignoringFields("outcome").isEqualTo(details);
		assertThat(read.outcome()).isEqualTo(Outcome.UNKNOWN);
	}

	@Test
	void carriesTheLowestRevisionThatIsLeftWhenCompacted() {
		FailureDetails details = FailureDetails.local("compacted", StatusCode.OUT_OF_RANGE);

		assertThat(new CompactedException(details, 42, null).compactRevision()).isEqualTo(42);
	}

	private static EtcdException failureOf(@Nullable String serverMessage) {
		return new EtcdRequestException(new FailureDetails("MemberAdd failed", serverMessage, StatusCode.UNKNOWN,
				Outcome.NOT_APPLIED, false, null, 1), null);
	}

}
