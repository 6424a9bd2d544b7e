/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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

	@ParameterizedTest
	@CsvSource({ "5,5", "-5,-5", "ff,255", "0000000000000007,7", "694d71ddacfdac2a,7587846144093170730",
			"ffffffffffffffff,-1", "-8000000000000000,-9223372036854775808" })
	void readsWhatEtcdctlPrintsAndWhatStandsInKeys(String text, long value) {
		assertThat(LeaseId.parse(text)).isEqualTo(new LeaseId(value));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "g", "0x5", "10000000000000000", "--5" })
	void refusesWhatIsNoId(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> LeaseId.parse(text))
			.withMessageContaining("lease id: '" + text + "' (expected: ");
	}

	@Test
	void isNoneWhenZeroOnly() {
		assertThat(LeaseId.NONE.isNone()).isTrue();
		assertThat(new LeaseId(-1).isNone()).isFalse();
	}

}
