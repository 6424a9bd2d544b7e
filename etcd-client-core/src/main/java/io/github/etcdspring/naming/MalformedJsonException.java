/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

/**
 * A text is no JSON, or more of it than is taken. Says what is wrong and where, and never
 * what the text holds.
 */
final class MalformedJsonException extends Exception {

	private static final long serialVersionUID = 1L;

	MalformedJsonException(String problem, int position) {
		super(problem + " at character " + position);
	}

}
