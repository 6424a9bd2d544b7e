/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.internal.proto.MaintenanceProto.StatusResponse;
import io.github.etcdspring.internal.proto.MaintenanceGrpc;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseGrantResponse;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.WrongClusterException;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.UnaryScript;
import io.github.etcdspring.internal.proto.ClusterGrpc;
import io.github.etcdspring.internal.proto.ClusterProto.MemberListRequest;
import io.github.etcdspring.internal.proto.ClusterProto.MemberListResponse;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.PutResponse;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link ClusterCheck}: which calls of a client begin that expects one cluster.
 */
class ExpectedClusterTests {

	private static final long EXPECTED = 0xcdf818194e3a8c32L;

	private static final long OTHER = 5;

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	@Test
	void letsCallsBeginWhenTheMemberBelongsToTheCluster() {
		ScriptedEtcd member = member(EXPECTED);

		assertThat(client(member).kv().put("key", "value").header().clusterId()).isEqualTo(EXPECTED);
		assertThat(memberList(member).count()).isEqualTo(1);
	}

	@Test
	void sendsNothingToAMemberOfAnotherCluster() {
		ScriptedEtcd member = member(OTHER);

		WrongClusterException failure = failureOfPut(client(member));

		assertThat(failure).hasMessageContaining("Put failed: ")
			.hasMessageContaining("a member of cluster 5 answered (expected: cluster cdf818194e3a8c32)");
		assertThat(failure.clusterId()).isEqualTo(OTHER);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(member.put().count()).isZero();
	}

	@Test
	void asksEachMemberOnceForAnyNumberOfCalls() {
		ScriptedEtcd first = member(EXPECTED);
		ScriptedEtcd second = member(EXPECTED);
		EtcdClient client = client(first, second);

		for (int i = 0; i < 10; i++) {
			client.kv().put("key", "value");
		}

		await().until(() -> memberList(first).count() == 1 && memberList(second).count() == 1);
	}

	@Test
	void beginsNoMoreCallsOnceAnyMemberBelongsElsewhere() {
		ScriptedEtcd right = member(EXPECTED);
		ScriptedEtcd wrong = member(OTHER);
		memberList(wrong).thenHold();
		EtcdClient client = client(right, wrong);
		wrong.put().otherwiseFail(Status.UNAVAILABLE.withDescription("etcdserver: no leader"));
		client.kv().put("key", "value");

		memberList(wrong).awaitCall(0).answer(members(OTHER));

		await().untilAsserted(() -> assertThat(
				catchThrowableOfType(WrongClusterException.class, () -> client.kv().put("key", "value")))
			.isNotNull());
	}

	@Test
	void saysThatAWriteMayBeAppliedWhichAnotherClusterAnswered() {
		ScriptedEtcd member = member(EXPECTED);
		member.put().thenAnswer(PutResponse.newBuilder().setHeader(header(OTHER)).build());

		WrongClusterException failure = failureOfPut(client(member));

		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.attempts()).isEqualTo(1);
	}

	@Test
	void asksAgainAfterAWhile() {
		ScriptedEtcd member = member(EXPECTED);
		memberList(member).thenAnswer(members(OTHER));
		EtcdClient client = client(member);
		failureOfPut(client);
		assertThat(failureOfPut(client)).isNotNull();

		this.clock.advance(Duration.ofSeconds(5));

		assertThat(client.kv().put("key", "value").header().clusterId()).isEqualTo(EXPECTED);
		assertThat(memberList(member).count()).isEqualTo(2);
	}

	@Test
	void waitsForEveryMemberOnceOneWasFoundThatBelongsElsewhere() {
		ScriptedEtcd right = member(EXPECTED);
		ScriptedEtcd wrong = member(OTHER);
		memberList(right).thenHold();
		EtcdClient client = client(right, wrong);
		failureOfPut(client);
		memberList(wrong).thenHold();

		this.clock.advance(Duration.ofSeconds(5));
		CompletableFuture<?> call = client.kv().putAsync("key", "value");
		memberList(right).awaitCall(1);
		memberList(wrong).awaitCall(1).answer(members(OTHER));

		assertThat(failureOf(call)).isInstanceOf(WrongClusterException.class);
		assertThat(memberList(right).count()).isEqualTo(2);
		assertThat(right.put().count() + wrong.put().count()).isZero();
	}

	@Test
	void asksAgainWithinACallsTimeWhenNoMemberAnswers() {
		ScriptedEtcd member = member(EXPECTED);
		memberList(member).thenHold();
		EtcdClient client = this.cluster
			.client((options) -> options.expectedClusterId(EXPECTED).requestTimeout(Duration.ofMillis(300)), member);

		assertThat(client.withTimeout(Duration.ofSeconds(20)).kv().put("key", "value").revision()).isEqualTo(7);
		assertThat(memberList(member).count()).isEqualTo(2);
	}

	@Test
	void keepsToItsTimeoutWhenNoMemberNamesItsCluster() {
		ScriptedEtcd member = member(EXPECTED);
		memberList(member).otherwiseHold();
		EtcdClient client = client(member).withTimeout(Duration.ofMillis(300));

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(failure.attempts()).isZero();
		assertThat(member.put().count()).isZero();
	}

	@Test
	void failsWhatWaitsForItWhenTheClientIsClosed() {
		ScriptedEtcd member = member(EXPECTED);
		memberList(member).otherwiseHold();
		EtcdClient client = client(member);
		CompletableFuture<?> call = client.kv().putAsync("key", "value");
		memberList(member).awaitCall(0);

		client.close();

		assertThat(failureOf(call)).isInstanceOf(EtcdClosedException.class);
		await().until(() -> member.connections() == 0);
	}

	@Test
	void keepsNoConnectionOfItsOwn() {
		ScriptedEtcd first = member(EXPECTED);
		ScriptedEtcd second = member(EXPECTED);

		client(first, second).kv().put("key", "value");

		await().until(() -> first.connections() == 1 && second.connections() == 1);
	}

	@Test
	void checksTheAnswersThemselvesWhereTheUserMayNotListMembers() {
		ScriptedEtcd member = member(EXPECTED);
		memberList(member).otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
		EtcdClient client = client(member);

		assertThat(client.kv().put("key", "value").header().clusterId()).isEqualTo(EXPECTED);
		member.put().thenAnswer(PutResponse.newBuilder().setHeader(header(OTHER)).build());
		assertThat(failureOfPut(client).clusterId()).isEqualTo(OTHER);
	}

	@Test
	void asksTheMembersAnewWhenEndpointsAreReplaced() {
		ScriptedEtcd right = member(EXPECTED);
		ScriptedEtcd wrong = member(OTHER);
		EtcdClient client = client(right);
		client.kv().put("key", "value");

		client.setEndpoints(List.of(wrong.endpoint()));

		assertThat(failureOfPut(client).outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(wrong.put().count()).isZero();
	}

	@Test
	void refusesALeaseThatAnotherClusterGranted() {
		ScriptedEtcd member = member(EXPECTED);
		member.grant().thenAnswer(LeaseGrantResponse.newBuilder().setHeader(header(OTHER)).setID(7).setTTL(5).build());

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client(member).lease().grant(Duration.ofSeconds(5)));

		assertThat(failure).isInstanceOf(WrongClusterException.class);
	}

	@Test
	void takesNoEndpointsFromTheMemberListOfAnotherCluster() {
		ScriptedEtcd member = member(EXPECTED);
		EtcdClient client = client(member);
		client.kv().put("key", "value");
		memberList(member).otherwise((call) -> call.answer(members(OTHER)));

		EtcdException failure = catchThrowableOfType(EtcdException.class, client::syncEndpoints);

		assertThat(failure).isInstanceOf(WrongClusterException.class);
		assertThat(client.endpoints()).containsExactly(member.endpoint());
	}

	@Test
	void goesOnWithItsMembersWhenOneThatIsPinnedBelongsElsewhere() {
		ScriptedEtcd right = member(EXPECTED);
		ScriptedEtcd wrong = member(OTHER);
		wrong.unary(MaintenanceGrpc.getStatusMethod())
			.otherwise((call) -> call.answer(StatusResponse.newBuilder().setHeader(header(OTHER)).build()));
		EtcdClient client = client(right);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.maintenance().status(wrong.endpoint()));

		assertThat(failure).isInstanceOf(WrongClusterException.class);
		assertThat(client.kv().put("key", "value").header().clusterId()).isEqualTo(EXPECTED);
	}

	@Test
	void savesNoSnapshotOfAnotherCluster(@TempDir Path folder) {
		ScriptedEtcd right = member(EXPECTED);
		ScriptedEtcd wrong = member(OTHER);
		EtcdClient client = client(right);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.maintenance().snapshot(wrong.endpoint()).saveTo(folder.resolve("saved")));

		assertThat(failure).isInstanceOf(WrongClusterException.class);
		assertThat(folder).isEmptyDirectory();
	}

	private static WrongClusterException failureOfPut(EtcdClient client) {
		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));
		assertThat(failure).isInstanceOf(WrongClusterException.class);
		return (WrongClusterException) failure;
	}

	private ScriptedEtcd member(long clusterId) {
		ScriptedEtcd member = this.cluster.member();
		memberList(member).otherwise((call) -> call.answer(members(clusterId)));
		member.put().otherwise((call) -> call.answer(PutResponse.newBuilder().setHeader(header(clusterId)).build()));
		return member;
	}

	private EtcdClient client(ScriptedEtcd... members) {
		return this.cluster.client((options) -> options.expectedClusterId(EXPECTED).ticker(this.clock), members);
	}

	private static UnaryScript<MemberListRequest, MemberListResponse> memberList(ScriptedEtcd member) {
		return member.unary(ClusterGrpc.getMemberListMethod());
	}

	private static MemberListResponse members(long clusterId) {
		return MemberListResponse.newBuilder().setHeader(header(clusterId)).build();
	}

	private static ResponseHeader header(long clusterId) {
		return ResponseHeader.newBuilder().setClusterId(clusterId).setMemberId(2).setRevision(7).setRaftTerm(3).build();
	}

}
