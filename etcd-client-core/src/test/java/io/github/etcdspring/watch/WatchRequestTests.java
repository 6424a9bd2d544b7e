/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import io.github.etcdspring.KeyRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests of {@link WatchRequest}.
 */
class WatchRequestTests {

	@Test
	void watchesFromNowOnUntilToldOtherwise() {
		WatchRequest request = WatchRequest.of(KeyRange.key("key"));

		assertThat(request.startRevision()).isZero();
		assertThat(request).hasToString("WatchRequest[key from now]");
		assertThat(request.from(7)).hasToString("WatchRequest[key from 7]");
	}

	@Test
	@SuppressWarnings("NullAway")
	void refusesNoRange() {
		assertThatNullPointerException().isThrownBy(() -> WatchRequest.of(null)).withMessage("range");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void refusesAStartThatIsNotAboveZero(long revision) {
		WatchRequest request = WatchRequest.of(KeyRange.key("key"));

		assertThatIllegalArgumentException().isThrownBy(() -> request.from(revision))
			.withMessage("start revision: " + revision + " (expected: above 0; leave it out for now)");
	}

	@Test
	void keepsItsOptionsWhenOneIsAdded() {
		WatchRequest request = WatchRequest.of(KeyRange.key("key")).withPrevious().from(7);

		assertThat(request.returnsPrevious()).isTrue();
		assertThat(request.startRevision()).isEqualTo(7);
		assertThat(request.range()).isEqualTo(KeyRange.key("key"));
	}

}
