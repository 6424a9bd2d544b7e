/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdServiceInstanceTests {

	@ParameterizedTest
	@CsvSource({ "host,8080,false,http://host:8080", "10.0.0.1,443,true,https://10.0.0.1:443",
			"::1,80,false,http://[::1]:80", "2001:db8::7,8443,true,https://[2001:db8::7]:8443",
			"fe80::1%eth0,80,false,http://[fe80::1%eth0]:80", "my_host,80,false,http://my_host:80" })
	void writesItsAddressAsUri(String host, int port, boolean secure, String uri) {
		assertThat(instance(host, port, secure).getUri()).hasToString(uri);
	}

	@Test
	void tellsScheme() {
		assertThat(instance("host", 1, false).getScheme()).isEqualTo("http");
		assertThat(instance("host", 1, true).getScheme()).isEqualTo("https");
	}

	@Test
	void tellsWhatTheRecordHolds() {
		EtcdServiceInstance instance = new EtcdServiceInstance(
				new InstanceRecord("id", "orders", "host", 80, true, InstanceStatus.UP, Map.of("zone", "a")));

		assertThat(instance.getInstanceId()).isEqualTo("id");
		assertThat(instance.getServiceId()).isEqualTo("orders");
		assertThat(instance.getHost()).isEqualTo("host");
		assertThat(instance.getPort()).isEqualTo(80);
		assertThat(instance.isSecure()).isTrue();
		assertThat(instance.getMetadata()).containsExactly(Map.entry("zone", "a"));
	}

	@Test
	void equalsInstanceOfSameContent() {
		assertThat(instance("host", 80, true)).isEqualTo(instance("host", 80, true))
			.hasSameHashCodeAs(instance("host", 80, true));
		assertThat(instance("host", 80, true)).isNotEqualTo(instance("host", 81, true));
	}

	private static EtcdServiceInstance instance(String host, int port, boolean secure) {
		return new EtcdServiceInstance(
				new InstanceRecord("id", "orders", host, port, secure, InstanceStatus.UP, Map.of()));
	}

}
