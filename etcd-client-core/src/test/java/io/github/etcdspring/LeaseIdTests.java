/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LeaseId}.
 */
class LeaseIdTests {

	@ParameterizedTest
	@CsvSource({ "5,5", "-5,-5", "255,ff", "-255,-ff", "7587846144093170730,694d71ddacfdac2a",
			"9223372036854775807,7fffffffffffffff", "-9223372036854775808,-8000000000000000", "0,0" })
	void printsAsGoPrintsASignedHexadecimalNumber(long value, String expected) {
		assertThat(new LeaseId(value)).hasToString(expected);
	}

	@Test
	void isNoneWhenZeroOnly() {
		assertThat(LeaseId.NONE.isNone()).isTrue();
		assertThat(new LeaseId(-1).isNone()).isFalse();
	}

}
