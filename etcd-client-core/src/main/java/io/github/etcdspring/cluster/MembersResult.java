/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cluster;

import java.util.List;
import java.util.Optional;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.ResponseHeader;

/**
 * The members of a cluster, as they are or as they are after a change.
 *
 * @param header the answer's header; its revision is 0
 * @param members all members, in no order; immutable
 */
public record MembersResult(ResponseHeader header, List<Member> members) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param members all members
	 */
	public MembersResult {
		members = List.copyOf(members);
	}

	/**
	 * Returns one of the members.
	 * @param id its id
	 * @return the member; empty if the cluster has none of the id
	 */
	public Optional<Member> member(MemberId id) {
		return this.members.stream().filter((member) -> member.id().equals(id)).findFirst();
	}

}
