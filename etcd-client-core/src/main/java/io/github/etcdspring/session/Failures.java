/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What the failure of a transaction means for what is to follow.
 */
final class Failures {

	private Failures() {
	}

	/**
	 * Whether another try may succeed. A request that etcd refuses is refused again,
	 * though it may have been applied.
	 */
	static boolean mayPass(Throwable failure) {
		return failure instanceof EtcdException etcd && !(etcd instanceof EtcdClosedException)
				&& (etcd.isRetryable() || (isUnknown(etcd) && !isRefusal(etcd)));
	}

	private static boolean isRefusal(EtcdException failure) {
		return failure instanceof EtcdRequestException || failure instanceof EtcdNoSpaceException;
	}

	/** Whether it may have been applied. */
	static boolean isUnknown(@Nullable Throwable failure) {
		return failure instanceof EtcdException etcd && etcd.outcome() == Outcome.UNKNOWN;
	}

}
