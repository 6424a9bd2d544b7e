/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.internal.proto.MaintenanceGrpc;
import io.github.etcdspring.internal.proto.MaintenanceProto.MoveLeaderRequest;
import io.github.etcdspring.maintenance.MoveLeaderResult;
import org.jspecify.annotations.Nullable;

/**
 * Hands leadership over: finds the leader and tells it, since no other member passes that
 * on. A leader that has changed by then is looked for once more; a member that was told
 * before, and whose answer was lost, is a leader that has changed too.
 */
final class LeaderMove {

	private final CallSequence<MoveLeaderResult> sequence;

	private final MoveLeaderRequest request;

	/**
	 * The failure of a leader that may have handed over before it said it does not lead.
	 */
	private volatile @Nullable Throwable doubt;

	private LeaderMove(Calls calls, MemberId target) {
		this.sequence = new CallSequence<>(calls);
		this.request = MoveLeaderRequest.newBuilder().setTargetID(target.value()).build();
	}

	static CompletableFuture<MoveLeaderResult> begin(Calls calls, MemberId target) {
		LeaderMove move = new LeaderMove(calls, target);
		move.attempt(true);
		return move.sequence.result();
	}

	private void attempt(boolean first) {
		this.sequence.step(LeaderSearch.begin(this.sequence.calls()), (leader) -> attempt(leader, first), this::fail);
	}

	private void attempt(Endpoint leader, boolean first) {
		this.sequence.step(tell(leader), this.sequence::complete, (failure) -> {
			if (first && isNotLeader(failure)) {
				this.doubt = isDoubtful(failure) ? failure : null;
				attempt(false);
			}
			else {
				fail(failure);
			}
		});
	}

	private void fail(Throwable failure) {
		this.sequence.fail((this.doubt != null) ? this.doubt : failure);
	}

	private CompletableFuture<MoveLeaderResult> tell(Endpoint leader) {
		return this.sequence.calls()
			.at(leader)
			.unary(MaintenanceGrpc.getMoveLeaderMethod(), this.request, RetryPolicy.REPEATABLE,
					(answer, sentAtNanos) -> new MoveLeaderResult(KvCodec.header(answer.getHeader())));
	}

	private static boolean isNotLeader(Throwable failure) {
		return failure instanceof EtcdException refusal
				&& refusal.error().filter((error) -> error == EtcdError.NOT_LEADER).isPresent();
	}

	private static boolean isDoubtful(Throwable failure) {
		return failure instanceof EtcdException refusal && refusal.outcome() == Outcome.UNKNOWN;
	}

}
