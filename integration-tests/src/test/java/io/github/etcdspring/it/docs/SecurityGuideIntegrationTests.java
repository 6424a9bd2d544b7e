/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.boot.test.cluster.CertificateFiles;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.client.TlsOptions;
import io.github.etcdspring.client.TlsProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs {@link SecurityGuide}, on a member with TLS and authentication.
 */
class SecurityGuideIntegrationTests {

	private static final String PASSWORD = "S3CR3T-root";

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().tls().serverArguments("--bcrypt-cost=4").enableAuth(PASSWORD));

	private final List<String> endpoints = etcd.cluster().endpoints();

	private final Path authority = etcd.cluster().certificateAuthority().certificate();

	private final TlsOptions tls = TlsOptions.builder().trustCertificates(this.authority).build();

	private static void assertServes(EtcdClient client) {
		assertThat(client.kv().put("k", "v").revision()).isPositive();
	}

	@Test
	void trustsAnAuthority() {
		try (EtcdClient client = SecurityGuide.connect(this.endpoints, this.authority)) {
			assertThatExceptionOfType(EtcdAuthenticationException.class).isThrownBy(() -> client.kv().get("k"));
		}
	}

	@Test
	void showsACertificate() {
		CertificateFiles files = etcd.cluster().certificateAuthority().client("root");

		TlsOptions mutual = SecurityGuide.mutual(this.authority, files.certificate(), files.key());

		assertThat(mutual.hasClientCertificate()).isTrue();
		assertThat(mutual.minimumProtocol()).isEqualTo(TlsProtocol.TLS_1_3);
		EtcdCredentials root = new EtcdCredentials("root", PASSWORD);
		try (EtcdClient client = SecurityGuide.connectAs(root, this.endpoints, mutual)) {
			assertServes(client);
		}
	}

	@Test
	void asksForThePasswordAndForTokens() {
		List<String> asked = new ArrayList<>();
		try (EtcdClient client = SecurityGuide.connectAs("root", () -> {
			asked.add("password");
			return PASSWORD;
		}, this.endpoints, this.tls)) {
			assertServes(client);
			assertThat(asked).containsExactly("password");
		}
		try (EtcdClient client = SecurityGuide.connectWith(() -> "stale", this.endpoints, this.tls)) {
			assertThatExceptionOfType(EtcdAuthenticationException.class).isThrownBy(() -> client.kv().get("k"));
		}
	}

	@Test
	void warnsOfAPasswordInPlaintext() {
		List<String> warnings = new ArrayList<>();

		EtcdClient
			.create(EtcdClientOptions.builder(List.of("http://etcd-0.example.com:2379"))
				.credentials(new EtcdCredentials("root", PASSWORD))
				.warnings(warnings::add)
				.build())
			.close();

		assertThat(warnings).singleElement().asString().contains("plaintext").doesNotContain(PASSWORD);
	}

}
