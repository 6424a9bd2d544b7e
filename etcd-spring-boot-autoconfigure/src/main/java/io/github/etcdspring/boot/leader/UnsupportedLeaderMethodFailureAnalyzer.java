/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains a method that cannot be guarded.
 */
final class UnsupportedLeaderMethodFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedLeaderMethodException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedLeaderMethodException cause) {
		return new FailureAnalysis("@Leader can not guard " + cause.method() + ": " + cause.reason()
				+ ". Without the guard it would run on every instance.", cause.action(), cause);
	}

}
