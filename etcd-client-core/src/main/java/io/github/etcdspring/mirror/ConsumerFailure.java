/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

/**
 * Carries what a consumer has thrown: for the mirror that is never a failure that may
 * pass, also if it is one of etcd's.
 */
final class ConsumerFailure extends RuntimeException {

	private static final long serialVersionUID = 1L;

	ConsumerFailure(Throwable thrown) {
		super(thrown);
	}

}
