/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;

import org.jspecify.annotations.Nullable;

/**
 * Who a client is: the source of its certificate and the key of that.
 */
sealed interface KeySource extends TlsSource<X509ExtendedKeyManager> {

	/** Returns the files with private keys. */
	List<Path> secretFiles();

	/**
	 * A certificate and its key in PEM.
	 *
	 * @param certificates the client's certificate first, then those of its issuers
	 * @param key the file of the private key
	 * @param password of the key, {@code null} if it is not encrypted
	 */
	record Pem(Path certificates, Path key, @Nullable String password) implements KeySource {

		@Override
		public List<Path> secretFiles() {
			return List.of(this.key);
		}

		@Override
		public Object version() {
			return TlsFiles.version(List.of(this.certificates, this.key));
		}

		@Override
		public X509ExtendedKeyManager load() {
			List<X509Certificate> chain = PemFile.read(this.certificates).certificates();
			requireValid(chain.get(0), this.certificates);
			PrivateKey key = new PemKey(this.key, this.password).of(chain.get(0).getPublicKey(), this.certificates);
			try {
				KeyStore store = KeyStore.getInstance("PKCS12");
				store.load(null, null);
				store.setKeyEntry("client", key, new char[0], chain.toArray(X509Certificate[]::new));
				return keyManager(store, "", this);
			}
			catch (IOException | GeneralSecurityException ex) {
				throw new InvalidTlsException(this.certificates, "its certificates are no chain",
						"the client's certificate first, then that of each issuer", ex);
			}
		}

		@Override
		public String toString() {
			return this.certificates + " and " + this.key;
		}

	}

	/**
	 * The key entries of a key store.
	 *
	 * @param store the key store
	 * @param keyPassword the password of its keys
	 */
	record Store(StoreFile store, String keyPassword) implements KeySource {

		@Override
		public List<Path> secretFiles() {
			return List.of(this.store.file());
		}

		@Override
		public Object version() {
			return TlsFiles.version(List.of(this.store.file()));
		}

		@Override
		public X509ExtendedKeyManager load() {
			KeyStore read = this.store.read();
			try {
				List<X509Certificate> certificates = certificates(read);
				if (certificates.isEmpty()) {
					throw new InvalidTlsException(this, "it has no key with a certificate", "at least one key entry");
				}
				if (certificates.size() == 1) {
					requireValid(certificates.get(0), this.store.file());
				}
				return keyManager(read, this.keyPassword, this);
			}
			catch (UnrecoverableKeyException ex) {
				throw new InvalidTlsException(this, "the password of its key is wrong", "one password for all its keys",
						ex);
			}
			catch (GeneralSecurityException ex) {
				throw new InvalidTlsException(this, "its keys cannot be used", "X.509 certificates with keys", ex);
			}
		}

		private static List<X509Certificate> certificates(KeyStore store) throws GeneralSecurityException {
			List<X509Certificate> certificates = new ArrayList<>();
			for (String alias : Collections.list(store.aliases())) {
				if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
					certificates.add(certificate);
				}
			}
			return certificates;
		}

		@Override
		public String toString() {
			return this.store.toString();
		}

	}

	/**
	 * The user's own key managers.
	 *
	 * @param supplier asked for each connection
	 */
	record Supplied(Supplier<KeyManager[]> supplier) implements KeySource {

		@Override
		public List<Path> secretFiles() {
			return List.of();
		}

		@Override
		public Object version() {
			return new Object();
		}

		@Override
		public X509ExtendedKeyManager load() {
			return SuppliedManagers.first(this.supplier, X509ExtendedKeyManager.class, this);
		}

		@Override
		public String toString() {
			return "the supplier of key managers";
		}

	}

	private static void requireValid(X509Certificate certificate, Path file) {
		try {
			certificate.checkValidity();
		}
		catch (CertificateExpiredException ex) {
			throw new InvalidTlsException(file, "its certificate expired at " + certificate.getNotAfter().toInstant(),
					"a certificate that is valid now", ex);
		}
		catch (CertificateNotYetValidException ex) {
			throw new InvalidTlsException(file,
					"its certificate is not valid before " + certificate.getNotBefore().toInstant(),
					"a certificate that is valid now", ex);
		}
	}

	private static X509ExtendedKeyManager keyManager(KeyStore store, String keyPassword, KeySource source)
			throws GeneralSecurityException {
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(store, keyPassword.toCharArray());
		return SuppliedManagers.first(factory::getKeyManagers, X509ExtendedKeyManager.class, source);
	}

}
