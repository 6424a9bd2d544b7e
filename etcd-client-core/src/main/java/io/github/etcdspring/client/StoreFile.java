/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.NoSuchAlgorithmException;
import java.security.UnrecoverableKeyException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A key store in a file, PKCS#12 or JKS, whichever it is.
 *
 * @param file the file
 * @param password of the store
 */
record StoreFile(Path file, String password) {

	/**
	 * Reads the store.
	 * @throws InvalidTlsException if it cannot be read
	 */
	KeyStore read() {
		// for a better message if the file cannot be read at all
		TlsFiles.read(this.file);
		try {
			return KeyStore.getInstance(this.file.toFile(), this.password.toCharArray());
		}
		catch (IOException ex) {
			boolean wrong = ex.getCause() instanceof UnrecoverableKeyException;
			throw new InvalidTlsException(this.file, wrong ? "its password is wrong" : "it is no whole key store",
					wrong ? "the password of the store" : "PKCS#12 or JKS", ex);
		}
		catch (KeyStoreException | NoSuchAlgorithmException ex) {
			throw new InvalidTlsException(this.file, "it is no key store", "PKCS#12 or JKS", ex);
		}
		catch (GeneralSecurityException ex) {
			throw new InvalidTlsException(this.file, "a certificate in it cannot be read", "X.509 certificates", ex);
		}
	}

	/**
	 * Returns the certificates that a store holds to be trusted.
	 * @throws InvalidTlsException if there is none
	 */
	List<X509Certificate> trusted() {
		KeyStore store = read();
		List<X509Certificate> trusted = new ArrayList<>();
		try {
			for (String alias : Collections.list(store.aliases())) {
				if (store.isCertificateEntry(alias) && store.getCertificate(alias) instanceof X509Certificate found) {
					trusted.add(found);
				}
			}
		}
		catch (KeyStoreException ex) {
			throw new IllegalStateException("a store that was read", ex);
		}
		if (trusted.isEmpty()) {
			throw new InvalidTlsException(this.file, "it has no trusted certificate",
					"at least one certificate entry; a PKCS#12 file of openssl has none, give that as PEM");
		}
		return trusted;
	}

	@Override
	public String toString() {
		return this.file.toString();
	}

}
