/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cluster;

import java.util.List;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;

/**
 * What the addition of a member returned.
 *
 * @param header the answer's header; its revision is 0
 * @param member the new member
 * @param members all members, the new one included; immutable
 */
public record MemberAddResult(ResponseHeader header, Member member, List<Member> members) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param member the new member
	 * @param members all members
	 */
	public MemberAddResult {
		members = List.copyOf(members);
	}

}
