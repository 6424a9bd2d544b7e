/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import java.util.Objects;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;

/**
 * What a leader shows to proclaim and to resign: etcd's {@code LeaderKey}. The leadership
 * is over when the key is gone, or has another create revision.
 *
 * @param name the election
 * @param key the leader's key in it
 * @param revision the revision that created the key: a fencing token
 * @param lease the lease the key is attached to
 */
public record LeaderKey(ByteSequence name, ByteSequence key, long revision, LeaseId lease) {

	/**
	 * Checks that nothing is missing.
	 * @param name the election
	 * @param key the leader's key in it
	 * @param revision the revision that created the key
	 * @param lease the lease the key is attached to
	 */
	public LeaderKey {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(key, "key");
		Objects.requireNonNull(lease, "lease");
	}

}
