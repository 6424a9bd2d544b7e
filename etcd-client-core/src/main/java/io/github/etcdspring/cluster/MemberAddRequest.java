/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cluster;

import java.util.List;

/**
 * A member to add: etcd's {@code MemberAddRequest}.
 *
 * @param peerUrls where the other members will reach it; immutable
 * @param learner whether it shall learn only, until it is promoted
 */
public record MemberAddRequest(List<String> peerUrls, boolean learner) {

	/**
	 * Checks the URLs.
	 * @param peerUrls where the other members will reach it
	 * @param learner whether it shall learn only
	 * @throws IllegalArgumentException if there is no URL, or one is not that of a peer:
	 * {@code http://host:port} or {@code https://host:port} without a path, or a
	 * {@code unix} or {@code unixs} socket
	 */
	public MemberAddRequest {
		peerUrls = PeerUrls.checked(peerUrls);
	}

	/**
	 * Returns the addition of a member that votes at once.
	 * @param peerUrls where the other members will reach it, such as
	 * {@code http://host:2380}
	 * @return the request
	 * @throws IllegalArgumentException if there is no URL, or one is not that of a peer
	 */
	public static MemberAddRequest of(String... peerUrls) {
		return new MemberAddRequest(List.of(peerUrls), false);
	}

	/**
	 * Returns the addition of the same member as one that learns only. It does not count
	 * for the quorum, so that the cluster does not depend on its start.
	 * @return a new request
	 */
	public MemberAddRequest asLearner() {
		return new MemberAddRequest(this.peerUrls, true);
	}

}
