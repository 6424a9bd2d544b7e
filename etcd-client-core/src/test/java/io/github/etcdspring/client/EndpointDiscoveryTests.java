/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.ScriptedDns;
import io.github.etcdspring.fixture.ScriptedDns.Trouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests of {@link EndpointDiscovery}.
 */
class EndpointDiscoveryTests {

	private static final String SECURE = "_etcd-client-ssl._tcp.example.com";

	private static final String PLAIN = "_etcd-client._tcp.example.com";

	private final ScriptedDns dns = new ScriptedDns();

	private final EndpointDiscovery discovery = EndpointDiscovery.srv("example.com")
		.withNameServer(this.dns.address())
		.withTimeout(Duration.ofMillis(300));

	@AfterEach
	void close() throws IOException {
		this.dns.close();
	}

	@Test
	void findsMembersThatSpeakTls() {
		this.dns.tell(SECURE, "0 0 2379 etcd-0.example.com", "0 0 2380 etcd-1.example.com");

		assertThat(this.discovery.endpoints()).containsExactly("https://etcd-0.example.com:2379",
				"https://etcd-1.example.com:2380");
	}

	@Test
	void findsMembersThatSpeakPlaintext() {
		this.dns.tell(PLAIN, "0 0 2379 etcd-0.example.com");

		assertThat(this.discovery.endpoints()).containsExactly("http://etcd-0.example.com:2379");
	}

	@Test
	void takesTlsAloneWhereThereAreBoth() {
		this.dns.tell(SECURE, "0 0 2379 secure.example.com");
		this.dns.tell(PLAIN, "0 0 2379 plain.example.com");

		assertThat(this.discovery.endpoints()).containsExactly("https://secure.example.com:2379");
		assertThat(this.dns.asked()).containsExactly(SECURE);
	}

	@Test
	void ordersByPriorityAndThenByWeight() {
		this.dns.tell(PLAIN, "20 99 1 d", "10 5 1 c", "10 70 1 b", "5 0 1 a");

		assertThat(this.discovery.endpoints()).containsExactly("http://a:1", "http://b:1", "http://c:1", "http://d:1");
	}

	@Test
	void looksForTheClusterOfAServiceName() {
		this.dns.tell("_etcd-client-prod._tcp.example.com", "0 0 2379 etcd");

		assertThat(this.discovery.withServiceName("prod").endpoints()).containsExactly("http://etcd:2379");
		assertThat(this.dns.asked()).containsExactly("_etcd-client-ssl-prod._tcp.example.com",
				"_etcd-client-prod._tcp.example.com");
	}

	@Test
	void asksAgainByTcpWhenTheAnswerIsCutOff() {
		this.dns.tell(SECURE, "0 0 2379 etcd");
		this.dns.trouble(SECURE, Trouble.CUT_OFF);

		assertThat(this.discovery.endpoints()).containsExactly("https://etcd:2379");
		assertThat(this.dns.asked()).containsExactly(SECURE, "tcp " + SECURE);
	}

	@Test
	void passesOverARecordThatSaysThereIsNoService() {
		this.dns.tell(SECURE, "0 0 0 .");
		this.dns.tell(PLAIN, "0 0 2379 etcd", "0 0 0 .");

		assertThat(this.discovery.endpoints()).containsExactly("http://etcd:2379");
	}

	@Test
	void failsWhenThereIsNoRecord() {
		EtcdException failure = catchThrowableOfType(EtcdException.class, this.discovery::endpoints);

		assertThat(failure).isInstanceOf(EtcdRequestException.class)
			.hasMessageStartingWith("no endpoint found: neither " + SECURE + " nor " + PLAIN + " has an SRV record");
		assertThat(failure.code()).isEqualTo(StatusCode.NOT_FOUND);
		assertThat(failure.isRetryable()).isFalse();
	}

	@Test
	void failsWhenTheNameHasNoRecordOfThisKind() {
		this.dns.tell(SECURE);
		this.dns.tell(PLAIN);

		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(this.discovery::endpoints);
	}

	/** Whoever keeps the records for TLS from us must not get our password. */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUT_OFF")
	void failsAndTakesNoPlaintextWhenNobodyTellsOfTls(Trouble trouble) {
		this.dns.trouble(SECURE, trouble);
		this.dns.tell(PLAIN, "0 0 2379 plain.example.com");

		EtcdException failure = catchThrowableOfType(EtcdException.class, this.discovery::endpoints);

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class)
			.hasMessageStartingWith("no name server tells of " + SECURE + ": ");
		assertThat(failure.isRetryable()).isTrue();
		assertThat(this.dns.asked()).isNotEmpty().containsOnly(SECURE);
	}

	@Test
	void refusesATargetThatCanBeNoMember() {
		this.dns.tell(SECURE, "0 0 2379 etcd_0.example.com");

		assertThatExceptionOfType(InvalidEndpointException.class).isThrownBy(this.discovery::endpoints)
			.withMessageContaining("https://etcd_0.example.com:2379");
	}

	@Test
	void findsWhatAClientCanBeMadeOf() {
		this.dns.tell(PLAIN, "0 0 2379 etcd-0", "0 0 2379 etcd-1");

		List<String> endpoints = this.discovery.endpoints();

		assertThat(EtcdClientOptions.builder(endpoints).build().endpoints()).isEqualTo(endpoints);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ".", "a b", "a..b", "a/b", "http://a", "a:53" })
	void refusesWhatIsNoDomain(String domain) {
		assertThatIllegalArgumentException().isThrownBy(() -> EndpointDiscovery.srv(domain))
			.withMessage("domain: '" + domain + "' (expected: a DNS name such as example.com)");
	}

	@Test
	void refusesWhatIsNoSetting() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.discovery.withServiceName("a.b"))
			.withMessage("service name: 'a.b' (expected: letters, digits and hyphens)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.discovery.withNameServer("host"))
			.withMessage("name server: 'host' (expected: host:port)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.discovery.withTimeout(Duration.ZERO))
			.withMessage("timeout: PT0S (expected: at least PT0.003S)");
	}

}
