/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Optional;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdPermissionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

/**
 * Explains an import that could not be read: nobody there, wrong credentials, or a
 * missing permission.
 */
final class EtcdConfigUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<EtcdConfigUnavailableException>
		implements Ordered {

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, EtcdConfigUnavailableException cause) {
		String what = "'spring.config.import=" + cause.location() + "' could not read " + cause.resource() + " from "
				+ cause.endpoints() + " ('etcd.endpoints'): ";
		Optional<String> username = cause.username();
		if (cause.getCause() instanceof EtcdAuthenticationException && username.isEmpty()) {
			return new FailureAnalysis(what + "etcd wants to know the user, and 'etcd.username' is not set.",
					"Set 'etcd.username' and 'etcd.password' to a user of etcd who may read there.", cause);
		}
		if (cause.getCause() instanceof EtcdAuthenticationException) {
			return new FailureAnalysis(what + "etcd refused the user '" + username.get() + "' ('etcd.username').",
					"Check 'etcd.username' and 'etcd.password': the user must exist in etcd and the password, which is not shown here, must be the user's.",
					cause);
		}
		if (cause.getCause() instanceof EtcdPermissionException) {
			return new FailureAnalysis(
					what + "the user '" + username.orElse("") + "' ('etcd.username') may not read there.",
					"Grant the user a role with READ on the prefix, for example: etcdctl role grant-permission <role> --prefix=true read <prefix>.",
					cause);
		}
		return new FailureAnalysis(what + reason(cause) + ".",
				"Start etcd, or correct 'etcd.endpoints'. To start without it, write 'spring.config.import=optional:"
						+ cause.location() + "'. "
						+ "'etcd.config.startup-timeout' says how long the application waits.",
				cause);
	}

	private static String reason(EtcdConfigUnavailableException cause) {
		Throwable reason = cause.getCause();
		return (reason != null) ? String.valueOf(reason.getMessage()) : "no reason known";
	}

}
