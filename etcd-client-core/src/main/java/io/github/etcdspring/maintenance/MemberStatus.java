/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.ResponseHeader;

/**
 * What a member says of itself, from what it knows alone: no other member is asked.
 *
 * @param header the answer's header: names the member
 * @param version the version of the server program, such as {@code 3.5.33}
 * @param dbSize the size of the database file in bytes
 * @param dbSizeInUse how many of these bytes hold data: a defragmentation frees the rest
 * @param leader the leader as the member sees it; {@link MemberId#NONE} if it sees none
 * @param raftIndex the index of the last entry of raft's log that is committed, an
 * unsigned number
 * @param raftTerm raft's term, an unsigned number
 * @param raftAppliedIndex the index of the last entry that the member has applied, an
 * unsigned number
 * @param errors what is wrong with the member, in etcd's words: alarms, no leader;
 * immutable
 * @param learner whether the member only learns: it has no vote
 * @param storageVersion the version of the layout of the database, such as {@code 3.6.0};
 * may be older than the program's; empty before etcd 3.6
 * @param dbSizeQuota the size in bytes that the database may have; empty before etcd 3.6
 * @param downgrade a downgrade that may be under way; empty before etcd 3.6
 */
public record MemberStatus(ResponseHeader header, String version, long dbSize, long dbSizeInUse, MemberId leader,
		long raftIndex, long raftTerm, long raftAppliedIndex, List<String> errors, boolean learner,
		Optional<String> storageVersion, OptionalLong dbSizeQuota,
		Optional<DowngradeInfo> downgrade) implements EtcdResult {

	/**
	 * Takes a copy of the list.
	 * @param header the answer's header
	 * @param version the version of the server program
	 * @param dbSize the size of the database file
	 * @param dbSizeInUse how much of it holds data
	 * @param leader the leader
	 * @param raftIndex the last committed entry
	 * @param raftTerm the term
	 * @param raftAppliedIndex the last applied entry
	 * @param errors what is wrong
	 * @param learner whether it only learns
	 * @param storageVersion the version of the layout
	 * @param dbSizeQuota the size the database may have
	 * @param downgrade a downgrade
	 */
	public MemberStatus {
		errors = List.copyOf(errors);
	}

	/**
	 * Returns the member that this is the status of.
	 * @return its id
	 */
	public MemberId member() {
		return this.header.member();
	}

	/**
	 * Whether the member takes itself for the leader. One that was cut off may do so
	 * though the others have elected another, in a later term.
	 * @return whether it leads
	 */
	public boolean isLeader() {
		return !this.leader.isNone() && this.leader.equals(member());
	}

}
