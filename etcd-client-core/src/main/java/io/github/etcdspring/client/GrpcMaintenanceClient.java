/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import io.github.etcdspring.MemberId;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.proto.MaintenanceGrpc;
import io.github.etcdspring.internal.proto.MaintenanceProto.AlarmRequest;
import io.github.etcdspring.internal.proto.MaintenanceProto.DefragmentRequest;
import io.github.etcdspring.internal.proto.MaintenanceProto.DowngradeRequest;
import io.github.etcdspring.internal.proto.MaintenanceProto.DowngradeRequest.DowngradeAction;
import io.github.etcdspring.internal.proto.MaintenanceProto.HashKVRequest;
import io.github.etcdspring.internal.proto.MaintenanceProto.StatusRequest;
import io.github.etcdspring.maintenance.Alarm;
import io.github.etcdspring.maintenance.AlarmsResult;
import io.github.etcdspring.maintenance.DefragmentResult;
import io.github.etcdspring.maintenance.DowngradeResult;
import io.github.etcdspring.maintenance.HashKvResult;
import io.github.etcdspring.maintenance.MaintenanceClient;
import io.github.etcdspring.maintenance.MemberStatus;
import io.github.etcdspring.maintenance.MoveLeaderResult;
import io.github.etcdspring.maintenance.Snapshot;

/**
 * The Maintenance contract by gRPC.
 */
final class GrpcMaintenanceClient implements MaintenanceClient {

	private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+(\\.\\d+)?");

	private final Calls calls;

	GrpcMaintenanceClient(Calls calls) {
		this.calls = calls;
	}

	/** Returns calls of one member, of which nothing else need be known. */
	private Calls at(String endpoint) {
		Objects.requireNonNull(endpoint, "endpoint");
		List<String> withOneOfTheClient = List.of(this.calls.channel().endpoints().get(0), endpoint);
		return this.calls.at(Endpoint.parseAll(withOneOfTheClient).get(1));
	}

	@Override
	public MemberStatus status() {
		return BlockingCall.await(callStatus(this.calls));
	}

	@Override
	public CompletableFuture<MemberStatus> statusAsync() {
		return this.calls.handOff(callStatus(this.calls));
	}

	@Override
	public MemberStatus status(String endpoint) {
		return BlockingCall.await(callStatus(at(endpoint)));
	}

	@Override
	public CompletableFuture<MemberStatus> statusAsync(String endpoint) {
		return this.calls.handOff(callStatus(at(endpoint)));
	}

	private static CompletableFuture<MemberStatus> callStatus(Calls calls) {
		return calls.unary(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(),
				RetryPolicy.REPEATABLE, (answer, sentAtNanos) -> MaintenanceCodec.fromProto(answer));
	}

	@Override
	public AlarmsResult alarms() {
		return BlockingCall.await(callAlarm(this.calls, AlarmRequest.getDefaultInstance()));
	}

	@Override
	public CompletableFuture<AlarmsResult> alarmsAsync() {
		return this.calls.handOff(callAlarm(this.calls, AlarmRequest.getDefaultInstance()));
	}

	@Override
	public AlarmsResult disarm(Alarm alarm) {
		return BlockingCall.await(callDisarm(alarm));
	}

	@Override
	public CompletableFuture<AlarmsResult> disarmAsync(Alarm alarm) {
		return this.calls.handOff(callDisarm(alarm));
	}

	private CompletableFuture<AlarmsResult> callDisarm(Alarm alarm) {
		if (alarm.member().isNone()) {
			throw new IllegalArgumentException("member: 0 (expected: a member's id; disarmAll() is for all members)");
		}
		return callAlarm(this.calls, MaintenanceCodec.disarm(alarm));
	}

	private static CompletableFuture<AlarmsResult> callAlarm(Calls calls, AlarmRequest request) {
		return calls.unary(MaintenanceGrpc.getAlarmMethod(), request, RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> MaintenanceCodec.fromProto(answer));
	}

	@Override
	public AlarmsResult disarmAll() {
		return BlockingCall.await(callDisarmAll());
	}

	@Override
	public CompletableFuture<AlarmsResult> disarmAllAsync() {
		return this.calls.handOff(callDisarmAll());
	}

	private CompletableFuture<AlarmsResult> callDisarmAll() {
		CallSequence<AlarmsResult> sequence = new CallSequence<>(this.calls);
		sequence.step(callAlarm(this.calls, AlarmRequest.getDefaultInstance()), (raised) -> disarmNext(sequence,
				raised.alarms().iterator(), new AlarmsResult(raised.header(), List.of())));
		return sequence.result();
	}

	private static void disarmNext(CallSequence<AlarmsResult> sequence, Iterator<Alarm> raised, AlarmsResult before) {
		if (!raised.hasNext()) {
			sequence.complete(before);
			return;
		}
		sequence.step(callAlarm(sequence.calls(), MaintenanceCodec.disarm(raised.next())), (disarmed) -> {
			List<Alarm> all = new ArrayList<>(before.alarms());
			all.addAll(disarmed.alarms());
			disarmNext(sequence, raised, new AlarmsResult(disarmed.header(), all));
		});
	}

	@Override
	public DefragmentResult defragment(String endpoint, Duration timeout) {
		return BlockingCall.await(callDefragment(endpoint, timeout));
	}

	@Override
	public CompletableFuture<DefragmentResult> defragmentAsync(String endpoint, Duration timeout) {
		return this.calls.handOff(callDefragment(endpoint, timeout));
	}

	private CompletableFuture<DefragmentResult> callDefragment(String endpoint, Duration timeout) {
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("timeout: " + timeout + " (expected: above zero)");
		}
		Calls member = at(endpoint);
		CallSequence<DefragmentResult> sequence = new CallSequence<>(member);
		sequence
			.step(callStatus(member),
					(status) -> sequence.step(member.withTimeout(timeout)
						.unary(MaintenanceGrpc.getDefragmentMethod(), DefragmentRequest.getDefaultInstance(),
								RetryPolicy.NON_REPEATABLE,
								(answer, sentAtNanos) -> new DefragmentResult(KvCodec.header(answer.getHeader()))),
							sequence::complete));
		return sequence.result();
	}

	@Override
	public HashKvResult hashKv(String endpoint, long revision) {
		return BlockingCall.await(callHashKv(endpoint, revision));
	}

	@Override
	public CompletableFuture<HashKvResult> hashKvAsync(String endpoint, long revision) {
		return this.calls.handOff(callHashKv(endpoint, revision));
	}

	private CompletableFuture<HashKvResult> callHashKv(String endpoint, long revision) {
		if (revision < 0) {
			throw new IllegalArgumentException(
					"revision: " + revision + " (expected: a revision, or 0 for the newest)");
		}
		return at(endpoint).unary(MaintenanceGrpc.getHashKVMethod(),
				HashKVRequest.newBuilder().setRevision(revision).build(), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> MaintenanceCodec.fromProto(answer));
	}

	@Override
	public MoveLeaderResult moveLeader(MemberId target) {
		return BlockingCall.await(callMoveLeader(target));
	}

	@Override
	public CompletableFuture<MoveLeaderResult> moveLeaderAsync(MemberId target) {
		return this.calls.handOff(callMoveLeader(target));
	}

	private CompletableFuture<MoveLeaderResult> callMoveLeader(MemberId target) {
		if (target.isNone()) {
			throw new IllegalArgumentException("target: 0 (expected: a member's id)");
		}
		return LeaderMove.begin(this.calls, target);
	}

	@Override
	public DowngradeResult validateDowngrade(String version) {
		return BlockingCall.await(callDowngrade(DowngradeAction.VALIDATE, checked(version)));
	}

	@Override
	public CompletableFuture<DowngradeResult> validateDowngradeAsync(String version) {
		return this.calls.handOff(callDowngrade(DowngradeAction.VALIDATE, checked(version)));
	}

	@Override
	public DowngradeResult enableDowngrade(String version) {
		return BlockingCall.await(callDowngrade(DowngradeAction.ENABLE, checked(version)));
	}

	@Override
	public CompletableFuture<DowngradeResult> enableDowngradeAsync(String version) {
		return this.calls.handOff(callDowngrade(DowngradeAction.ENABLE, checked(version)));
	}

	private static String checked(String version) {
		if (!VERSION.matcher(version).matches()) {
			throw new IllegalArgumentException("version: '" + version + "' (expected: major and minor, such as 3.5)");
		}
		return version;
	}

	@Override
	public DowngradeResult cancelDowngrade() {
		return BlockingCall.await(callDowngrade(DowngradeAction.CANCEL, ""));
	}

	@Override
	public CompletableFuture<DowngradeResult> cancelDowngradeAsync() {
		return this.calls.handOff(callDowngrade(DowngradeAction.CANCEL, ""));
	}

	private CompletableFuture<DowngradeResult> callDowngrade(DowngradeAction action, String version) {
		return this.calls.unary(MaintenanceGrpc.getDowngradeMethod(),
				DowngradeRequest.newBuilder().setAction(action).setVersion(version).build(), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> new DowngradeResult(KvCodec.header(answer.getHeader()), answer.getVersion()));
	}

	@Override
	public Snapshot snapshot() {
		return new GrpcSnapshot(this.calls);
	}

	@Override
	public Snapshot snapshot(String endpoint) {
		return new GrpcSnapshot(at(endpoint));
	}

}
