/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

/**
 * What every answer of etcd says of the member that gave it.
 *
 * @param clusterId the cluster's id, an unsigned number
 * @param memberId the member's id, an unsigned number
 * @param revision the store's revision when the answer was made; 0 where etcd leaves it
 * out
 * @param raftTerm the term of the member's raft leader, an unsigned number
 */
public record ResponseHeader(long clusterId, long memberId, long revision, long raftTerm) {

	/**
	 * Returns the member that gave the answer.
	 * @return its id, as the calls that name a member take it
	 */
	public MemberId member() {
		return new MemberId(this.memberId);
	}

	/** Writes the ids in hexadecimal, as etcdctl does. */
	@Override
	public String toString() {
		return "ResponseHeader[cluster=" + Long.toHexString(this.clusterId) + ", member="
				+ Long.toHexString(this.memberId) + ", revision=" + this.revision + ", raftTerm="
				+ Long.toUnsignedString(this.raftTerm) + "]";
	}

}
