/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The token of the client's user. However many calls need one at a time, one is asked
 * for. A refusal of the credentials is remembered for a while, so that a wrong password
 * does not make the cluster compute hashes all day. Thread-safe.
 */
final class TokenSource {

	/** How long a refusal of the credentials stands before they are tried again. */
	private static final Duration REFUSAL = Duration.ofSeconds(5);

	private static final CompletableFuture<Optional<AuthToken>> NO_TOKEN = CompletableFuture
		.completedFuture(Optional.empty());

	private final @Nullable EtcdCredentials credentials;

	/** Returns no token if authentication is off at the server. */
	private final Function<EtcdCredentials, CompletableFuture<Optional<AuthToken>>> authentication;

	private final Ticker ticker;

	/** Guards the fields below; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable CompletableFuture<Optional<AuthToken>> token;

	private long askedAtNanos;

	TokenSource(@Nullable EtcdCredentials credentials,
			Function<EtcdCredentials, CompletableFuture<Optional<AuthToken>>> authentication, Ticker ticker) {
		this.credentials = credentials;
		this.authentication = authentication;
		this.ticker = ticker;
	}

	boolean isEnabled() {
		return this.credentials != null;
	}

	/**
	 * Returns the token to send.
	 * @return the token, none if the client has no user or authentication is off
	 */
	CompletableFuture<Optional<AuthToken>> current() {
		if (this.credentials == null) {
			return NO_TOKEN;
		}
		this.lock.lock();
		try {
			CompletableFuture<Optional<AuthToken>> token = this.token;
			return (token != null && isUsable(token)) ? token : ask(this.credentials);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns another token than one that was refused.
	 * @param refused the token that was sent, {@code null} if none was
	 * @return a newer one: perhaps one that another call has already asked for
	 */
	CompletableFuture<Optional<AuthToken>> refresh(@Nullable AuthToken refused) {
		if (this.credentials == null) {
			return NO_TOKEN;
		}
		this.lock.lock();
		try {
			CompletableFuture<Optional<AuthToken>> token = this.token;
			boolean newer = token != null && isUsable(token) && (!token.isDone() || token.isCompletedExceptionally()
					|| !token.join().equals(Optional.ofNullable(refused)));
			return (token != null && newer) ? token : ask(this.credentials);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isUsable(CompletableFuture<Optional<AuthToken>> token) {
		Throwable failure = token.handle((value, thrown) -> thrown).getNow(null);
		return failure == null || (failure instanceof EtcdAuthenticationException
				&& this.ticker.nanoTime() - this.askedAtNanos < REFUSAL.toNanos());
	}

	private CompletableFuture<Optional<AuthToken>> ask(EtcdCredentials credentials) {
		CompletableFuture<Optional<AuthToken>> asked = this.authentication.apply(credentials);
		this.token = asked;
		this.askedAtNanos = this.ticker.nanoTime();
		return asked;
	}

}
