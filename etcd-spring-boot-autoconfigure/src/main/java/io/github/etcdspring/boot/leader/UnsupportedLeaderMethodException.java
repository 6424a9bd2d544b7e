/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.lang.reflect.Method;

/**
 * A method that {@link Leader @Leader} stands on and that cannot be guarded: it would run
 * on every instance.
 */
final class UnsupportedLeaderMethodException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String method;

	private final String reason;

	private final String action;

	UnsupportedLeaderMethodException(Method method, String reason, String action) {
		this(method.getDeclaringClass().getName() + "." + method.getName(), reason, action);
	}

	UnsupportedLeaderMethodException(String method, String reason, String action) {
		super("@Leader does not guard " + method + ": " + reason);
		this.method = method;
		this.reason = reason;
		this.action = action;
	}

	String method() {
		return this.method;
	}

	String reason() {
		return this.reason;
	}

	String action() {
		return this.action;
	}

}
