/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class EtcdClusterTlsIntegrationTests {

	// etcdctl tries again until then when it is refused
	private static final String SOON = "--command-timeout=1s";

	@Test
	void servesByTlsWhenWanted() {
		try (EtcdCluster cluster = EtcdCluster.builder().tls().start()) {
			EtcdMember member = cluster.member(0);
			Path authority = cluster.certificateAuthority().certificate();

			assertThat(cluster.endpoints()).containsExactly("https://127.0.0.1:" + member.clientPort());
			assertThat(cluster.etcdctl("put", "greeting", "hello")).isEqualTo("OK");
			assertThat(cluster.etcdctl("--endpoints=https://localhost:" + member.clientPort(), "get", "greeting"))
				.isEqualTo("greeting\nhello");
			assertThat(cluster.leader()).isSameAs(member);
			assertThat(authority).content().startsWith("-----BEGIN CERTIFICATE-----");
			assertThatIllegalStateException().isThrownBy(cluster::clientCertificate)
				.withMessage("cluster has no client certificate (expected: started with mutualTls)");
		}
	}

	@Test
	void servesThroughDeathOfLeaderWhenTlsIsMutual() {
		try (EtcdCluster cluster = EtcdCluster.builder().members(3).mutualTls().start()) {
			EtcdMember killed = cluster.leader();

			killed.kill();

			assertThat(cluster.leader()).isNotSameAs(killed);
			assertThat(cluster.etcdctl("put", "greeting", "hello")).isEqualTo("OK");

			killed.restart();

			assertThat(cluster.etcdctl("--endpoints=" + killed.endpoint(), "get", "greeting"))
				.isEqualTo("greeting\nhello");
		}
	}

	@Test
	void refusesClientsWithoutItsCertificateWhenTlsIsMutual(@TempDir Path folder) {
		CertificateFiles foreign = CertificateAuthority.create(folder).client("root");
		try (EtcdCluster cluster = EtcdCluster.builder().mutualTls().start()) {
			CertificateFiles second = cluster.certificateAuthority().client("second");

			assertThat(getWith(cluster, second)).isEmpty();
			assertThatExceptionOfType(EtcdctlException.class).isThrownBy(() -> getWith(cluster, foreign));
			assertThat(cluster.member(0).log()).content().contains("rejected connection");
		}
	}

	@Test
	void takesCommonNameForUserWhenAuthenticationIsEnabled() {
		try (EtcdCluster cluster = EtcdCluster.builder().mutualTls("ann").start()) {
			CertificateFiles root = cluster.certificateAuthority().client("root");
			cluster.etcdctl("user", "add", "root:secret");
			cluster.etcdctl("user", "grant-role", "root", "root");
			cluster.etcdctl("user", "add", "ann", "--no-password");
			cluster.etcdctl("role", "add", "reader");
			cluster.etcdctl("role", "grant-permission", "reader", "read", "seen");
			cluster.etcdctl("user", "grant-role", "ann", "reader");
			cluster.etcdctl("auth", "enable");

			assertThat(cluster.etcdctl("get", "seen")).isEmpty();
			assertThatExceptionOfType(EtcdctlException.class).isThrownBy(() -> cluster.etcdctl("get", "hidden"))
				.withMessageContaining("permission denied");
			assertThat(cluster.etcdctl("--cert=" + root.certificate(), "--key=" + root.key(), "get", "hidden"))
				.isEmpty();
			assertThat(cluster.leader()).isSameAs(cluster.member(0));
			cluster.restart();
		}
	}

	@Test
	void startsWhenCertificateOfServersHasExpired() {
		Instant now = Instant.now();
		EtcdCluster.Builder builder = EtcdCluster.builder()
			.tls()
			.serverCertificate(
					(authority) -> authority.withValidity(now.minus(Duration.ofDays(2)), now).server("127.0.0.1"));
		try (EtcdCluster cluster = builder.start()) {
			assertThat(cluster.leader()).isSameAs(cluster.member(0));
			assertIsRefusedUnlessUnverified(cluster);
		}
	}

	@Test
	void startsWhenCertificateOfServersIsForAnotherHost() {
		EtcdCluster.Builder builder = EtcdCluster.builder()
			.tls()
			.serverCertificate((authority) -> authority.server("etcd.example.org"));
		try (EtcdCluster cluster = builder.start()) {
			assertThat(cluster.leader()).isSameAs(cluster.member(0));
			assertIsRefusedUnlessUnverified(cluster);
		}
	}

	private static void assertIsRefusedUnlessUnverified(EtcdCluster cluster) {
		assertThat(cluster.etcdctl("--insecure-skip-tls-verify", "get", "key")).isEmpty();
		assertThatExceptionOfType(EtcdctlException.class).isThrownBy(() -> cluster.etcdctl(SOON, "get", "key"));
	}

	@Test
	void hasNoCertificatesWhenPlaintext() {
		try (EtcdCluster cluster = EtcdCluster.start()) {
			assertThatIllegalStateException().isThrownBy(cluster::certificateAuthority)
				.withMessage("cluster has no certificates (expected: started with tls or mutualTls)");
			assertThatIllegalStateException().isThrownBy(cluster::clientCertificate)
				.withMessage("cluster has no client certificate (expected: started with mutualTls)");
		}
	}

	@Test
	void leavesNothingWhenCertificateCannotBeMade() {
		EtcdCluster.Builder builder = EtcdCluster.builder().tls().serverCertificate(CertificateAuthority::server);

		assertThatIllegalArgumentException().isThrownBy(builder::start)
			.withMessage("names: none (expected: at least one)");

		assertThat(ProcessHandle.current().descendants()).isEmpty();
	}

	private static String getWith(EtcdCluster cluster, CertificateFiles client) {
		return cluster.etcdctl(SOON, "--cert=" + client.certificate(), "--key=" + client.key(), "get", "key");
	}

}
