/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

import io.github.etcdspring.fixture.Jwt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link JwtExpiry}.
 */
class JwtExpiryTests {

	private static final Instant EXPIRY = Instant.ofEpochSecond(1_700_000_000);

	@ParameterizedTest
	@ValueSource(strings = { "{\"exp\":1700000000}", " { \"a\" : 1 , \"exp\" : 1700000000 } ",
			"{\"username\":\"root\",\"revision\":3,\"exp\":1700000000}", "{\"exp\":1700000000.75}",
			"{\"nested\":{\"exp\":1},\"exp\":1700000000,\"list\":[\"exp\",{\"exp\":2}]}",
			"{\"a\":\"\\\"exp\\\":1\",\"exp\":1700000000,\"b\":\"}\"}", "{\"user\":\"exp\",\"exp\":1700000000}",
			"{\"a\":true,\"b\":null,\"c\":-1.5e3,\"exp\":1700000000}" })
	void readsTheClaimOfTheOuterObject(String payload) {
		assertThat(JwtExpiry.of(Jwt.of(payload))).isEqualTo(EXPIRY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"username\":\"root\"}", "{\"exp\":\"1700000000\"}", "{\"exp\":-1}",
			"{\"exp\":1.7e9}", "{\"exp\":null}", "{\"exp\":{}}", "{\"exp\":99999999999999999999}",
			"{\"exp\":999999999999}", "{\"exp\":1700000000", "{\"exp\":1700000000}}", "{\"exp\":1700000000} x",
			"[{\"exp\":1700000000}]", "\"exp\"", "1700000000", "", "{\"exp\":1700000000,\"exp\":1800000000}",
			"{\"nested\":{\"exp\":1700000000}}", "{\"exp\" 1700000000}", "{\"a\":\"unended,\"exp\":1700000000}",
			"{\"a\":\"exp\":1700000000" })
	void knowsNothingOfAnythingOdd(String payload) {
		assertThat(JwtExpiry.of(Jwt.of(payload))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "QFeuLrKoNxGcMLKy.8", "a.b", "a.b.c.d", "a.!!!.c", "..", "a.e30.c" })
	void knowsNothingOfATokenThatIsNoJwt(String token) {
		assertThat(JwtExpiry.of(token)).isNull();
	}

	@Test
	void readsPayloadsWithPaddingToo() {
		String padded = Base64.getUrlEncoder().encodeToString("{\"exp\":1700000000 }".getBytes(StandardCharsets.UTF_8));

		assertThat(padded).endsWith("=");
		assertThat(JwtExpiry.of("a." + padded + ".c")).isEqualTo(EXPIRY);
	}

	@Test
	void endsSoonWhateverIsInALargeToken() {
		String strings = "{\"a\":\"" + "\\\\".repeat(5_000) + "\",\"exp\":1700000000}";

		assertThat(JwtExpiry.of(Jwt.of(strings))).isEqualTo(EXPIRY);
		assertThat(JwtExpiry.of(Jwt.of("{".repeat(11_000)))).isNull();
		assertThat(JwtExpiry.of(Jwt.of(strings.repeat(2)))).isNull();
	}

}
