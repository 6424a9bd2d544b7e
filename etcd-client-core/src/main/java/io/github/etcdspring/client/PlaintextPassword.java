/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once for a client, that its password or token can be read on the way. Not
 * between processes of one machine.
 */
final class PlaintextPassword {

	private static final Logger logger = LoggerFactory.getLogger(PlaintextPassword.class);

	private PlaintextPassword() {
	}

	static void warn(EtcdClientOptions options) {
		List<Endpoint> open = options.parsedEndpoints()
			.stream()
			.filter((endpoint) -> !endpoint.tls() && !endpoint.isLocal())
			.toList();
		boolean secret = !(options.authentication() instanceof Authentication.None);
		if (secret && !open.isEmpty()) {
			String what = (options.authentication() instanceof Authentication.Password) ? "password" : "token";
			Consumer<String> warnings = Objects.requireNonNullElse(options.warnings(), logger::warn);
			warnings.accept("the " + what + " goes to " + open + " in plaintext; use https:// endpoints");
		}
	}

}
