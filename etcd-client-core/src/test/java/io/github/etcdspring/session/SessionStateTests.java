/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link SessionState}.
 */
class SessionStateTests {

	@ParameterizedTest
	@CsvSource({ "PENDING, ACTIVE CLOSED", "ACTIVE, PENDING CLOSED", "CLOSED, none" })
	void goesFromStateToState(SessionState from, String to) {
		String next = Stream.of(SessionState.values())
			.filter(from::mayBecome)
			.map(SessionState::name)
			.reduce((a, b) -> a + " " + b)
			.orElse("none");

		assertThat(next).isEqualTo(to);
	}

}
