/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.jspecify.annotations.Nullable;

/**
 * The revision asked for has been compacted away. Read the present state and go on from
 * its revision.
 *
 * @serial exclude
 */
public final class CompactedException extends EtcdException {

	private static final long serialVersionUID = 1L;

	private final long compactRevision;

	/**
	 * Creates the exception.
	 * @param details what is known of the failure
	 * @param compactRevision the lowest revision that can still be read or watched from;
	 * 0 if the server did not say
	 * @param cause what caused it, if known
	 */
	public CompactedException(FailureDetails details, long compactRevision, @Nullable Throwable cause) {
		super(details, cause);
		this.compactRevision = compactRevision;
	}

	/**
	 * Returns the lowest revision that can still be read or watched from.
	 * @return the revision; 0 if the server did not say
	 */
	public long compactRevision() {
		return this.compactRevision;
	}

	@Override
	CompactedException with(FailureDetails details) {
		return new CompactedException(details, this.compactRevision, getCause());
	}

}
