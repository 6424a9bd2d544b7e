/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * Takes note of what the headers of etcd's answers tell of the cluster. Called on the
 * client's callback executor, one call at a time, in the order things were noticed; what
 * it throws is logged.
 */
public interface ClusterListener {

	/**
	 * The cluster has another leader: the raft term went up.
	 * @param previousTerm the highest term known before, an unsigned number
	 * @param term the term now, an unsigned number
	 */
	default void onLeaderChange(long previousTerm, long term) {
	}

	/**
	 * The cluster's history is not the one this client knew: it was restored from a
	 * backup, or another cluster answers at the same addresses. Revisions and leases
	 * obtained before mean nothing any more.
	 * @param reset what was noticed
	 */
	default void onHistoryReset(HistoryReset reset) {
	}

}
