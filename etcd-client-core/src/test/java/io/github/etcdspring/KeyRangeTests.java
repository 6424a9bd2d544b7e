/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link KeyRange}.
 */
class KeyRangeTests {

	private static final ByteSequence ZERO = bytes(0);

	@Test
	void endsAPrefixAtTheNextOne() {
		assertThat(KeyRange.prefix("/a/").end()).contains(ByteSequence.of("/a0"));
	}

	@Test
	void cutsTrailingHighestBytesOffTheEndOfAPrefix() {
		KeyRange range = KeyRange.prefix(bytes('a', 0xff, 0xff));

		assertThat(range.start()).isEqualTo(bytes('a', 0xff, 0xff));
		assertThat(range.end()).contains(bytes('b'));
	}

	@Test
	void hasNoEndWhenAPrefixIsOfHighestBytesOnly() {
		KeyRange range = KeyRange.prefix(bytes(0xff, 0xff));

		assertThat(range.end()).isEmpty();
		assertThat(range.isSingleKey()).isFalse();
		assertThat(range.contains(bytes(0xff, 0xff, 0xff))).isTrue();
		assertThat(range.contains(bytes(0xff, 0xfe))).isFalse();
	}

	@Test
	void isEveryKeyWhenThePrefixIsEmpty() {
		assertThat(KeyRange.prefix("")).isEqualTo(KeyRange.all());
		assertThat(KeyRange.from(ByteSequence.EMPTY)).isEqualTo(KeyRange.all());
		assertThat(KeyRange.all().start()).isEqualTo(ZERO);
		assertThat(KeyRange.all().end()).isEmpty();
	}

	@Test
	void containsOneKeyOnlyWhenSingle() {
		KeyRange range = KeyRange.key("a");

		assertThat(range.isSingleKey()).isTrue();
		assertThat(range.contains(ByteSequence.of("a"))).isTrue();
		assertThat(range.contains(ByteSequence.of("a").concat(ZERO))).isFalse();
		assertThat(range.contains(ByteSequence.EMPTY)).isFalse();
	}

	@Test
	void containsItsStartAndNotItsEnd() {
		KeyRange range = KeyRange.between(ByteSequence.of("b"), ByteSequence.of("d"));

		assertThat(range.contains(ByteSequence.of("b"))).isTrue();
		assertThat(range.contains(ByteSequence.of("c\uffff"))).isTrue();
		assertThat(range.contains(ByteSequence.of("d"))).isFalse();
		assertThat(range.contains(ByteSequence.of("a\uffff"))).isFalse();
	}

	@Test
	void containsWhatBeginsWithItsPrefixOnly() {
		KeyRange range = KeyRange.prefix("ab");

		assertThat(range.contains(ByteSequence.of("ab"))).isTrue();
		assertThat(range.contains(ByteSequence.of("ab").concat(bytes(0xff, 0xff)))).isTrue();
		assertThat(range.contains(ByteSequence.of("ac"))).isFalse();
		assertThat(range.contains(ByteSequence.of("aa"))).isFalse();
	}

	@Test
	void containsEveryKeyFromItsStartOnWhenUnbounded() {
		KeyRange range = KeyRange.from(ByteSequence.of("b"));

		assertThat(range.contains(ByteSequence.of("b"))).isTrue();
		assertThat(range.contains(bytes(0xff))).isTrue();
		assertThat(range.contains(ByteSequence.of("a"))).isFalse();
	}

	@Test
	void startsAtTheLowestKeyWhenTheStartIsEmpty() {
		KeyRange range = KeyRange.between(ByteSequence.EMPTY, ByteSequence.of("b"));

		assertThat(range.start()).isEqualTo(ZERO);
		assertThat(range.end()).contains(ByteSequence.of("b"));
	}

	@Test
	void refusesAnEmptyKey() {
		assertThatIllegalArgumentException().isThrownBy(() -> KeyRange.key(""))
			.withMessage("key is empty (expected: at least one byte; for every key: KeyRange.all())");
	}

	@Test
	void refusesAnEmptyRange() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> KeyRange.between(ByteSequence.of("b"), ByteSequence.of("b")))
			.withMessage("range is empty: [b, b) (expected: start below end)");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> KeyRange.between(ByteSequence.of("b"), ByteSequence.EMPTY))
			.withMessage("range is empty: [b, ) (expected: start below end)");
	}

	@Test
	void refusesTheEmptyRangeThatTheWireWouldTakeForEveryKey() {
		assertThatIllegalArgumentException().isThrownBy(() -> KeyRange.between(ByteSequence.EMPTY, ZERO))
			.withMessage("range is empty: [\\x00, \\x00) (expected: start below end)");
	}

	@Test
	void equalsAnotherOfTheSameBounds() {
		assertThat(KeyRange.prefix("a")).isEqualTo(KeyRange.between(ByteSequence.of("a"), ByteSequence.of("b")))
			.hasSameHashCodeAs(KeyRange.between(ByteSequence.of("a"), ByteSequence.of("b")));
		assertThat(KeyRange.key("a")).isNotEqualTo(KeyRange.from(ByteSequence.of("a")));
	}

	@Test
	void printsItsBounds() {
		assertThat(KeyRange.key("a")).hasToString("a");
		assertThat(KeyRange.prefix("a")).hasToString("[a, b)");
		assertThat(KeyRange.from(ByteSequence.of("a"))).hasToString("[a, )");
	}

	private static ByteSequence bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return ByteSequence.copyOf(bytes);
	}

}
