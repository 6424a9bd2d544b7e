/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cluster;

import java.util.List;
import java.util.Objects;

import io.github.etcdspring.MemberId;

/**
 * Where a member is to be reached from now on: etcd's {@code MemberUpdateRequest}.
 *
 * @param member the member
 * @param peerUrls where the other members reach it; immutable
 */
public record MemberUpdateRequest(MemberId member, List<String> peerUrls) {

	/**
	 * Checks the URLs.
	 * @param member the member
	 * @param peerUrls where the other members reach it
	 * @throws IllegalArgumentException if there is no URL, or one is not that of a peer,
	 * as in {@link MemberAddRequest}
	 */
	public MemberUpdateRequest {
		Objects.requireNonNull(member, "member");
		peerUrls = PeerUrls.checked(peerUrls);
	}

	/**
	 * Returns a change of a member's peer URLs.
	 * @param member the member
	 * @param peerUrls where the other members reach it, such as {@code http://host:2380}
	 * @return the request
	 * @throws IllegalArgumentException if there is no URL, or one is not that of a peer
	 */
	public static MemberUpdateRequest of(MemberId member, String... peerUrls) {
		return new MemberUpdateRequest(member, List.of(peerUrls));
	}

}
