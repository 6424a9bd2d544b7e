/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * A token that etcd gave for a user and a password. Opaque and secret.
 */
record AuthToken(String value) {

	private static final Metadata.Key<String> TOKEN = Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

	static Metadata headers(@Nullable AuthToken token) {
		Metadata headers = new Metadata();
		if (token != null) {
			headers.put(TOKEN, token.value);
		}
		return headers;
	}

	@Override
	public String toString() {
		return "AuthToken[***]";
	}

}
