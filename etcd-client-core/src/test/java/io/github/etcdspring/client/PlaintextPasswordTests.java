/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link PlaintextPassword}.
 */
class PlaintextPasswordTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(PlaintextPassword.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.log.start();
		this.logger.setAdditive(false);
		this.logger.addAppender(this.log);
	}

	@AfterEach
	void stopListening() {
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
	}

	@Test
	void warnsOfEachEndpointThatIsNotEncryptedAndNeverNamesThePassword() {
		watch(options("http://a.example:2379", "http://127.0.0.1:2379", "http://b.example:2379"));

		assertThat(this.log.list).singleElement().satisfies((event) -> {
			assertThat(event.getLevel()).isEqualTo(Level.WARN);
			assertThat(event.getFormattedMessage()).contains("http://a.example:2379", "http://b.example:2379")
				.doesNotContain("127.0.0.1", "secret");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "https://a.example:2379", "http://localhost:2379", "http://127.0.0.1:2379",
			"http://[::1]:2379", "unix:/run/etcd.sock" })
	void saysNothingWhenThePasswordStaysSecret(String endpoint) {
		watch(options(endpoint));

		assertThat(this.log.list).isEmpty();
	}

	@Test
	void warnsOfATokenAndNeverNamesIt() {
		watch(EtcdClientOptions.builder(List.of("http://a.example:2379")).token("secret").build());

		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage())
				.isEqualTo("the token goes to [http://a.example:2379] in plaintext; use https:// endpoints"));
	}

	@Test
	void warnsOfCredentialsThatASupplierGives() {
		watch(EtcdClientOptions.builder(List.of("http://a.example:2379"))
			.credentials(() -> new EtcdCredentials("user", "secret"))
			.build());

		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).startsWith("the password goes to"));
	}

	@Test
	void saysNothingWhenThereIsNoPassword() {
		watch(EtcdClientOptions.of("http://a.example:2379"));

		assertThat(this.log.list).isEmpty();
	}

	@Test
	void warnsOnceWhenAnEndpointThatIsNotEncryptedComesLater() {
		EndpointList endpoints = watch(options("http://127.0.0.1:2379"));
		assertThat(this.log.list).isEmpty();

		endpoints.replace(Endpoint.parseAll(List.of("http://a.example:2379")));
		endpoints.replace(Endpoint.parseAll(List.of("http://b.example:2379")));

		assertThat(this.log.list).singleElement()
			.satisfies((event) -> assertThat(event.getFormattedMessage()).contains("http://a.example:2379"));
	}

	private static EndpointList watch(EtcdClientOptions options) {
		EndpointList endpoints = new EndpointList(options.parsedEndpoints());
		new PlaintextPassword(options).watch(endpoints, Runnable::run);
		return endpoints;
	}

	private static EtcdClientOptions options(String... endpoints) {
		return EtcdClientOptions.builder(List.of(endpoints)).credentials(new EtcdCredentials("user", "secret")).build();
	}

}
