/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.EtcdError;
import org.jspecify.annotations.Nullable;

/**
 * What can be done when a member refuses a client's token, or misses one.
 */
enum TokenRenewal {

	/** Nothing: the client has no user. */
	NONE(0, "the client has no user (expected: credentials, a token or a client certificate)"),

	/**
	 * The client is known by its certificate and sends no token: there is nothing to
	 * renew, but the member may only have been late.
	 */
	CERTIFICATE(5,
			"the client sends no token, only its certificate (expected: a server with --client-cert-auth"
					+ " and a certificate whose common name is a user)"),

	/** Nothing: there is no other token. */
	FIXED(0, "the client's token is fixed (expected: a token that is valid, or a supplier of tokens)"),

	/** Ask the user's supplier, once. */
	SUPPLIED(1, null),

	/**
	 * Log in; a member that lags behind may refuse a token that another has just given.
	 */
	LOGIN(5, null);

	private final int repetitions;

	private final @Nullable String advice;

	TokenRenewal(int repetitions, @Nullable String advice) {
		this.repetitions = repetitions;
		this.advice = advice;
	}

	static TokenRenewal of(EtcdClientOptions options) {
		Authentication authentication = options.authentication();
		if (authentication instanceof Authentication.Password) {
			return LOGIN;
		}
		if (authentication instanceof Authentication.SuppliedToken) {
			return SUPPLIED;
		}
		if (authentication instanceof Authentication.FixedToken) {
			return FIXED;
		}
		return options.tls().map(TlsOptions::hasClientCertificate).orElse(false) ? CERTIFICATE : NONE;
	}

	/** Returns how often one call may be repeated for this. */
	int repetitions() {
		return this.repetitions;
	}

	/** Whether the client has no user: the server grants all it asks for, or nothing. */
	boolean isOfNobody() {
		return this == NONE;
	}

	/** Whether another token can be had. */
	boolean isPossible() {
		return this == LOGIN || this == SUPPLIED;
	}

	/** Whether what was refused may be granted later, though the client does the same. */
	boolean mayPass(CallFailure failure) {
		return isPossible() || (this == CERTIFICATE && !isUserMissing(failure));
	}

	private static boolean isUserMissing(CallFailure failure) {
		String message = failure.serverMessage();
		return message != null && EtcdError.ofMessage(message).filter(EtcdError.USER_EMPTY::equals).isPresent();
	}

	/** Adds to a failure what would help, if it is not another token. */
	CallFailure advise(CallFailure failure) {
		if (failure.kind() != FailureKind.TOKEN || this.advice == null) {
			return failure;
		}
		return new CallFailure(failure.kind(), failure.code(), failure.message() + "; " + this.advice,
				failure.serverMessage(), failure.cause());
	}

}
