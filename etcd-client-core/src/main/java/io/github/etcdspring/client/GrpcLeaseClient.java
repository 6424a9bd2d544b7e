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
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.proto.LeaseGrpc;
import io.github.etcdspring.internal.proto.LeaseProto;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseClient;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.lease.LeaseTimeToLive;
import io.github.etcdspring.lease.LeasesResult;
import io.github.etcdspring.lease.RevokeResult;

/**
 * The Lease service over the client's connection.
 */
final class GrpcLeaseClient implements LeaseClient {

	/** What etcd allows. */
	private static final long LONGEST_TTL_SECONDS = 9_000_000_000L;

	private static final SecureRandom IDS = new SecureRandom();

	private final Calls calls;

	private final ClientStreams streams;

	GrpcLeaseClient(Calls calls, ClientStreams streams) {
		this.calls = calls;
		this.streams = streams;
	}

	@Override
	public LeaseGrant grant(Duration ttl) {
		return BlockingCall.await(callGrant(newId(), ttl));
	}

	@Override
	public CompletableFuture<LeaseGrant> grantAsync(Duration ttl) {
		return this.calls.handOff(callGrant(newId(), ttl));
	}

	@Override
	public LeaseGrant grant(LeaseId lease, Duration ttl) {
		return BlockingCall.await(callGrant(chosen(lease), ttl));
	}

	@Override
	public CompletableFuture<LeaseGrant> grantAsync(LeaseId lease, Duration ttl) {
		return this.calls.handOff(callGrant(chosen(lease), ttl));
	}

	private static LeaseId chosen(LeaseId lease) {
		if (lease.isNone()) {
			throw new IllegalArgumentException("lease: 0 (expected: another number; for any: grant(ttl))");
		}
		return lease;
	}

	private LeaseId newId() {
		long id = IDS.nextLong() & Long.MAX_VALUE;
		return new LeaseId((id != 0) ? id : 1);
	}

	private CompletableFuture<LeaseGrant> callGrant(LeaseId lease, Duration ttl) {
		MessageWriter.Body request = LeaseAnswer.grant(lease, wholeSeconds(ttl));
		long requestedAt = this.calls.channel().ticker().nanoTime();
		CompletableFuture<LeaseGrant> granted = new CompletableFuture<>();
		CompletableFuture<LeaseGrant> call = this.calls
			.call(LeaseAnswer.GRANT, request, RetryPolicy.REPEATABLE,
					(answer, sentAtNanos) -> answer.toGrant(new LeaseId(answer.id()), sentAtNanos))
			.withPatience(LeaseKeeper.patience(ttl))
			.start();
		call.whenComplete((grant, failure) -> {
			if (failure == null) {
				granted.complete(grant);
			}
			else if (failure instanceof EtcdException refusal && mayBeGrantedBefore(refusal)) {
				adopt(lease, ttl, requestedAt, refusal, granted);
			}
			else {
				granted.completeExceptionally(failure);
			}
		});
		return cancelling(call, granted);
	}

	private static long wholeSeconds(Duration ttl) {
		if (ttl.isNegative() || ttl.isZero()) {
			throw new IllegalArgumentException("ttl: " + ttl + " (expected: above zero)");
		}
		if (ttl.minusNanos(1).toSeconds() >= LONGEST_TTL_SECONDS) {
			throw new IllegalArgumentException("ttl: " + ttl + " (expected: at most " + LONGEST_TTL_SECONDS + " s)");
		}
		return ttl.toSeconds() + ((ttl.toNanosPart() > 0) ? 1 : 0);
	}

	/**
	 * Whether an attempt whose answer was lost may have made the lease that was found.
	 */
	private static boolean mayBeGrantedBefore(EtcdException refusal) {
		return refusal.outcome() == Outcome.UNKNOWN
				&& refusal.error().filter(EtcdError.LEASE_EXISTS::equals).isPresent();
	}

	/** Takes a lease that an attempt made whose answer was lost. */
	private void adopt(LeaseId lease, Duration ttl, long requestedAt, EtcdException refusal,
			CompletableFuture<LeaseGrant> granted) {
		CompletableFuture<LeaseTimeToLive> call = callTimeToLive(lease, false);
		call.whenComplete((found, failure) -> {
			if (failure != null) {
				granted.completeExceptionally(mayBeGranted(failure));
			}
			else if (found.remaining().isEmpty()) {
				granted.completeExceptionally(endedUnknown(lease));
			}
			else if (found.granted().compareTo(ttl) < 0 || isOlder(found, requestedAt)) {
				granted.completeExceptionally(refusal);
			}
			else {
				renewAdopted(lease, ttl, granted);
			}
		});
		cancelling(call, granted);
	}

	/** When it was granted is not known; how long it lives from here on is. */
	private void renewAdopted(LeaseId lease, Duration ttl, CompletableFuture<LeaseGrant> granted) {
		CompletableFuture<LeaseGrant> call = renewal(this.calls, lease).withPatience(LeaseKeeper.patience(ttl)).start();
		call.whenComplete((renewed, failure) -> {
			if (failure != null) {
				granted.completeExceptionally(mayBeGranted(failure));
			}
			else if (isGone(renewed)) {
				granted.completeExceptionally(endedUnknown(lease));
			}
			else {
				granted.complete(renewed);
			}
		});
		cancelling(call, granted);
	}

	private static Throwable mayBeGranted(Throwable failure) {
		return (failure instanceof EtcdException of) ? of.withOutcome(Outcome.UNKNOWN) : failure;
	}

	private static LeaseNotFoundException endedUnknown(LeaseId lease) {
		return notFound("LeaseGrant", "the lease " + lease + " ended before its grant was known");
	}

	/** Whether the answer to a renewal says that there is no such lease. */
	private static boolean isGone(LeaseGrant renewed) {
		return renewed.ttl().isZero() || renewed.ttl().isNegative();
	}

	/** Whether a lease was granted before it was asked for: it is somebody else's. */
	private boolean isOlder(LeaseTimeToLive found, long requestedAt) {
		Duration sinceRequest = Duration.ofNanos(this.calls.channel().ticker().nanoTime() - requestedAt);
		Duration left = found.remaining().orElseThrow().plusSeconds(1);
		return left.plus(sinceRequest).compareTo(found.granted()) < 0;
	}

	private static LeaseNotFoundException notFound(String operation, String reason) {
		return new LeaseNotFoundException(FailureDetails.local(operation + " failed: " + reason, StatusCode.NOT_FOUND),
				null);
	}

	/** Gives up the call when what is made of it is cancelled. */
	private static <T> CompletableFuture<T> cancelling(CompletableFuture<?> call, CompletableFuture<T> made) {
		made.whenComplete((value, failure) -> {
			if (made.isCancelled()) {
				call.cancel(true);
			}
		});
		return made;
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
		return BlockingCall.await(callTimeToLive(lease, false));
	}

	@Override
	public CompletableFuture<LeaseTimeToLive> timeToLiveAsync(LeaseId lease) {
		return this.calls.handOff(callTimeToLive(lease, false));
	}

	@Override
	public LeaseTimeToLive timeToLiveWithKeys(LeaseId lease) {
		return BlockingCall.await(callTimeToLive(lease, true));
	}

	@Override
	public CompletableFuture<LeaseTimeToLive> timeToLiveWithKeysAsync(LeaseId lease) {
		return this.calls.handOff(callTimeToLive(lease, true));
	}

	private CompletableFuture<LeaseTimeToLive> callTimeToLive(LeaseId lease, boolean keys) {
		LeaseProto.LeaseTimeToLiveRequest request = LeaseProto.LeaseTimeToLiveRequest.newBuilder()
			.setID(lease.value())
			.setKeys(keys)
			.build();
		return this.calls.unary(LeaseGrpc.getLeaseTimeToLiveMethod(), request, RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> timeToLive(answer));
	}

	private LeaseTimeToLive timeToLive(LeaseProto.LeaseTimeToLiveResponse answer) {
		Optional<Duration> remaining = (answer.getTTL() < 0) ? Optional.empty()
				: Optional.of(Duration.ofSeconds(answer.getTTL()));
		return new LeaseTimeToLive(KvCodec.header(answer.getHeader()), new LeaseId(answer.getID()), remaining,
				Duration.ofSeconds(answer.getGrantedTTL()),
				answer.getKeysList()
					.stream()
					.map(KvCodec::sequence)
					.filter(this.calls.namespace()::contains)
					.map(this.calls.namespace()::strip)
					.toList());
	}

	@Override
	public LeasesResult leases() {
		return BlockingCall.await(callLeases());
	}

	@Override
	public CompletableFuture<LeasesResult> leasesAsync() {
		return this.calls.handOff(callLeases());
	}

	private CompletableFuture<LeasesResult> callLeases() {
		return this.calls.unary(LeaseGrpc.getLeaseLeasesMethod(), LeaseProto.LeaseLeasesRequest.getDefaultInstance(),
				RetryPolicy.REPEATABLE, (answer, sentAtNanos) -> new LeasesResult(KvCodec.header(answer.getHeader()),
						answer.getLeasesList().stream().map((lease) -> new LeaseId(lease.getID())).toList()));
	}

	@Override
	public LeaseGrant keepAliveOnce(LeaseId lease) {
		return BlockingCall.await(callKeepAliveOnce(lease));
	}

	@Override
	public CompletableFuture<LeaseGrant> keepAliveOnceAsync(LeaseId lease) {
		return this.calls.handOff(callKeepAliveOnce(lease));
	}

	/**
	 * Returns the renewal of a lease; one that does not exist has no TTL above 0. A
	 * stream of one message each way is no other than a unary call.
	 */
	static UnaryCall<MessageWriter.Body, LeaseAnswer, LeaseGrant> renewal(Calls calls, LeaseId lease) {
		return calls.call(LeaseAnswer.KEEP_ALIVE, LeaseAnswer.keepAlive(lease), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> answer.toGrant(lease, sentAtNanos));
	}

	private CompletableFuture<LeaseGrant> callKeepAliveOnce(LeaseId lease) {
		CompletableFuture<LeaseGrant> renewed = new CompletableFuture<>();
		CompletableFuture<LeaseGrant> call = renewal(this.calls, lease).start();
		call.whenComplete((renewal, failure) -> {
			if (failure != null) {
				renewed.completeExceptionally(failure);
			}
			else if (isGone(renewal)) {
				renewed.completeExceptionally(notFound("LeaseKeepAlive", "the lease " + lease + " does not exist"));
			}
			else {
				renewed.complete(renewal);
			}
		});
		return cancelling(call, renewed);
	}

	@Override
	public KeepAlive keepAlive(LeaseGrant grant) {
		return this.streams.keepAlives().keep(grant);
	}

}
