/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.function.Supplier;

/**
 * How a client shows who it is. Immutable.
 */
sealed interface Authentication {

	/**
	 * It sends nothing; the server may take a user from the client's certificate.
	 */
	record None() implements Authentication {

	}

	/**
	 * It logs in for a token.
	 *
	 * @param credentials asked at each login
	 */
	record Password(Supplier<EtcdCredentials> credentials) implements Authentication {

		/** Returns a password that stays. */
		static Password of(EtcdCredentials credentials) {
			return new Password(new FixedCredentials(credentials));
		}

	}

	/**
	 * It sends tokens that its user has from elsewhere.
	 *
	 * @param token asked for each token
	 */
	record SuppliedToken(Supplier<String> token) implements Authentication {

	}

	/**
	 * It sends one token for ever.
	 *
	 * @param token the token
	 */
	record FixedToken(AuthToken token) implements Authentication {

	}

	/**
	 * Credentials that stay; had without asking anybody.
	 *
	 * @param get the credentials
	 */
	record FixedCredentials(EtcdCredentials get) implements Supplier<EtcdCredentials> {

	}

}
