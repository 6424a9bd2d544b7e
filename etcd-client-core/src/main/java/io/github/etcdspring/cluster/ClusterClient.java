/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cluster;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.MemberId;

/**
 * etcd's Cluster service: the list of members and its changes. Every operation is a pair,
 * with the rules of {@link io.github.etcdspring.kv.KvClient}. Thread-safe.
 * <p>
 * Changes are never repeated once they may have been applied; then the exception's
 * outcome is {@link io.github.etcdspring.Outcome#UNKNOWN}, and the list tells. With
 * authentication on they need the role {@code root}. A change concerns the list only:
 * starting and stopping the servers is somebody else's part, and none of this client's
 * endpoints changes with it.
 */
public interface ClusterClient {

	/**
	 * Lists the members. Linearizable: a quorum has agreed to it. etcd 3.4 does not know
	 * the difference and answers as {@link #listSerializable()} does.
	 * @return the members
	 * @throws EtcdException if the call failed
	 */
	MembersResult list();

	/**
	 * Lists the members: the asynchronous form of {@link #list()}.
	 * @return the future result
	 */
	CompletableFuture<MembersResult> listAsync();

	/**
	 * Lists the members as the member knows them that is asked, which may lag behind, and
	 * answers without a quorum too.
	 * @return the members
	 * @throws EtcdException if the call failed
	 */
	MembersResult listSerializable();

	/**
	 * Lists the members: the asynchronous form of {@link #listSerializable()}.
	 * @return the future result
	 */
	CompletableFuture<MembersResult> listSerializableAsync();

	/**
	 * Adds a member. One that votes counts for the quorum from now on, whether it is
	 * started or not: to a cluster of one member add it as a learner, or start it soon.
	 * The id is made of the URLs and the time in seconds: URLs of a member that was
	 * removed in the same second are refused.
	 * @param request the member
	 * @return the new member, with its id, and all members
	 * @throws EtcdException if the addition failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if a member has one of the URLs,
	 * if too few members run to add one, or too many learn
	 */
	MemberAddResult add(MemberAddRequest request);

	/**
	 * Adds a member: the asynchronous form of {@link #add(MemberAddRequest)}.
	 * @param request the member
	 * @return the future result
	 */
	CompletableFuture<MemberAddResult> addAsync(MemberAddRequest request);

	/**
	 * Changes the peer URLs of a member. Not of a learner: older servers, such as 3.4.23
	 * and 3.5.16, take it for a voter from then on.
	 * @param request the member and its URLs
	 * @return all members
	 * @throws EtcdException if the change failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such member, or
	 * another one has one of the URLs
	 */
	MembersResult update(MemberUpdateRequest request);

	/**
	 * Changes the peer URLs of a member: the asynchronous form of
	 * {@link #update(MemberUpdateRequest)}.
	 * @param request the member and its URLs
	 * @return the future result
	 */
	CompletableFuture<MembersResult> updateAsync(MemberUpdateRequest request);

	/**
	 * Removes a member for good: its server ends, and its id never comes back.
	 * @param member the member
	 * @return the members that are left
	 * @throws EtcdException if the removal failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such member, or
	 * too few others run to do without it
	 */
	MembersResult remove(MemberId member);

	/**
	 * Removes a member: the asynchronous form of {@link #remove(MemberId)}.
	 * @param member the member
	 * @return the future result
	 */
	CompletableFuture<MembersResult> removeAsync(MemberId member);

	/**
	 * Gives a learner a vote. A member that does not lead passes this on to the leader,
	 * but not every refusal back: the call may end after some 5 s with an
	 * {@link io.github.etcdspring.EtcdUnavailableException} of unknown outcome.
	 * @param member the learner
	 * @return all members
	 * @throws EtcdException if the promotion failed; an
	 * {@link io.github.etcdspring.EtcdRequestException} if there is no such member, it is
	 * no learner, or it has not caught up with the leader yet
	 */
	MembersResult promote(MemberId member);

	/**
	 * Gives a learner a vote: the asynchronous form of {@link #promote(MemberId)}.
	 * @param member the learner
	 * @return the future result
	 */
	CompletableFuture<MembersResult> promoteAsync(MemberId member);

}
