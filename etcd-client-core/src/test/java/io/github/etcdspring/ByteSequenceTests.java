/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link ByteSequence}.
 */
class ByteSequenceTests {

	@Test
	void ordersBytesAsUnsignedNumbers() {
		ByteSequence low = bytes(0x7f);
		ByteSequence high = bytes(0x80);

		assertThat(low).isLessThan(high);
		assertThat(bytes(0xff)).isGreaterThan(high);
	}

	@Test
	void ordersAPrefixBeforeItsContinuation() {
		assertThat(ByteSequence.of("a")).isLessThan(ByteSequence.of("a").concat(bytes(0)));
		assertThat(ByteSequence.EMPTY).isLessThan(bytes(0));
	}

	@ParameterizedTest
	@CsvSource({ "abc,abc,true", "abc,ab,true", "abc,'',true", "abc,b,false", "ab,abc,false", "'','',true" })
	void startsWithWhatItBeginsWith(String text, String prefix, boolean expected) {
		assertThat(ByteSequence.of(text).startsWith(ByteSequence.of(prefix))).isEqualTo(expected);
	}

	@Test
	void concatenatesBytesAndText() {
		ByteSequence joined = ByteSequence.of("a").concat(bytes(0xff)).concat("é");

		assertThat(joined).isEqualTo(bytes('a', 0xff, 0xc3, 0xa9));
	}

	@Test
	void returnsThePartBetweenTwoIndexes() {
		ByteSequence text = ByteSequence.of("abcd");

		assertThat(text.substring(1, 3)).isEqualTo(ByteSequence.of("bc"));
		assertThat(text.substring(4)).isSameAs(ByteSequence.EMPTY);
	}

	@Test
	void refusesIndexesOutOfRange() {
		ByteSequence text = ByteSequence.of("abcd");

		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> text.substring(5));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> text.substring(3, 2));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> text.byteAt(4));
	}

	@Test
	void printsEveryByteThatIsNotPrintableAsciiEscaped() {
		ByteSequence mixed = bytes('a', ' ', '~', '\\', 0x00, 0x1f, 0x7f, 0x80, 0xff);

		assertThat(mixed).hasToString("a ~\\x5c\\x00\\x1f\\x7f\\x80\\xff");
	}

	@Test
	void readsTextAsUtf8() {
		assertThat(ByteSequence.of("schlüssel").toUtf8()).isEqualTo("schlüssel");
		assertThat(bytes(0xff).toUtf8()).isEqualTo("\ufffd");
	}

	@Test
	void isNotReachedByChangesOfItsSource() {
		byte[] source = { 1, 2 };
		ByteSequence fromArray = ByteSequence.copyOf(source);
		ByteSequence fromBuffer = ByteSequence.copyOf(ByteBuffer.wrap(source));

		source[0] = 9;

		assertThat(fromArray).isEqualTo(bytes(1, 2));
		assertThat(fromBuffer).isEqualTo(bytes(1, 2));
	}

	@Test
	void isNotReachedByChangesOfItsCopies() {
		ByteSequence sequence = bytes(1, 2);

		sequence.toByteArray()[0] = 9;

		assertThat(sequence).isEqualTo(bytes(1, 2));
		assertThatExceptionOfType(ReadOnlyBufferException.class)
			.isThrownBy(() -> sequence.asReadOnlyByteBuffer().put(0, (byte) 9));
	}

	@Test
	void copiesItselfIntoAnArrayThatHasRoom() {
		byte[] target = new byte[4];

		bytes(0, 1, 2).substring(1).copyTo(target, 2);

		assertThat(target).containsExactly(0, 0, 1, 2);
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> bytes(1, 2).copyTo(target, 3));
	}

	@Test
	void copiesTheRemainingBytesOfABufferAndLeavesItsPosition() {
		ByteBuffer buffer = ByteBuffer.wrap(new byte[] { 1, 2, 3 });
		buffer.position(1);

		ByteSequence copy = ByteSequence.copyOf(buffer);

		assertThat(copy).isEqualTo(bytes(2, 3));
		assertThat(buffer.position()).isEqualTo(1);
	}

	@Test
	void equalsAnotherOfTheSameBytes() {
		assertThat(bytes(1, 2)).isEqualTo(bytes(1, 2)).hasSameHashCodeAs(bytes(1, 2));
		assertThat(bytes(1, 2)).isNotEqualTo(bytes(2, 1)).isNotEqualTo("\u0001\u0002");
	}

	@Test
	void isOneObjectWhenEmpty() {
		assertThat(ByteSequence.of("")).isSameAs(ByteSequence.EMPTY);
		assertThat(ByteSequence.EMPTY.isEmpty()).isTrue();
		assertThat(ByteSequence.EMPTY.size()).isZero();
	}

	private static ByteSequence bytes(int... values) {
		byte[] bytes = new byte[values.length];
		for (int i = 0; i < values.length; i++) {
			bytes[i] = (byte) values[i];
		}
		return ByteSequence.copyOf(bytes);
	}

}
