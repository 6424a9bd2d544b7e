/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The options of a client that say who it is and how its connections are secured. Not
 * thread-safe.
 *
 * @param <B> the builder that collects them
 */
// methods are not final, so that the compiler makes those of the public builder public
abstract class SecurityOptions<B extends SecurityOptions<B>> {

	private @Nullable Authentication credentials;

	private @Nullable Authentication token;

	private @Nullable TlsOptions tls;

	abstract B self();

	/**
	 * Speaks as a user. Default: no user, unless the servers take one from the client's
	 * certificate.
	 * @param credentials the user
	 * @return this builder
	 */
	public B credentials(EtcdCredentials credentials) {
		this.credentials = Authentication.Password.of(Objects.requireNonNull(credentials, "credentials"));
		return self();
	}

	/**
	 * Speaks as a user whose password may change while the client runs.
	 * @param supplier returns the user; asked at each login, on a thread of the client's
	 * own, and may block there. While it does, calls wait for it no longer than their
	 * time; if it fails or returns {@code null}, they fail with an
	 * {@link io.github.etcdspring.EtcdAuthenticationException}, and it is asked again
	 * after 5 s
	 * @return this builder
	 */
	public B credentials(Supplier<EtcdCredentials> supplier) {
		this.credentials = new Authentication.Password(Objects.requireNonNull(supplier, "supplier"));
		return self();
	}

	/**
	 * Sends a token that comes from elsewhere, such as a JSON Web Token that the servers
	 * can verify. It is never replaced: when a server refuses it, calls fail with an
	 * {@link io.github.etcdspring.EtcdAuthenticationException}. Not together with
	 * credentials.
	 * @param token the token alone, without {@code Bearer}
	 * @return this builder
	 * @throws IllegalArgumentException if it is empty, or not printable ASCII without
	 * spaces
	 */
	public B token(String token) {
		this.token = new Authentication.FixedToken(AuthToken.of(token));
		return self();
	}

	/**
	 * Sends tokens that come from elsewhere and are replaced in time. Not together with
	 * credentials.
	 * @param supplier returns a token as {@link #token(String)} takes it; asked for the
	 * first, once more by a call whose token was refused, and ahead of the expiry that a
	 * JSON Web Token tells; where {@link #credentials(Supplier)} is
	 * @return this builder
	 */
	public B token(Supplier<String> supplier) {
		this.token = new Authentication.SuppliedToken(Objects.requireNonNull(supplier, "supplier"));
		return self();
	}

	final Authentication authentication() {
		if (this.credentials != null && this.token != null) {
			throw new IllegalArgumentException("credentials and token: both are given (expected: one of them)");
		}
		return Objects.requireNonNullElseGet((this.credentials != null) ? this.credentials : this.token,
				Authentication.None::new);
	}

	/**
	 * Sets how the client speaks TLS. Default: as {@code TlsOptions.builder().build()}
	 * says, with {@code https} endpoints.
	 * @param tls the options; only with {@code https} endpoints
	 * @return this builder
	 */
	public B tls(TlsOptions tls) {
		this.tls = Objects.requireNonNull(tls, "tls");
		return self();
	}

	final @Nullable TlsOptions tls() {
		return this.tls;
	}

}
