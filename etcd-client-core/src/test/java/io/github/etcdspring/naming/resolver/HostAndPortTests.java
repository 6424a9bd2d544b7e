/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link HostAndPort}.
 */
class HostAndPortTests {

	@ParameterizedTest
	@CsvSource({ "[::1]:80, ::1", "[2001:db8::7]:80, 2001:db8::7", "[::ffff:10.0.0.1]:80, ::ffff:10.0.0.1",
			"[fe80::1%eth0]:80, fe80::1%eth0", "10.0.0.1:80, 10.0.0.1", "host.example:80, host.example" })
	void readsHostAndPort(String address, String host) {
		assertThat(HostAndPort.of(address)).contains(new HostAndPort(host, 80));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[zz:1]:80", "[host.example]:80", "[]:80", "[%eth0]:80", "::1:80", "host:0", "host:65536",
			"host" })
	void refusesWhatIsNeitherNameNorNumber(String address) {
		assertThat(HostAndPort.of(address)).isEmpty();
	}

	@Test
	void asksNobodyForANumber() {
		assertThat(new HostAndPort("::1", 80).number()).isPresent();
		assertThat(new HostAndPort("10.0.0.1", 80).number()).isPresent();
		assertThat(new HostAndPort("host.example", 80).number()).isEmpty();
	}

}
