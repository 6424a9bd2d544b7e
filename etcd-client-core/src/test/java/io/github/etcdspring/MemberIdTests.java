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
 * Tests of {@link MemberId}.
 */
class MemberIdTests {

	@ParameterizedTest
	@CsvSource({ "0,0", "2748,abc", "-1,ffffffffffffffff", "-9223372036854775808,8000000000000000",
			"-4778729102618529615,bdae8b333099f0b1" })
	void printsAndReadsAnUnsignedHexadecimalNumber(long value, String text) {
		assertThat(new MemberId(value)).hasToString(text);
		assertThat(MemberId.parse(text)).isEqualTo(new MemberId(value));
	}

	@Test
	void readsUpperCaseAndPadding() {
		assertThat(MemberId.parse("0000000000000ABC")).isEqualTo(new MemberId(0xabc));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "xyz", "-1", "+1", "0x1", " 1", "10000000000000000" })
	void refusesTextThatIsNotAnId(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> MemberId.parse(text))
			.withMessage("member id: '" + text + "' (expected: 1 to 16 hexadecimal digits, as etcdctl prints it)");
	}

	@Test
	void isNoneWhenZeroOnly() {
		assertThat(MemberId.NONE.isNone()).isTrue();
		assertThat(new MemberId(-1).isNone()).isFalse();
	}

}
