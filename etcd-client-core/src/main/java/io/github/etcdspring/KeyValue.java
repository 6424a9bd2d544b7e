/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

/**
 * A key as etcd stores it at one revision.
 *
 * @param key the key
 * @param value the value; empty in an answer that asked for keys only
 * @param createRevision the revision that created the key last
 * @param modRevision the revision that wrote the key last
 * @param version the number of writes since the key was created, from 1; 0 in a deletion
 * @param lease the lease the key is attached to, or {@link LeaseId#NONE}
 */
public record KeyValue(ByteSequence key, ByteSequence value, long createRevision, long modRevision, long version,
		LeaseId lease) {

	/** Names the key and its revisions, never the value. */
	@Override
	public String toString() {
		return "KeyValue[key=" + this.key + ", value=" + this.value.size() + " bytes, createRevision="
				+ this.createRevision + ", modRevision=" + this.modRevision + ", version=" + this.version + ", lease="
				+ this.lease + "]";
	}

}
