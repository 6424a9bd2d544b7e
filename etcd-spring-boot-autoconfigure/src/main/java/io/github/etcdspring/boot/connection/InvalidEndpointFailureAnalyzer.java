/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import io.github.etcdspring.client.InvalidEndpointException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains an endpoint that is not one.
 */
final class InvalidEndpointFailureAnalyzer extends AbstractFailureAnalyzer<InvalidEndpointException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidEndpointException cause) {
		return new FailureAnalysis(
				"The etcd endpoint '" + cause.endpoint() + "' in 'etcd.endpoints' is not valid: " + cause.reason()
						+ ".",
				"Set 'etcd.endpoints' to the client addresses of the cluster's members, such as "
						+ "'http://etcd-0:2379,http://etcd-1:2379', or 'https://…' for all of them.",
				cause);
	}

}
