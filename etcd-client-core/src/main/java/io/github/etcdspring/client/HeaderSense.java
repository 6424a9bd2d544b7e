/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.ResponseHeader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the headers of all answers together tell of the cluster: which it is, how far its
 * store has come, and whether its leader or its history changed.
 * <p>
 * Any answer proves that the store has reached its revision. A linearizable one proves
 * more: a call that began when a revision was known can not be answered at a lower one,
 * unless the store was put back. An answer to a call that began before such a reset was
 * noticed proves nothing of the time after it, which the number of the history tells.
 * Thread-safe; an answer that tells nothing new costs three volatile reads.
 */
final class HeaderSense {

	private static final Logger logger = LoggerFactory.getLogger(HeaderSense.class);

	private final ClusterNews news;

	/** Guards changes of the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private volatile int history;

	private volatile long clusterId;

	private volatile long revision;

	private volatile long raftTerm;

	HeaderSense(ClusterNews news) {
		this.news = news;
	}

	/**
	 * Returns the number of the history that answers belong to, should they come now.
	 * Whoever needs the revision too asks for it after this.
	 */
	int history() {
		return this.history;
	}

	/** Returns the highest revision that the store is known to have reached. */
	long revision() {
		return this.revision;
	}

	/**
	 * Takes note of an answer.
	 * @param header its header
	 * @param history the number of the history when the call began
	 * @param leastRevision what a linearizable answer can not be below: the revision
	 * known when the call began; 0 for answers of other kinds
	 */
	void note(ResponseHeader header, int history, long leastRevision) {
		if (header.revision() <= this.revision && header.revision() >= leastRevision
				&& header.clusterId() == this.clusterId && header.raftTerm() == this.raftTerm) {
			return;
		}
		this.lock.lock();
		try {
			if (history == this.history) {
				noteChange(header, history, leastRevision);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void noteChange(ResponseHeader header, int history, long leastRevision) {
		boolean otherCluster = this.clusterId != 0 && header.clusterId() != 0 && header.clusterId() != this.clusterId;
		boolean putBack = header.revision() != 0 && header.revision() < leastRevision;
		if (otherCluster || putBack) {
			HistoryReset reset = new HistoryReset(this.clusterId, header.clusterId(), this.revision, header.revision());
			// the number last: a call that begins meanwhile reads it first, and must not
			// take the old revision for one of the new history
			this.revision = header.revision();
			this.raftTerm = header.raftTerm();
			this.history = history + 1;
			logger.warn("the cluster has another history: {}; was it restored from a backup?", reset);
			this.news.tell((listener) -> listener.onHistoryReset(reset));
		}
		else {
			noteTerm(header.raftTerm());
			this.revision = Math.max(this.revision, header.revision());
		}
		if (header.clusterId() != 0) {
			this.clusterId = header.clusterId();
		}
	}

	/** A member that lags behind may still name an earlier term. */
	private void noteTerm(long term) {
		long previous = this.raftTerm;
		if (Long.compareUnsigned(term, previous) > 0) {
			this.raftTerm = term;
			if (previous != 0) {
				this.news.tell((listener) -> listener.onLeaderChange(previous, term));
			}
		}
	}

}
