/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;

import org.jspecify.annotations.Nullable;

/**
 * How a client speaks TLS: whom it trusts, who it is, what name and protocol it insists
 * on. Immutable.
 * <p>
 * Files are read again for each new connection, so that certificates can be replaced
 * without a new client: those of old connections go on as they are, and no TLS session is
 * resumed. A file that is missing, half written or invalid changes nothing: what was read
 * before stays in use, and the log has one warning. The host name of a server is always
 * checked against its certificate.
 */
public final class TlsOptions {

	private final TrustSource trust;

	private final @Nullable KeySource key;

	private final @Nullable String serverName;

	private final TlsProtocol minimumProtocol;

	private TlsOptions(Builder builder) {
		this.trust = builder.trust;
		this.key = builder.key;
		this.serverName = builder.serverName;
		this.minimumProtocol = builder.minimumProtocol;
	}

	/**
	 * Begins options.
	 * @return a builder of a client that trusts what the JVM trusts, shows no
	 * certificate, and speaks TLS 1.2 or 1.3
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Returns whether the client shows a certificate to a server that asks for one.
	 * @return whether a certificate was set
	 */
	public boolean hasClientCertificate() {
		return this.key != null;
	}

	/**
	 * Returns the name that the servers' certificates must be for.
	 * @return the name, empty if it is the host of each endpoint
	 */
	public Optional<String> serverName() {
		return Optional.ofNullable(this.serverName);
	}

	/**
	 * Returns the oldest protocol that is spoken.
	 * @return the protocol
	 */
	public TlsProtocol minimumProtocol() {
		return this.minimumProtocol;
	}

	TrustSource trust() {
		return this.trust;
	}

	@Nullable KeySource key() {
		return this.key;
	}

	/** Names the files, never a password. */
	@Override
	public String toString() {
		return "TlsOptions[trust=" + this.trust + ", clientCertificate=" + this.key + ", serverName=" + this.serverName
				+ ", minimumProtocol=" + this.minimumProtocol + "]";
	}

	/**
	 * Collects options. A later choice of whom to trust, or of the client's certificate,
	 * takes the place of an earlier one. Not thread-safe.
	 */
	public static final class Builder {

		private TrustSource trust = new TrustSource.Jvm();

		private @Nullable KeySource key;

		private @Nullable String serverName;

		private TlsProtocol minimumProtocol = TlsProtocol.TLS_1_2;

		private Builder() {
		}

		/**
		 * Trusts certificates of authorities, and no others. Default: what the JVM
		 * trusts.
		 * @param files at least one, each with one certificate in PEM or more
		 * @return this builder
		 * @throws IllegalArgumentException if there is no file
		 */
		public Builder trustCertificates(Path... files) {
			if (files.length == 0) {
				throw new IllegalArgumentException("trusted certificates: no file (expected: at least one)");
			}
			this.trust = new TrustSource.Pem(List.of(files));
			return this;
		}

		/**
		 * Trusts the certificate entries of a key store, and no others.
		 * @param file the key store, PKCS#12 or JKS
		 * @param password of the key store
		 * @return this builder
		 */
		public Builder trustStore(Path file, String password) {
			this.trust = new TrustSource.Store(
					new StoreFile(Objects.requireNonNull(file, "file"), Objects.requireNonNull(password, "password")));
			return this;
		}

		/**
		 * Leaves it to trust managers whom to trust, and with that the check of the host
		 * name: those that a {@link javax.net.ssl.TrustManagerFactory} makes do it.
		 * @param supplier returns the managers, of which the first
		 * {@link javax.net.ssl.X509ExtendedTrustManager} is used; called for each new
		 * connection on the thread that serves it, and so must not wait for anything
		 * @return this builder
		 */
		public Builder trustManagers(Supplier<TrustManager[]> supplier) {
			this.trust = new TrustSource.Supplied(Objects.requireNonNull(supplier, "supplier"));
			return this;
		}

		/**
		 * Shows a certificate to servers that ask for one. Default: none.
		 * @param certificates a file with the client's certificate in PEM, followed by
		 * those of its issuers up to one that the servers know
		 * @param key a file with the private key in PEM, PKCS#8, not encrypted; may be
		 * the same file
		 * @return this builder
		 */
		public Builder clientCertificate(Path certificates, Path key) {
			this.key = new KeySource.Pem(Objects.requireNonNull(certificates, "certificates"),
					Objects.requireNonNull(key, "key"), null);
			return this;
		}

		/**
		 * Shows a certificate whose key is encrypted.
		 * @param certificates as in {@link #clientCertificate(Path, Path)}
		 * @param key a file with the private key in PEM, PKCS#8
		 * @param keyPassword the password of the key, if it is encrypted
		 * @return this builder
		 */
		public Builder clientCertificate(Path certificates, Path key, String keyPassword) {
			this.key = new KeySource.Pem(Objects.requireNonNull(certificates, "certificates"),
					Objects.requireNonNull(key, "key"), Objects.requireNonNull(keyPassword, "keyPassword"));
			return this;
		}

		/**
		 * Shows the certificate of a key store; of several, one whose issuer the server
		 * knows.
		 * @param file the key store, PKCS#12 or JKS
		 * @param password of the key store and of its keys
		 * @return this builder
		 */
		public Builder keyStore(Path file, String password) {
			return keyStore(file, password, password);
		}

		/**
		 * Shows the certificate of a key store whose keys have a password of their own.
		 * @param file the key store, PKCS#12 or JKS
		 * @param password of the key store
		 * @param keyPassword of its keys
		 * @return this builder
		 */
		public Builder keyStore(Path file, String password, String keyPassword) {
			this.key = new KeySource.Store(
					new StoreFile(Objects.requireNonNull(file, "file"), Objects.requireNonNull(password, "password")),
					Objects.requireNonNull(keyPassword, "keyPassword"));
			return this;
		}

		/**
		 * Leaves it to key managers which certificate to show.
		 * @param supplier returns the managers, of which the first
		 * {@link javax.net.ssl.X509ExtendedKeyManager} is used; called for each new
		 * connection on the thread that serves it, and so must not wait for anything
		 * @return this builder
		 */
		public Builder keyManagers(Supplier<KeyManager[]> supplier) {
			this.key = new KeySource.Supplied(Objects.requireNonNull(supplier, "supplier"));
			return this;
		}

		/**
		 * Sets the name that the certificate of every server must be for, in the place of
		 * the host of its endpoint: for servers that are reached by another name than
		 * they have. Default: the host of each endpoint.
		 * @param serverName a host name or an address, without port
		 * @return this builder
		 * @throws IllegalArgumentException if it cannot be one
		 */
		public Builder serverName(String serverName) {
			if (!isHost(serverName)) {
				throw new IllegalArgumentException(
						"server name: '" + serverName + "' (expected: a host name or an address, without port)");
			}
			this.serverName = serverName;
			return this;
		}

		private static boolean isHost(String name) {
			return name.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+]");
		}

		/**
		 * Sets the oldest protocol that is spoken; a server that wants an older one is
		 * refused. Default: TLS 1.2.
		 * @param minimumProtocol the protocol
		 * @return this builder
		 */
		public Builder minimumProtocol(TlsProtocol minimumProtocol) {
			this.minimumProtocol = Objects.requireNonNull(minimumProtocol, "minimumProtocol");
			return this;
		}

		/**
		 * Reads all files once, and returns the options.
		 * @return options that later changes of this builder do not reach
		 * @throws InvalidTlsException if a file is missing, unreadable, in another form
		 * than said or under another password, if a certificate is expired or has no key,
		 * or if a supplier fails
		 */
		public TlsOptions build() {
			this.trust.load();
			if (this.key != null) {
				this.key.load();
			}
			return new TlsOptions(this);
		}

	}

}
