/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.util.function.Function;

/**
 * What the connections of a cluster's clients are to be. Immutable.
 *
 * @param mode whether there is TLS, and who shows a certificate
 * @param clientCommonName of the client certificate, where there is one
 * @param serverCertificate issues that of all servers
 */
record TlsSettings(Mode mode, String clientCommonName,
		Function<CertificateAuthority, CertificateFiles> serverCertificate) {

	/**
	 * Without TLS; with it, certificates are for loopback.
	 */
	static TlsSettings plaintext() {
		return new TlsSettings(Mode.PLAINTEXT, "root",
				(authority) -> authority.server("localhost", "127.0.0.1", "::1"));
	}

	TlsSettings withMode(Mode mode) {
		return new TlsSettings(mode, this.clientCommonName, this.serverCertificate);
	}

	TlsSettings withClientCommonName(String clientCommonName) {
		return new TlsSettings(this.mode, clientCommonName, this.serverCertificate);
	}

	TlsSettings withServerCertificate(Function<CertificateAuthority, CertificateFiles> serverCertificate) {
		return new TlsSettings(this.mode, this.clientCommonName, serverCertificate);
	}

	/** Who shows a certificate. */
	enum Mode {

		/** Nobody: no TLS. */
		PLAINTEXT,
		/** The servers. */
		SERVER,
		/** The servers and the clients. */
		MUTUAL

	}

}
