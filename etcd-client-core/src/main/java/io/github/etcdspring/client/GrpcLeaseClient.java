/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.internal.proto.LeaseGrpc;
import io.github.etcdspring.internal.proto.LeaseProto;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseClient;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.lease.LeaseTimeToLive;
import io.github.etcdspring.lease.RevokeResult;

/**
 * The Lease service over the client's connection.
 */
final class GrpcLeaseClient implements LeaseClient {

	private final SecureRandom ids = new SecureRandom();

	private final Calls calls;

	private final KeepAliveStream keepAlives;

	GrpcLeaseClient(Calls calls, KeepAliveStream keepAlives) {
		this.calls = calls;
		this.keepAlives = keepAlives;
	}

	@Override
	public LeaseGrant grant(Duration ttl) {
		return BlockingCall.await(callGrant(ttl));
	}

	@Override
	public CompletableFuture<LeaseGrant> grantAsync(Duration ttl) {
		return this.calls.handOff(callGrant(ttl));
	}

	private CompletableFuture<LeaseGrant> callGrant(Duration ttl) {
		if (ttl.isNegative() || ttl.isZero()) {
			throw new IllegalArgumentException("ttl: " + ttl + " (expected: above zero)");
		}
		LeaseProto.LeaseGrantRequest request = LeaseProto.LeaseGrantRequest.newBuilder()
			.setTTL(wholeSeconds(ttl))
			.setID(newId())
			.build();
		long requestedAt = this.calls.channel().ticker().nanoTime();
		CompletableFuture<LeaseGrant> granted = new CompletableFuture<>();
		CompletableFuture<LeaseGrant> call = this.calls
			.call(LeaseGrpc.getLeaseGrantMethod(), request, RetryPolicy.REPEATABLE,
					(answer, sentAtNanos) -> new LeaseGrant(new LeaseId(answer.getID()),
							Duration.ofSeconds(answer.getTTL()), sentAtNanos))
			.withPatience(LeaseKeeper.patience(ttl))
			.start();
		call.whenComplete((grant, failure) -> {
			if (failure == null) {
				granted.complete(grant);
			}
			else if (isGrantedBefore(failure)) {
				adopt(new LeaseId(request.getID()), requestedAt, granted);
			}
			else {
				granted.completeExceptionally(failure);
			}
		});
		granted.whenComplete((grant, failure) -> {
			if (granted.isCancelled()) {
				call.cancel(true);
			}
		});
		return granted;
	}

	private static long wholeSeconds(Duration ttl) {
		return ttl.toSeconds() + ((ttl.toNanosPart() > 0) ? 1 : 0);
	}

	private long newId() {
		long id = this.ids.nextLong() & Long.MAX_VALUE;
		return (id != 0) ? id : 1;
	}

	/** Whether an attempt whose answer was lost made the lease that a later one found. */
	private static boolean isGrantedBefore(Throwable failure) {
		return failure instanceof EtcdException refusal && refusal.attempts() > 1
				&& refusal.error().filter(EtcdError.LEASE_EXISTS::equals).isPresent();
	}

	private void adopt(LeaseId lease, long requestedAt, CompletableFuture<LeaseGrant> granted) {
		callTimeToLive(lease).whenComplete((found, failure) -> {
			if (failure != null) {
				granted.completeExceptionally(failure);
			}
			else if (found.remaining().isEmpty()) {
				granted.completeExceptionally(gone(lease));
			}
			else {
				granted.complete(new LeaseGrant(lease, found.granted(), requestedAt));
			}
		});
	}

	private static LeaseNotFoundException gone(LeaseId lease) {
		return new LeaseNotFoundException(FailureDetails
			.local("LeaseGrant failed: the lease " + lease + " ended before its grant was known", StatusCode.NOT_FOUND),
				null);
	}

	@Override
	public RevokeResult revoke(LeaseId lease) {
		return BlockingCall.await(callRevoke(lease));
	}

	@Override
	public CompletableFuture<RevokeResult> revokeAsync(LeaseId lease) {
		return this.calls.handOff(callRevoke(lease));
	}

	private CompletableFuture<RevokeResult> callRevoke(LeaseId lease) {
		return this.calls.unary(LeaseGrpc.getLeaseRevokeMethod(),
				LeaseProto.LeaseRevokeRequest.newBuilder().setID(lease.value()).build(), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> new RevokeResult(KvCodec.header(answer.getHeader())));
	}

	@Override
	public LeaseTimeToLive timeToLive(LeaseId lease) {
		return BlockingCall.await(callTimeToLive(lease));
	}

	@Override
	public CompletableFuture<LeaseTimeToLive> timeToLiveAsync(LeaseId lease) {
		return this.calls.handOff(callTimeToLive(lease));
	}

	private CompletableFuture<LeaseTimeToLive> callTimeToLive(LeaseId lease) {
		LeaseProto.LeaseTimeToLiveRequest request = LeaseProto.LeaseTimeToLiveRequest.newBuilder()
			.setID(lease.value())
			.setKeys(true)
			.build();
		return this.calls.unary(LeaseGrpc.getLeaseTimeToLiveMethod(), request, RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> timeToLive(answer));
	}

	private LeaseTimeToLive timeToLive(LeaseProto.LeaseTimeToLiveResponse answer) {
		Optional<Duration> remaining = (answer.getTTL() < 0) ? Optional.empty()
				: Optional.of(Duration.ofSeconds(answer.getTTL()));
		return new LeaseTimeToLive(new LeaseId(answer.getID()), remaining, Duration.ofSeconds(answer.getGrantedTTL()),
				answer.getKeysList()
					.stream()
					.map(KvCodec::sequence)
					.filter(this.calls.namespace()::contains)
					.map(this.calls.namespace()::strip)
					.toList());
	}

	@Override
	public KeepAlive keepAlive(LeaseGrant grant) {
		return this.keepAlives.keep(grant);
	}

}
