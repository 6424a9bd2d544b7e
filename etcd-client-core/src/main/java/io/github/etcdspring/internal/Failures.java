/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What the failure of a request means for what is to follow.
 */
public final class Failures {

	private Failures() {
	}

	/**
	 * Whether another try may succeed. A request that etcd refuses is refused again,
	 * though it may have been applied.
	 * @param failure what it failed with
	 * @return whether to try again
	 */
	public static boolean mayPass(Throwable failure) {
		return failure instanceof EtcdException etcd && !(etcd instanceof EtcdClosedException)
				&& (etcd.isRetryable() || (isUnknown(etcd) && !isRefusal(etcd)));
	}

	private static boolean isRefusal(EtcdException failure) {
		return failure instanceof EtcdRequestException || failure instanceof EtcdNoSpaceException;
	}

	/**
	 * Whether it may have been applied.
	 * @param failure what it failed with, {@code null} if it did not fail
	 * @return whether etcd may have done what was asked
	 */
	public static boolean isUnknown(@Nullable Throwable failure) {
		return failure instanceof EtcdException etcd && etcd.outcome() == Outcome.UNKNOWN;
	}

}
