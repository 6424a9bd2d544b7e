/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link UnixNanos}.
 */
class UnixNanosTests {

	@Test
	void tellsTheNanosecondsAndNeverTheSameTwice() {
		UnixNanos names = new UnixNanos(() -> Instant.ofEpochSecond(1_700_000_000, 123_456_789));

		assertThat(names.next()).isEqualTo("1700000000123456789");
		assertThat(names.next()).isEqualTo("1700000000123456790");
	}

}
