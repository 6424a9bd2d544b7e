/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cluster;

import java.util.List;

import io.github.etcdspring.MemberId;

/**
 * A member of a cluster.
 *
 * @param id its id
 * @param name the name it was started with; empty until it has started
 * @param peerUrls where the other members reach it; immutable
 * @param clientUrls where it says clients reach it; empty until it has started; immutable
 * @param learner whether it learns only, and has no vote
 */
public record Member(MemberId id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {

	/**
	 * Takes copies of the lists.
	 * @param id its id
	 * @param name the name it was started with
	 * @param peerUrls where the other members reach it
	 * @param clientUrls where it says clients reach it
	 * @param learner whether it learns only
	 */
	public Member {
		peerUrls = List.copyOf(peerUrls);
		clientUrls = List.copyOf(clientUrls);
	}

	/**
	 * Whether the member has ever been started: one that was added and not started yet
	 * has no name. It says nothing of whether it runs now.
	 * @return whether it has a name
	 */
	public boolean isStarted() {
		return !this.name.isEmpty();
	}

}
