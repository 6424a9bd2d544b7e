/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns, once for a client, that its password or token can be read on the way to an
 * endpoint that it has or gets. Not between processes of one machine.
 */
final class PlaintextPassword {

	private static final Logger logger = LoggerFactory.getLogger(PlaintextPassword.class);

	private final EtcdClientOptions options;

	private final AtomicBoolean warned = new AtomicBoolean();

	PlaintextPassword(EtcdClientOptions options) {
		this.options = options;
	}

	/**
	 * Warns when there is a reason.
	 * @param later who runs user code that has something to hear of other endpoints
	 */
	void watch(EndpointList endpoints, Executor later) {
		warn(endpoints.current());
		endpoints.addListener(() -> later.execute(() -> warn(endpoints.current())));
	}

	private void warn(List<Endpoint> endpoints) {
		List<Endpoint> open = endpoints.stream().filter((endpoint) -> !endpoint.tls() && !endpoint.isLocal()).toList();
		boolean secret = !(this.options.authentication() instanceof Authentication.None);
		if (secret && !open.isEmpty() && this.warned.compareAndSet(false, true)) {
			String what = (this.options.authentication() instanceof Authentication.Password) ? "password" : "token";
			Consumer<String> warnings = Objects.requireNonNullElse(this.options.warnings(), logger::warn);
			warnings.accept("the " + what + " goes to " + open + " in plaintext; use https:// endpoints");
		}
	}

}
