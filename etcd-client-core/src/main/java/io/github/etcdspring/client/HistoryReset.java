/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * How a client noticed that a cluster's history is another one.
 *
 * @param previousClusterId the id of the cluster before, an unsigned number
 * @param clusterId the id of the cluster that answers now; the same as before after most
 * restores
 * @param previousRevision the highest revision known before
 * @param revision the lower revision of a linearizable answer now, or whatever revision
 * the other cluster has
 */
public record HistoryReset(long previousClusterId, long clusterId, long previousRevision, long revision) {

	/** Writes the ids in hexadecimal, as etcdctl does. */
	@Override
	public String toString() {
		return "HistoryReset[cluster " + Long.toHexString(this.previousClusterId) + " at revision "
				+ this.previousRevision + " -> cluster " + Long.toHexString(this.clusterId) + " at revision "
				+ this.revision + "]";
	}

}
