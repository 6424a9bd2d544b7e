/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts: the source of what checks a server's certificate.
 */
sealed interface TrustSource extends TlsSource<X509ExtendedTrustManager> {

	/** What the JVM trusts. */
	record Jvm() implements TrustSource {

		@Override
		public Object version() {
			return this;
		}

		@Override
		public X509ExtendedTrustManager load() {
			return trustManager(null, this);
		}

		@Override
		public String toString() {
			return "the JVM's default";
		}

	}

	/**
	 * Certificates in PEM.
	 *
	 * @param files at least one, each with one certificate or more
	 */
	record Pem(List<Path> files) implements TrustSource {

		@Override
		public Object version() {
			return TlsFiles.version(this.files);
		}

		@Override
		public X509ExtendedTrustManager load() {
			List<X509Certificate> trusted = new ArrayList<>();
			this.files.forEach((file) -> trusted.addAll(PemFile.read(file).certificates()));
			return trustManager(storeOf(trusted, this), this);
		}

		@Override
		public String toString() {
			return (this.files.size() == 1) ? this.files.get(0).toString() : this.files.toString();
		}

	}

	/**
	 * The certificate entries of a key store.
	 *
	 * @param store the key store
	 */
	record Store(StoreFile store) implements TrustSource {

		@Override
		public Object version() {
			return TlsFiles.version(List.of(this.store.file()));
		}

		@Override
		public X509ExtendedTrustManager load() {
			return trustManager(storeOf(this.store.trusted(), this), this);
		}

		@Override
		public String toString() {
			return this.store.toString();
		}

	}

	/**
	 * The user's own trust managers.
	 *
	 * @param supplier asked for each connection
	 */
	record Supplied(Supplier<TrustManager[]> supplier) implements TrustSource {

		@Override
		public Object version() {
			return new Object();
		}

		@Override
		public X509ExtendedTrustManager load() {
			return SuppliedManagers.first(this.supplier, X509ExtendedTrustManager.class, this);
		}

		@Override
		public String toString() {
			return "the supplier of trust managers";
		}

	}

	private static KeyStore storeOf(List<X509Certificate> trusted, TrustSource source) {
		if (trusted.stream().noneMatch(TrustSource::isValid)) {
			throw new InvalidTlsException(source, "every certificate in it is expired or not valid yet",
					"at least one that is valid now");
		}
		try {
			KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
			store.load(null, null);
			for (int i = 0; i < trusted.size(); i++) {
				store.setCertificateEntry("trusted-" + i, trusted.get(i));
			}
			return store;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new InvalidTlsException(source, "its certificates cannot be used", "X.509 certificates", ex);
		}
	}

	private static boolean isValid(X509Certificate certificate) {
		try {
			certificate.checkValidity();
			return true;
		}
		catch (CertificateExpiredException | CertificateNotYetValidException ex) {
			return false;
		}
	}

	/** Makes the JDK's trust manager, which checks the host name as well. */
	private static X509ExtendedTrustManager trustManager(@Nullable KeyStore store, TrustSource source) {
		try {
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(store);
			return SuppliedManagers.first(factory::getTrustManagers, X509ExtendedTrustManager.class, source);
		}
		catch (GeneralSecurityException ex) {
			throw new InvalidTlsException(source, "its certificates cannot be used", "X.509 certificates", ex);
		}
	}

}
