/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

import io.github.etcdspring.client.TlsOptions;

/**
 * Each way to say whom a client trusts.
 */
enum TrustForm {

	PEM {

		@Override
		TlsOptions.Builder trusting(Path certificate, Path folder) {
			return TlsOptions.builder().trustCertificates(certificate);
		}

	},

	JKS {

		@Override
		TlsOptions.Builder trusting(Path certificate, Path folder) throws GeneralSecurityException, IOException {
			Path store = Material.trustStore(folder.resolve("trust.jks"), "JKS", "secret", certificate);
			return TlsOptions.builder().trustStore(store, "secret");
		}

	},

	PKCS12 {

		@Override
		TlsOptions.Builder trusting(Path certificate, Path folder) throws GeneralSecurityException, IOException {
			Path store = Material.trustStore(folder.resolve("trust.p12"), "PKCS12", "secret", certificate);
			return TlsOptions.builder().trustStore(store, "secret");
		}

	},

	MANAGERS {

		@Override
		TlsOptions.Builder trusting(Path certificate, Path folder) throws GeneralSecurityException, IOException {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setCertificateEntry("authority", Material.certificate(certificate));
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(store);
			TrustManager[] managers = factory.getTrustManagers();
			return TlsOptions.builder().trustManagers(() -> managers);
		}

	};

	/** Returns options of a client that trusts a certificate only. */
	abstract TlsOptions.Builder trusting(Path certificate, Path folder) throws GeneralSecurityException, IOException;

}
