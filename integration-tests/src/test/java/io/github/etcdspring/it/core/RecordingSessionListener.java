/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.session.SessionListener;

/**
 * Writes down what a session tells. Thread-safe.
 */
public final class RecordingSessionListener implements SessionListener {

	private final List<String> told = new CopyOnWriteArrayList<>();

	@Override
	public void onActive(KeepAlive lease) {
		this.told.add("active " + lease.lease());
	}

	@Override
	public void onLost(LeaseId lease, LeaseEnd reason) {
		this.told.add("lost " + lease + " " + reason);
	}

	/**
	 * {@return each call as a text, in order}
	 */
	public List<String> told() {
		return this.told;
	}

}
