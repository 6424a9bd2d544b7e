/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * The metadata that etcd's servers read: who asks, and under what condition.
 */
final class RequestHeaders {

	private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

	/** Makes a member without leader refuse a call instead of letting it wait. */
	private static final Metadata.Key<String> REQUIRE_LEADER = Metadata.Key.of("hasleader",
			Metadata.ASCII_STRING_MARSHALLER);

	/** Counted by the server's metrics. */
	private static final Metadata.Key<String> API_VERSION = Metadata.Key.of("client-api-version",
			Metadata.ASCII_STRING_MARSHALLER);

	/** The version of the API that the messages of this client describe. */
	private static final String VERSION = "3.7";

	private RequestHeaders() {
	}

	/**
	 * Returns new headers.
	 * @param token who asks; {@code null} for nobody
	 * @param requireLeader whether a member without leader is to refuse
	 */
	static Metadata of(@Nullable AuthToken token, boolean requireLeader) {
		Metadata headers = new Metadata();
		headers.put(API_VERSION, VERSION);
		if (token != null) {
			headers.put(TOKEN, token.value());
		}
		if (requireLeader) {
			headers.put(REQUIRE_LEADER, "true");
		}
		return headers;
	}

}
