/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

/**
 * A user name without a password, or the other way round.
 */
final class InvalidCredentialsException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String missingProperty;

	InvalidCredentialsException(String givenProperty, String missingProperty) {
		super(givenProperty + " is set, but " + missingProperty + " is not");
		this.missingProperty = missingProperty;
	}

	String missingProperty() {
		return this.missingProperty;
	}

}
