/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.client.TlsOptions;
import io.github.etcdspring.client.TlsProtocol;

/**
 * The snippets of {@code docs/client/security.md}.
 */
final class SecurityGuide {

	private SecurityGuide() {
	}

	static EtcdClient connect(List<String> endpoints, Path authority) {
		TlsOptions tls = TlsOptions.builder().trustCertificates(authority).build();
		return EtcdClient.create(EtcdClientOptions.builder(endpoints).tls(tls).build());
	}

	static TlsOptions mutual(Path authority, Path certificate, Path key) {
		return TlsOptions.builder()
			.trustCertificates(authority)
			.clientCertificate(certificate, key)
			.serverName("localhost")
			.minimumProtocol(TlsProtocol.TLS_1_3)
			.build();
	}

	static EtcdClient connectAs(EtcdCredentials user, List<String> endpoints, TlsOptions tls) {
		return EtcdClient.create(EtcdClientOptions.builder(endpoints).tls(tls).credentials(user).build());
	}

	static EtcdClient connectAs(String user, Supplier<String> password, List<String> endpoints, TlsOptions tls) {
		Supplier<EtcdCredentials> credentials = () -> new EtcdCredentials(user, password.get());
		return EtcdClient.create(EtcdClientOptions.builder(endpoints).tls(tls).credentials(credentials).build());
	}

	static EtcdClient connectWith(Supplier<String> tokens, List<String> endpoints, TlsOptions tls) {
		return EtcdClient.create(EtcdClientOptions.builder(endpoints).tls(tls).token(tokens).build());
	}

}
