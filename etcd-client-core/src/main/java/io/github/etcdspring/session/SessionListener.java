/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;

/**
 * What a session tells. Calls come one at a time, in order, on the client's callback
 * executor; for each lease {@code onActive} before {@code onLost}. They may block: that
 * delays this session's later calls and nothing else. An exception thrown here is logged.
 */
public interface SessionListener {

	/**
	 * Takes the word that the session has a lease.
	 * @param lease the lease, kept alive by the session
	 */
	default void onActive(KeepAlive lease) {
	}

	/**
	 * Takes the word that the lease is lost and whatever was attached to it is gone, or
	 * about to go. The session is granting another, unless the client was closed: it ends
	 * then.
	 * @param lease the lease that was lost
	 * @param reason why
	 */
	default void onLost(LeaseId lease, LeaseEnd reason) {
	}

}
