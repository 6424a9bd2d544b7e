/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.MemberId;
import io.github.etcdspring.cluster.ClusterClient;
import io.github.etcdspring.cluster.Member;
import io.github.etcdspring.cluster.MemberAddRequest;
import io.github.etcdspring.cluster.MemberAddResult;
import io.github.etcdspring.cluster.MemberUpdateRequest;
import io.github.etcdspring.cluster.MembersResult;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.proto.ClusterGrpc;
import io.github.etcdspring.internal.proto.ClusterProto;
import io.github.etcdspring.internal.proto.HeaderProto;

/**
 * The Cluster service over the client's connection.
 */
final class GrpcClusterClient implements ClusterClient {

	private final Calls calls;

	GrpcClusterClient(Calls calls) {
		this.calls = calls;
	}

	@Override
	public MembersResult list() {
		return BlockingCall.await(callList(true));
	}

	@Override
	public CompletableFuture<MembersResult> listAsync() {
		return this.calls.handOff(callList(true));
	}

	@Override
	public MembersResult listSerializable() {
		return BlockingCall.await(callList(false));
	}

	@Override
	public CompletableFuture<MembersResult> listSerializableAsync() {
		return this.calls.handOff(callList(false));
	}

	private CompletableFuture<MembersResult> callList(boolean linearizable) {
		return this.calls.unary(ClusterGrpc.getMemberListMethod(),
				ClusterProto.MemberListRequest.newBuilder().setLinearizable(linearizable).build(),
				RetryPolicy.REPEATABLE, (answer, sentAtNanos) -> members(answer.getHeader(), answer.getMembersList()));
	}

	@Override
	public MemberAddResult add(MemberAddRequest request) {
		return BlockingCall.await(callAdd(request));
	}

	@Override
	public CompletableFuture<MemberAddResult> addAsync(MemberAddRequest request) {
		return this.calls.handOff(callAdd(request));
	}

	private CompletableFuture<MemberAddResult> callAdd(MemberAddRequest request) {
		return this.calls.unary(ClusterGrpc.getMemberAddMethod(),
				ClusterProto.MemberAddRequest.newBuilder()
					.addAllPeerURLs(request.peerUrls())
					.setIsLearner(request.learner())
					.build(),
				RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> new MemberAddResult(KvCodec.header(answer.getHeader()),
						member(answer.getMember()), members(answer.getMembersList())));
	}

	@Override
	public MembersResult update(MemberUpdateRequest request) {
		return BlockingCall.await(callUpdate(request));
	}

	@Override
	public CompletableFuture<MembersResult> updateAsync(MemberUpdateRequest request) {
		return this.calls.handOff(callUpdate(request));
	}

	private CompletableFuture<MembersResult> callUpdate(MemberUpdateRequest request) {
		return this.calls.unary(ClusterGrpc.getMemberUpdateMethod(),
				ClusterProto.MemberUpdateRequest.newBuilder()
					.setID(request.member().value())
					.addAllPeerURLs(request.peerUrls())
					.build(),
				RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> members(answer.getHeader(), answer.getMembersList()));
	}

	@Override
	public MembersResult remove(MemberId member) {
		return BlockingCall.await(callRemove(member));
	}

	@Override
	public CompletableFuture<MembersResult> removeAsync(MemberId member) {
		return this.calls.handOff(callRemove(member));
	}

	private CompletableFuture<MembersResult> callRemove(MemberId member) {
		return this.calls.unary(ClusterGrpc.getMemberRemoveMethod(),
				ClusterProto.MemberRemoveRequest.newBuilder().setID(member.value()).build(), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> members(answer.getHeader(), answer.getMembersList()));
	}

	@Override
	public MembersResult promote(MemberId member) {
		return BlockingCall.await(callPromote(member));
	}

	@Override
	public CompletableFuture<MembersResult> promoteAsync(MemberId member) {
		return this.calls.handOff(callPromote(member));
	}

	private CompletableFuture<MembersResult> callPromote(MemberId member) {
		return this.calls.unary(ClusterGrpc.getMemberPromoteMethod(),
				ClusterProto.MemberPromoteRequest.newBuilder().setID(member.value()).build(),
				RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> members(answer.getHeader(), answer.getMembersList()));
	}

	private static MembersResult members(HeaderProto.ResponseHeader header, List<ClusterProto.Member> members) {
		return new MembersResult(KvCodec.header(header), members(members));
	}

	private static List<Member> members(List<ClusterProto.Member> members) {
		return members.stream().map(GrpcClusterClient::member).toList();
	}

	private static Member member(ClusterProto.Member member) {
		return new Member(new MemberId(member.getID()), member.getName(), member.getPeerURLsList(),
				member.getClientURLsList(), member.getIsLearner());
	}

}
