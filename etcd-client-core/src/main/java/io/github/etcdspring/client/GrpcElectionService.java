/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.proto.ElectionGrpc;
import io.github.etcdspring.internal.proto.ElectionProto;
import io.github.etcdspring.service.CampaignRequest;
import io.github.etcdspring.service.CampaignResult;
import io.github.etcdspring.service.ElectionService;
import io.github.etcdspring.service.LeaderKey;
import io.github.etcdspring.service.LeaderResult;
import io.github.etcdspring.service.ProclaimResult;
import io.github.etcdspring.service.ResignResult;

/**
 * The Election service over the client's connection. A campaign is not asked for twice:
 * the server, which cleans up after the first call when that has ended, would end the
 * second one's leadership.
 */
final class GrpcElectionService implements ElectionService {

	private final Calls calls;

	GrpcElectionService(Calls calls) {
		this.calls = calls;
	}

	@Override
	public CampaignResult campaign(CampaignRequest request) {
		return BlockingCall.await(callCampaign(request));
	}

	@Override
	public CompletableFuture<CampaignResult> campaignAsync(CampaignRequest request) {
		return this.calls.handOff(callCampaign(request));
	}

	private CompletableFuture<CampaignResult> callCampaign(CampaignRequest request) {
		return this.calls.withTimeout(request.timeout())
			.call(ElectionGrpc.getCampaignMethod(),
					ElectionProto.CampaignRequest.newBuilder()
						.setName(bytes(request.name()))
						.setLease(request.lease().value())
						.setValue(KvCodec.bytes(request.value()))
						.build(),
					RetryPolicy.NON_REPEATABLE,
					(answer, sentAtNanos) -> new CampaignResult(KvCodec.header(answer.getHeader()),
							fromProto(answer.getLeader())))
			.waiting()
			.start();
	}

	@Override
	public ProclaimResult proclaim(LeaderKey leader, ByteSequence value) {
		return BlockingCall.await(callProclaim(leader, value));
	}

	@Override
	public CompletableFuture<ProclaimResult> proclaimAsync(LeaderKey leader, ByteSequence value) {
		return this.calls.handOff(callProclaim(leader, value));
	}

	private CompletableFuture<ProclaimResult> callProclaim(LeaderKey leader, ByteSequence value) {
		return this.calls.unary(ElectionGrpc.getProclaimMethod(),
				ElectionProto.ProclaimRequest.newBuilder()
					.setLeader(toProto(leader))
					.setValue(KvCodec.bytes(value))
					.build(),
				RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> new ProclaimResult(KvCodec.header(answer.getHeader())));
	}

	@Override
	public LeaderResult leader(ByteSequence name) {
		return BlockingCall.await(callLeader(name));
	}

	@Override
	public CompletableFuture<LeaderResult> leaderAsync(ByteSequence name) {
		return this.calls.handOff(callLeader(name));
	}

	private CompletableFuture<LeaderResult> callLeader(ByteSequence name) {
		return this.calls.unary(ElectionGrpc.getLeaderMethod(), leaderRequest(name), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> fromProto(answer));
	}

	@Override
	public ResignResult resign(LeaderKey leader) {
		return BlockingCall.await(callResign(leader));
	}

	@Override
	public CompletableFuture<ResignResult> resignAsync(LeaderKey leader) {
		return this.calls.handOff(callResign(leader));
	}

	private CompletableFuture<ResignResult> callResign(LeaderKey leader) {
		return this.calls.unary(ElectionGrpc.getResignMethod(),
				ElectionProto.ResignRequest.newBuilder().setLeader(toProto(leader)).build(), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> new ResignResult(KvCodec.header(answer.getHeader())));
	}

	@Override
	public Flow.Publisher<LeaderResult> observe(ByteSequence name) {
		return this.calls.stream(ElectionGrpc.getObserveMethod(), leaderRequest(name), this::fromProto)
			.withoutPatience();
	}

	private ElectionProto.LeaderRequest leaderRequest(ByteSequence name) {
		return ElectionProto.LeaderRequest.newBuilder().setName(bytes(name)).build();
	}

	private LeaderResult fromProto(ElectionProto.LeaderResponse answer) {
		return new LeaderResult(KvCodec.header(answer.getHeader()),
				this.calls.namespace().strip(KvCodec.keyValue(answer.getKv())));
	}

	private LeaderKey fromProto(ElectionProto.LeaderKey leader) {
		return new LeaderKey(sequence(leader.getName()), sequence(leader.getKey()), leader.getRev(),
				KvCodec.lease(leader.getLease()));
	}

	private ElectionProto.LeaderKey toProto(LeaderKey leader) {
		return ElectionProto.LeaderKey.newBuilder()
			.setName(bytes(leader.name()))
			.setKey(bytes(leader.key()))
			.setRev(leader.revision())
			.setLease(leader.lease().value())
			.build();
	}

	private ByteString bytes(ByteSequence key) {
		return KvCodec.bytes(this.calls.namespace().add(key));
	}

	private ByteSequence sequence(ByteString key) {
		return this.calls.namespace().strip(KvCodec.sequence(key));
	}

}
