/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * Which failed attempts of a call are followed by another. A call that was refused before
 * it began is repeated under both policies; one that may have been applied only if
 * applying it again changes nothing.
 */
enum RetryPolicy {

	/** Reads, and calls whose repetition changes nothing. */
	REPEATABLE,

	/** Writes. */
	NON_REPEATABLE;

	/** All attempts of one call together. */
	static final int MAX_ATTEMPTS = 100;

	/**
	 * Whether another attempt follows.
	 * @param failure how the last one failed
	 * @param mayBeApplied whether it may have had its effect
	 * @param members how many members can be asked
	 */
	boolean permits(CallFailure failure, boolean mayBeApplied, int members) {
		return switch (failure.kind()) {
			case NOT_EXECUTED -> true;
			case LEARNER -> members > 1;
			case UNHEALTHY -> this == REPEATABLE;
			case UNAVAILABLE, DEADLINE -> this == REPEATABLE || !mayBeApplied;
			default -> false;
		};
	}

}
