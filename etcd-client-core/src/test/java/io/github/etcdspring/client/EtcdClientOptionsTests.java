/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link EtcdClientOptions} and {@link EtcdCredentials}.
 */
class EtcdClientOptionsTests {

	@Test
	void hasDefaultsThatFitAServerWithDefaults() {
		EtcdClientOptions options = EtcdClientOptions.of("host:2379");

		assertThat(options.endpoints()).containsExactly("http://host:2379");
		assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(options.maxInboundMessageSize()).isEqualTo(16 * 1024 * 1024);
		assertThat(options.credentials()).isEmpty();
	}

	@Test
	void printsEndpointsAndUserAndNeverThePassword() {
		EtcdClientOptions options = EtcdClientOptions.builder(List.of("host:2379"))
			.credentials(new EtcdCredentials("user", "secret"))
			.build();

		assertThat(options).hasToString("EtcdClientOptions[endpoints=[http://host:2379], "
				+ "credentials=EtcdCredentials[user=user, password=***], requestTimeout=PT10S]");
	}

	@Test
	void isNotReachedByLaterChangesOfItsSource() {
		List<String> endpoints = new ArrayList<>(List.of("a:1"));
		EtcdClientOptions.Builder builder = EtcdClientOptions.builder(endpoints);
		EtcdClientOptions options = builder.build();

		endpoints.add("b:1");
		builder.requestTimeout(Duration.ofSeconds(1));

		assertThat(options.endpoints()).containsExactly("http://a:1");
		assertThat(options.requestTimeout()).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void refusesInvalidEndpointsWhenBuilt() {
		assertThatExceptionOfType(InvalidEndpointException.class).isThrownBy(() -> EtcdClientOptions.of("host"));
		assertThatExceptionOfType(InvalidEndpointException.class).isThrownBy(EtcdClientOptions::of);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S", "PT876024H" })
	void refusesATimeoutThatIsNotAboveZeroOrTooLong(Duration timeout) {
		EtcdClientOptions.Builder builder = EtcdClientOptions.builder(List.of("host:2379"));

		assertThatIllegalArgumentException().isThrownBy(() -> builder.requestTimeout(timeout))
			.withMessage("request timeout: " + timeout + " (expected: above zero, and at most 36500 days)");
	}

	@Test
	void refusesAnInboundLimitBelowTheLargestEvent() {
		EtcdClientOptions.Builder builder = EtcdClientOptions.builder(List.of("host:2379"));

		assertThatIllegalArgumentException().isThrownBy(() -> builder.maxInboundMessageSize(4194303))
			.withMessage("maximum inbound message size: 4194303 (expected: at least 4194304)");
	}

	@Test
	void refusesCredentialsWithoutNameOrPassword() {
		assertThatIllegalArgumentException().isThrownBy(() -> new EtcdCredentials("", "secret"))
			.withMessage("user name is empty (expected: a user of etcd; leave the credentials out for none)");
		assertThatIllegalArgumentException().isThrownBy(() -> new EtcdCredentials("user", ""))
			.withMessage("password of user 'user' is empty (expected: at least one character)");
	}

	@Test
	void printsNoToken() {
		assertThat(new AuthToken("secret")).hasToString("AuthToken[***]");
	}

}
