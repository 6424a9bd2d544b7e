/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.election;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;

/**
 * Whoever leads, as etcd knows it.
 *
 * @param key the leader's key
 * @param value what the leader proclaims
 * @param token the leader's fencing token
 */
public record Candidate(ByteSequence key, ByteSequence value, long token) {

	static Candidate of(KeyValue kv) {
		return new Candidate(kv.key(), kv.value(), kv.createRevision());
	}

	/** Names the key and the token, never the value. */
	@Override
	public String toString() {
		return "Candidate[key=" + this.key + ", value=" + this.value.size() + " bytes, token=" + this.token + "]";
	}

}
