/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeySegmentTests {

	/** What names are made of here: mostly what could leave a segment. */
	private static final String[] PIECES = { "/", "%", "%2F", "%25", ".", "..", "\0", "\n", "\u007f", "a", "b", "2F",
			"é", "日", "\uD83D\uDE00", "%C3%A9", " ", "" };

	private final Random random = new Random(20261122);

	@ParameterizedTest
	@CsvSource({ "orders,orders", "a/b,a%2Fb", "100%,100%25", ".,%2E", "..,%2E%2E", "...,...", "a.b,a.b",
			"../other,..%2Fother", "é,é" })
	void encodesWhatWouldLeaveTheSegment(String name, String segment) {
		assertThat(KeySegment.encode(name)).isEqualTo(segment);
	}

	@Test
	void encodesControlCharacters() {
		assertThat(KeySegment.encode("a\0b\r\n\u007f")).isEqualTo("a%00b%0D%0A%7F");
	}

	@Test
	void refusesEmptyName() {
		assertThatIllegalArgumentException().isThrownBy(() -> KeySegment.encode(""))
			.withMessage("name is empty (expected: at least one character)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "\uD800", "a\uDC00b", "%\uD83D", "\uDE00\uD83D" })
	void refusesHalfOfSurrogatePair(String name) {
		// written as UTF-8 all of them would be one key
		assertThatIllegalArgumentException().isThrownBy(() -> KeySegment.encode(name))
			.withMessage("name holds half of a surrogate pair (expected: whole characters)");
	}

	@ParameterizedTest
	@CsvSource({ "%,%", "100%,100%", "%2,%2", "%zz,%zz", "%2f,/", "a%2,a%2", "%C3%A9,é" })
	void decodesWhatOthersWrote(String segment, String name) {
		assertThat(KeySegment.decode(segment)).isEqualTo(name);
	}

	@Test
	void staysInItsSegmentWhateverTheName() {
		for (int i = 0; i < 10_000; i++) {
			String segment = KeySegment.encode(name());

			assertThat(segment).isNotEmpty().isNotEqualTo(".").isNotEqualTo("..").doesNotContain("/");
			assertThat(segment.chars().filter(Character::isISOControl)).isEmpty();
		}
	}

	@Test
	void decodesToTheNameWhateverTheName() {
		for (int i = 0; i < 10_000; i++) {
			String name = name();

			assertThat(KeySegment.decode(KeySegment.encode(name))).isEqualTo(name);
		}
	}

	@Test
	void givesDistinctNamesDistinctKeys() {
		Map<String, String> nameOfKey = new HashMap<>();
		Set<String> names = new HashSet<>();
		for (int i = 0; i < 10_000; i++) {
			String name = name();
			names.add(name);
			byte[] key = KeySegment.encode(name).getBytes(StandardCharsets.UTF_8);
			nameOfKey.put(new String(key, StandardCharsets.ISO_8859_1), name);
		}

		assertThat(names).hasSizeGreaterThan(5_000);
		assertThat(nameOfKey).hasSameSizeAs(names);
	}

	private String name() {
		StringBuilder name = new StringBuilder();
		int pieces = 1 + this.random.nextInt(6);
		for (int i = 0; i < pieces; i++) {
			name.append(this.random.nextBoolean() ? PIECES[this.random.nextInt(PIECES.length)] : character());
		}
		return name.isEmpty() ? "x" : name.toString();
	}

	private String character() {
		int codePoint = this.random.nextInt(Character.MAX_CODE_POINT + 1);
		boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
		boolean control = Character.isISOControl(codePoint) && codePoint > 0x7f;
		return (surrogate || control) ? "?" : Character.toString(codePoint);
	}

}
