/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import javax.net.ssl.SSLSocketFactory;

import org.jspecify.annotations.Nullable;

/**
 * How the clients of one cluster are served: in plaintext, or by TLS with certificates of
 * the cluster's own authority. Immutable.
 */
final class ClusterTls {

	private final @Nullable CertificateAuthority authority;

	private final @Nullable CertificateFiles server;

	private final @Nullable CertificateFiles client;

	private final @Nullable SSLSocketFactory probe;

	private ClusterTls(@Nullable CertificateAuthority authority, @Nullable CertificateFiles server,
			@Nullable CertificateFiles client) {
		this.authority = authority;
		this.server = server;
		this.client = client;
		this.probe = (authority != null) ? ProbeSockets.create(authority, client) : null;
	}

	/**
	 * Makes the certificates that are wanted, if any, in the folder.
	 */
	static ClusterTls create(TlsSettings settings, ClusterFolder folder) {
		if (settings.mode() == TlsSettings.Mode.PLAINTEXT) {
			return new ClusterTls(null, null, null);
		}
		CertificateAuthority authority = CertificateAuthority.create(folder.certificates());
		boolean mutual = settings.mode() == TlsSettings.Mode.MUTUAL;
		return new ClusterTls(authority, settings.serverCertificate().apply(authority),
				mutual ? authority.client(settings.clientCommonName()) : null);
	}

	String scheme() {
		return (this.server != null) ? "https" : "http";
	}

	/**
	 * The flags of every server.
	 */
	List<String> serverFlags() {
		List<String> flags = new ArrayList<>();
		if (this.server != null) {
			flags.addAll(List.of("--cert-file=" + this.server.certificate(), "--key-file=" + this.server.key()));
		}
		if (this.client != null) {
			flags.addAll(List.of("--client-cert-auth", "--trusted-ca-file=" + authority().certificate()));
		}
		return flags;
	}

	/**
	 * The flags of every etcdctl.
	 */
	List<String> etcdctlFlags() {
		List<String> flags = new ArrayList<>();
		if (this.authority != null) {
			flags.add("--cacert=" + this.authority.certificate());
		}
		if (this.client != null) {
			flags.addAll(List.of("--cert=" + this.client.certificate(), "--key=" + this.client.key()));
		}
		return flags;
	}

	/**
	 * Connects probes; empty where they use plaintext.
	 */
	Optional<SSLSocketFactory> probeSockets() {
		return Optional.ofNullable(this.probe);
	}

	CertificateAuthority authority() {
		if (this.authority == null) {
			throw new IllegalStateException("cluster has no certificates (expected: started with tls or mutualTls)");
		}
		return this.authority;
	}

	CertificateFiles clientCertificate() {
		if (this.client == null) {
			throw new IllegalStateException("cluster has no client certificate (expected: started with mutualTls)");
		}
		return this.client;
	}

}
