/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;

/**
 * Asks the user's own code for a secret: never on a connection's thread, since it may
 * read files or call a vault.
 */
final class SuppliedSecret {

	private SuppliedSecret() {
	}

	/**
	 * Asks for a secret.
	 * @param what it is, for the message if there is none
	 * @return the secret; fails with an {@link EtcdAuthenticationException} if the
	 * supplier does
	 */
	static <T> CompletableFuture<T> ask(Supplier<T> supplier, String what, Executor executor) {
		CompletableFuture<T> secret = new CompletableFuture<>();
		executor.execute(() -> {
			try {
				secret.complete(Objects.requireNonNull(supplier.get(), "supplied value"));
			}
			catch (Throwable ex) {
				// somebody waits for it, whatever the user's code did
				secret.completeExceptionally(failure(what, ex));
			}
		});
		return secret;
	}

	private static EtcdAuthenticationException failure(String what, Throwable cause) {
		String message = "the supplier of the " + what + " failed: " + cause.getClass().getName();
		return new EtcdAuthenticationException(
				new FailureDetails(message, null, StatusCode.UNAUTHENTICATED, Outcome.NOT_APPLIED, true, null, 0),
				cause);
	}

}
