/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The token of the client's user. However many calls need one at a time, one is asked
 * for. Where it is known when a token expires, its successor is asked for before, by the
 * first call that finds a fifth of the life left; calls go on with the old token until
 * the new one is there. A refusal of the credentials is remembered for a while, so that a
 * wrong password does not make the cluster compute hashes all day. Thread-safe.
 */
final class TokenSource {

	/** How long a refusal of the credentials stands before they are tried again. */
	private static final Duration REFUSAL = Duration.ofSeconds(5);

	private final TokenRenewal renewal;

	/** Obtains a token each time; none if authentication is off at the server. */
	private final Supplier<CompletableFuture<Optional<AuthToken>>> login;

	private final Ticker ticker;

	private final InstantSource wallClock;

	/** Guards the fields below; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable CompletableFuture<Optional<AuthToken>> token;

	private long askedAtNanos;

	/** Of the token, if it is there and tells when it expires. */
	private @Nullable TokenLife life;

	/** What takes the place of the token, while it is asked for ahead of time. */
	private @Nullable CompletableFuture<Optional<AuthToken>> successor;

	TokenSource(TokenRenewal renewal, Supplier<CompletableFuture<Optional<AuthToken>>> login, Ticker ticker,
			InstantSource wallClock) {
		this.renewal = renewal;
		this.login = login;
		this.ticker = ticker;
		this.wallClock = wallClock;
	}

	static TokenSource of(EtcdClientOptions options, Login login) {
		return new TokenSource(TokenRenewal.of(options), login.of(options.authentication()), options.ticker(),
				options.wallClock());
	}

	/** Returns what can be done about a refused token. */
	TokenRenewal renewal() {
		return this.renewal;
	}

	/**
	 * Returns the token to send.
	 * @return the token, none if the client has no user or authentication is off
	 */
	CompletableFuture<Optional<AuthToken>> current() {
		if (!this.renewal.isPossible()) {
			return this.login.get();
		}
		this.lock.lock();
		try {
			CompletableFuture<Optional<AuthToken>> token = this.token;
			if (token == null || !isUsable(token)) {
				return ask();
			}
			TokenLife life = this.life;
			if (life != null && this.successor == null && life.isDue(this.ticker.nanoTime())) {
				askAhead(life);
			}
			return token;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Returns another token than one that was refused.
	 * @param refused the token that was sent, {@code null} if none was
	 * @return a newer one: perhaps one that another call has already asked for; the same
	 * if there is no other
	 */
	CompletableFuture<Optional<AuthToken>> refresh(@Nullable AuthToken refused) {
		if (!this.renewal.isPossible()) {
			return this.login.get();
		}
		this.lock.lock();
		try {
			CompletableFuture<Optional<AuthToken>> token = this.token;
			boolean newer = token != null && isUsable(token) && (!token.isDone() || token.isCompletedExceptionally()
					|| !token.join().equals(Optional.ofNullable(refused)));
			return (token != null && newer) ? token : ask();
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isUsable(CompletableFuture<Optional<AuthToken>> token) {
		long now = this.ticker.nanoTime();
		Throwable failure = token.handle((value, thrown) -> thrown).getNow(null);
		if (failure == null) {
			return this.life == null || !this.life.isOver(now);
		}
		return failure instanceof EtcdAuthenticationException && now - this.askedAtNanos < REFUSAL.toNanos();
	}

	private CompletableFuture<Optional<AuthToken>> ask() {
		CompletableFuture<Optional<AuthToken>> asked = (this.successor != null) ? this.successor : this.login.get();
		this.successor = null;
		this.life = null;
		this.token = asked;
		this.askedAtNanos = this.ticker.nanoTime();
		asked.thenAccept((answer) -> received(asked, answer));
		return asked;
	}

	private void received(CompletableFuture<Optional<AuthToken>> asked, Optional<AuthToken> answer) {
		this.lock.lock();
		try {
			if (this.token == asked) {
				this.life = lifeOf(answer);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void askAhead(TokenLife life) {
		CompletableFuture<Optional<AuthToken>> asked = this.login.get();
		this.successor = asked;
		this.life = life.tried(this.ticker.nanoTime());
		asked.whenComplete((answer, failure) -> receivedAhead(asked));
	}

	/** Takes a successor; nothing changes if it could not be had. */
	private void receivedAhead(CompletableFuture<Optional<AuthToken>> asked) {
		this.lock.lock();
		try {
			if (this.successor != asked) {
				return;
			}
			this.successor = null;
			if (!asked.isCompletedExceptionally()) {
				this.token = asked;
				this.life = lifeOf(asked.join());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable TokenLife lifeOf(Optional<AuthToken> token) {
		return token.map((value) -> TokenLife.of(value, this.ticker, this.wallClock)).orElse(null);
	}

}
