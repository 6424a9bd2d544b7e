/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.internal.proto.AuthGrpc;
import io.github.etcdspring.internal.proto.AuthProto;

/**
 * Where a client's tokens come from: a login with a password, or the user's own supplier.
 */
final class Login {

	private final EtcdChannel channel;

	Login(EtcdChannel channel) {
		this.channel = channel;
	}

	/**
	 * Returns what obtains a token each time it is asked.
	 * @return a supplier of tokens, which are absent while authentication is off at the
	 * server
	 */
	Supplier<CompletableFuture<Optional<AuthToken>>> of(Authentication authentication) {
		if (authentication instanceof Authentication.Password password) {
			return () -> logIn(password.credentials());
		}
		if (authentication instanceof Authentication.SuppliedToken supplied) {
			return () -> SuppliedSecret.ask(() -> Optional.of(AuthToken.of(supplied.token().get())), "token",
					this.channel.secrets());
		}
		Optional<AuthToken> token = (authentication instanceof Authentication.FixedToken fixed)
				? Optional.of(fixed.token()) : Optional.empty();
		CompletableFuture<Optional<AuthToken>> always = CompletableFuture.completedFuture(token);
		return () -> always;
	}

	private CompletableFuture<Optional<AuthToken>> logIn(Supplier<EtcdCredentials> supplier) {
		CompletableFuture<Optional<AuthToken>> token = new CompletableFuture<>();
		if (supplier instanceof Authentication.FixedCredentials fixed) {
			authenticate(fixed.get(), token);
			return token;
		}
		SuppliedSecret.ask(supplier, "credentials", this.channel.secrets()).whenComplete((credentials, failure) -> {
			if (failure != null) {
				token.completeExceptionally(failure);
			}
			else {
				authenticate(credentials, token);
			}
		});
		return token;
	}

	private void authenticate(EtcdCredentials credentials, CompletableFuture<Optional<AuthToken>> token) {
		AuthProto.AuthenticateRequest request = AuthProto.AuthenticateRequest.newBuilder()
			.setName(credentials.user())
			.setPassword(credentials.password())
			.build();
		new UnaryCall<>(this.channel, this.channel.settings(), AuthGrpc.getAuthenticateMethod(), request,
				RetryPolicy.REPEATABLE, (answer, sentAtNanos) -> new AuthToken(answer.getToken()), CallPreparation.NONE)
			.start()
			.whenComplete((answer, failure) -> {
				if (failure == null) {
					token.complete(Optional.of(answer));
				}
				else if (failure instanceof EtcdRequestException refusal && isAuthenticationOff(refusal)) {
					token.complete(Optional.empty());
				}
				else {
					token.completeExceptionally(failure);
				}
			});
	}

	private static boolean isAuthenticationOff(EtcdRequestException refusal) {
		return refusal.error().filter(EtcdError.AUTH_NOT_ENABLED::equals).isPresent();
	}

}
