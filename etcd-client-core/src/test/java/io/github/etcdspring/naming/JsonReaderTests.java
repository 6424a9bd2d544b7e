/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests of {@link JsonReader} and {@link JsonWriter}: what is JSON and what is not, and
 * what is written again.
 */
class JsonReaderTests {

	private static String rewritten(String json) throws MalformedJsonException {
		return JsonWriter.write(JsonReader.read(json, 1));
	}

	@Test
	void readsEveryKindOfValue() throws MalformedJsonException {
		assertThat(JsonReader.read(" {\"a\" : [1, -2.5e+3 ,true,\tfalse,null,\"x\"]\r\n, \"b\":{}} ", 1)).isEqualTo(
				Map.of("a", Arrays.asList(new JsonNumber("1"), new JsonNumber("-2.5e+3"), true, false, null, "x"), "b",
						Map.of()));
		assertThat(JsonReader.read("null", 1)).isNull();
		assertThat(JsonReader.read("[]", 1)).isEqualTo(List.of());
		assertThat(JsonReader.read("0", 1)).isEqualTo(new JsonNumber("0"));
	}

	@Test
	void readsEscapes() throws MalformedJsonException {
		assertThat(JsonReader.read("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\ude00\"", 1))
			.isEqualTo("\"\\/\b\f\n\r\té\ud83d\ude00");
	}

	@Test
	void takesTheLastOfANameThatComesTwice() throws MalformedJsonException {
		assertThat(rewritten("{\"a\":1,\"b\":2,\"a\":3}")).isEqualTo("{\"b\":2,\"a\":3}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "[,]", "{\"a\"", "{\"a\":", "{\"a\":1",
			"{\"a\":1,}", "{a:1}", "{'a':1}", "{\"a\" 1}", "{1:2}", "\"", "\"\\", "\"\\x\"", "\"\\u\"", "\"\\u12\"",
			"\"\\u12g4\"", "\"\\u\u0661\u0661\u0661\u0661\"", "\"\n\"", "\"\u0000\"", "tru", "True", "nul", "nan",
			"NaN", "Infinity", "-", "+1", ".5", "1e", "1e+", "0x1", "1 2", "{} {}", "null,", "// x\n1", "/**/1",
			"\ufeff1", "\u00a01", "\ufffd" })
	void refusesWhatIsNoJson(String text) {
		assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> JsonReader.read(text, 1))
			.withMessageContaining("at character");
	}

	@ParameterizedTest
	@ValueSource(strings = { "01", "1.", "1.e3", "-01", "--1", "1.5.2" })
	void refusesNumbersThatAreNone(String text) {
		assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> JsonReader.read(text, 1));
	}

	@Test
	void refusesWhatIsNestedTooDeep() {
		int most = JsonReader.MAX_DEPTH;

		assertThatNoException().isThrownBy(() -> JsonReader.read("[".repeat(most - 1) + "1" + "]".repeat(most - 1), 1));
		assertThatExceptionOfType(MalformedJsonException.class)
			.isThrownBy(() -> JsonReader.read("[".repeat(most) + "1" + "]".repeat(most), 1));
		assertThatExceptionOfType(MalformedJsonException.class)
			.isThrownBy(() -> JsonReader.read("[".repeat(most - 1) + "1" + "]".repeat(most - 1), 2));
		assertThatExceptionOfType(MalformedJsonException.class)
			.isThrownBy(() -> JsonReader.read("[".repeat(1_000_000), 1));
		assertThatExceptionOfType(MalformedJsonException.class)
			.isThrownBy(() -> JsonReader.read("{\"a\":".repeat(1_000_000), 1));
	}

	@Test
	void takesLongNumbersAndTextsWithoutAStackOfTheirLength() throws MalformedJsonException {
		String digits = "9".repeat(1_000_000);

		assertThat(JsonReader.read(digits, 1)).isEqualTo(new JsonNumber(digits));
		assertThat(JsonReader.read('"' + digits + '"', 1)).isEqualTo(digits);
	}

	@Test
	void saysNothingOfWhatTheTextHolds() {
		assertThatExceptionOfType(MalformedJsonException.class).isThrownBy(() -> JsonReader.read("secret", 1))
			.withMessage("no value at character 0");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~',
			value = { "{ \"b\" : 1 , \"a\" : [ 1.50 , { } ] }|{\"b\":1,\"a\":[1.50,{}]}",
					"\"<a&b>\"|\"\\u003ca\\u0026b\\u003e\"", "\"\\u2028\\u2029\\u007f\"|\"\\u2028\\u2029\u007f\"",
					"\"\\u0001\\u001f\\/\"|\"\\u0001\\u001f/\"",
					"\"\\b\\f\\n\\r\\t\\\"\\\\\"|\"\\b\\f\\n\\r\\t\\\"\\\\\"", "\"\\ud800x\"|\"\\ufffdx\"",
					"\"\\ud83d\\ude00\"|\"\ud83d\ude00\"", "\"\u00e9\"|\"\u00e9\"" })
	void writesAsGoDoes(String json, String expected) throws MalformedJsonException {
		assertThat(rewritten(json)).isEqualTo(expected);
	}

	@Test
	void answersAnyTextWithAValueOrAReason() {
		Random random = new Random(20261126);
		String alphabet = "{}[]\":,\\/ntfu019eE.+-trealsn \n\u0000\u00e9\ud800";
		int values = 0;
		for (int i = 0; i < 200_000; i++) {
			StringBuilder text = new StringBuilder();
			for (int length = random.nextInt(12); length > 0; length--) {
				text.append(alphabet.charAt(random.nextInt(alphabet.length())));
			}
			try {
				String json = rewritten(text.toString());
				// half a surrogate becomes an escape first, and what that stands for then
				assertThat(rewritten(rewritten(json))).isEqualTo(rewritten(json));
				values++;
			}
			catch (MalformedJsonException ex) {
				assertThat(ex).hasMessageContaining("at character");
			}
		}
		assertThat(values).isGreaterThan(500);
	}

}
