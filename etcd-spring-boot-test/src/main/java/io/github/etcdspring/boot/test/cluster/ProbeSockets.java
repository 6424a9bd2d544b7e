/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * The TLS connections by which a cluster asks its own members how they are. Trusted is
 * whatever the cluster's authority has issued, expired or for another host as it may be:
 * tests want such servers to start.
 */
final class ProbeSockets {

	private ProbeSockets() {
	}

	/**
	 * Returns the factory of these connections.
	 * @param client shown to servers that ask for a certificate
	 */
	static SSLSocketFactory create(CertificateAuthority authority, @Nullable CertificateFiles client) {
		try {
			KeyManager[] shown = (client != null) ? keyManagers(client) : new KeyManager[0];
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(shown, new TrustManager[] { new Issued(authority.publicKey()) }, null);
			return context.getSocketFactory();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("cannot use the certificates of the cluster", ex);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot read the client certificate of the cluster", ex);
		}
	}

	private static KeyManager[] keyManagers(CertificateFiles client) throws GeneralSecurityException, IOException {
		char[] noPassword = new char[0];
		KeyStore store = KeyStore.getInstance("PKCS12");
		store.load(null, noPassword);
		store.setKeyEntry("client", readKey(client), noPassword, new Certificate[] { readCertificate(client) });
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(store, noPassword);
		return factory.getKeyManagers();
	}

	private static PrivateKey readKey(CertificateFiles files) throws GeneralSecurityException, IOException {
		try (Reader reader = Files.newBufferedReader(files.key()); PemReader pem = new PemReader(reader)) {
			return KeyFactory.getInstance("EC")
				.generatePrivate(new PKCS8EncodedKeySpec(pem.readPemObject().getContent()));
		}
	}

	private static Certificate readCertificate(CertificateFiles files) throws GeneralSecurityException, IOException {
		try (InputStream input = Files.newInputStream(files.certificate())) {
			return CertificateFactory.getInstance("X.509").generateCertificate(input);
		}
	}

	// trusts by the signature alone
	private static final class Issued extends X509ExtendedTrustManager {

		private final PublicKey authority;

		Issued(PublicKey authority) {
			this.authority = authority;
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			try {
				chain[0].verify(this.authority);
			}
			catch (GeneralSecurityException ex) {
				throw new CertificateException("not issued by the authority of the cluster", ex);
			}
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
				throws CertificateException {
			checkServerTrusted(chain, authType);
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
				throws CertificateException {
			checkServerTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
			throw new CertificateException("probes are no servers");
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
				throws CertificateException {
			checkClientTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
				throws CertificateException {
			checkClientTrusted(chain, authType);
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
