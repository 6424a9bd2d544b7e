/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.RecordingSubscriber;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.fixture.StreamScript;
import io.github.etcdspring.internal.proto.ElectionGrpc;
import io.github.etcdspring.internal.proto.ElectionProto;
import io.github.etcdspring.internal.proto.MvccProto;
import io.github.etcdspring.service.CampaignRequest;
import io.github.etcdspring.service.ElectionService;
import io.github.etcdspring.service.LeaderKey;
import io.github.etcdspring.service.LeaderResult;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of {@link GrpcElectionService}.
 */
class GrpcElectionServiceTests {

	private static final ByteSequence NAME = ByteSequence.of("election");

	private static final ByteSequence VALUE = ByteSequence.of("S3CR3T");

	private static final LeaderKey LEADER = new LeaderKey(NAME, ByteSequence.of("election/7"), 5, new LeaseId(7));

	private static final ElectionProto.LeaderKey LEADER_PROTO = ElectionProto.LeaderKey.newBuilder()
		.setName(ByteString.copyFromUtf8("election"))
		.setKey(ByteString.copyFromUtf8("election/7"))
		.setRev(5)
		.setLease(7)
		.build();

	private static final CampaignRequest REQUEST = CampaignRequest.of("election", new LeaseId(7), "S3CR3T",
			Duration.ofHours(1));

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final ScriptedEtcd member = this.cluster.member();

	static Stream<Arguments> changes() {
		return Stream.of(
				change("campaign", ElectionGrpc.getCampaignMethod(), (elections) -> elections.campaign(REQUEST)),
				change("proclaim", ElectionGrpc.getProclaimMethod(), (elections) -> elections.proclaim(LEADER, VALUE)),
				change("resign", ElectionGrpc.getResignMethod(), (elections) -> elections.resign(LEADER)));
	}

	private static Arguments change(String name, MethodDescriptor<?, ?> method,
			Function<ElectionService, Object> call) {
		return arguments(name, method, call);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("changes")
	void isSentOnceWhenItMayHaveBeenApplied(String name, MethodDescriptor<?, ?> method,
			Function<ElectionService, Object> call) {
		this.member.unary(method).otherwiseFail(Status.UNAVAILABLE);
		ElectionService elections = this.cluster.client(this.member).electionService();

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> call.apply(elections));

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.toString()).doesNotContain("S3CR3T");
		assertThat(this.member.unary(method).count()).isEqualTo(1);
	}

	@Test
	void campaignsInBothForms() {
		this.member.unary(ElectionGrpc.getCampaignMethod())
			.otherwise(
					(call) -> call.answer(ElectionProto.CampaignResponse.newBuilder().setLeader(LEADER_PROTO).build()));
		ElectionService elections = this.cluster.client(this.member).electionService();

		assertThat(elections.campaign(REQUEST).leader()).isEqualTo(LEADER);
		assertThat(resultOf(elections.campaignAsync(REQUEST)).leader()).isEqualTo(LEADER);

		assertThat(this.member.unary(ElectionGrpc.getCampaignMethod()).calls()).hasSize(2)
			.allSatisfy((call) -> assertThat(call.request()).isEqualTo(ElectionProto.CampaignRequest.newBuilder()
				.setName(ByteString.copyFromUtf8("election"))
				.setLease(7)
				.setValue(ByteString.copyFromUtf8("S3CR3T"))
				.build()));
	}

	@Test
	void waitsAsLongAsTheRequestSays() {
		this.member.unary(ElectionGrpc.getCampaignMethod()).thenHold();
		ElectionService elections = this.cluster.client(this.member).electionService();

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> elections
			.campaign(CampaignRequest.of("election", new LeaseId(7), "value", Duration.ofMillis(100))));

		assertThat(failure).isInstanceOf(EtcdTimeoutException.class).hasMessageContaining("no answer within 100 ms");
		await().until(() -> this.member.unary(ElectionGrpc.getCampaignMethod()).awaitCall(0).isCancelled());
	}

	@Test
	void proclaimsAndResignsInBothForms() {
		ElectionService elections = this.cluster.client(this.member).electionService();

		elections.proclaim(LEADER, VALUE);
		resultOf(elections.proclaimAsync(LEADER, VALUE));
		elections.resign(LEADER);
		resultOf(elections.resignAsync(LEADER));

		assertThat(this.member.unary(ElectionGrpc.getProclaimMethod()).calls()).hasSize(2)
			.allSatisfy((call) -> assertThat(call.request()).isEqualTo(ElectionProto.ProclaimRequest.newBuilder()
				.setLeader(LEADER_PROTO)
				.setValue(ByteString.copyFromUtf8("S3CR3T"))
				.build()));
		assertThat(this.member.unary(ElectionGrpc.getResignMethod()).calls()).hasSize(2)
			.allSatisfy((call) -> assertThat(call.request().getLeader()).isEqualTo(LEADER_PROTO));
	}

	@Test
	void asksWhoLeadsInBothFormsAndAgainWhenTheConnectionBreaks() {
		this.member.unary(ElectionGrpc.getLeaderMethod())
			.thenFail(Status.UNAVAILABLE)
			.otherwise((call) -> call.answer(ElectionProto.LeaderResponse.newBuilder()
				.setKv(MvccProto.KeyValue.newBuilder()
					.setKey(ByteString.copyFromUtf8("election/7"))
					.setValue(ByteString.copyFromUtf8("value"))
					.setCreateRevision(5)
					.setLease(7))
				.build()));
		ElectionService elections = this.cluster.client(this.member).electionService();

		LeaderResult leader = elections.leader(NAME);

		assertThat(leader.kv().key()).isEqualTo(LEADER.key());
		assertThat(leader.kv().value()).isEqualTo(ByteSequence.of("value"));
		assertThat(leader.kv().createRevision()).isEqualTo(5);
		assertThat(resultOf(elections.leaderAsync(NAME))).isEqualTo(leader);
		assertThat(this.member.unary(ElectionGrpc.getLeaderMethod()).calls()).hasSize(3)
			.allSatisfy((call) -> assertThat(call.request().getName().toStringUtf8()).isEqualTo("election"));
	}

	@Test
	void putsThePrefixOfAViewBeforeItsKeys() {
		ElectionProto.LeaderKey inside = LEADER_PROTO.toBuilder()
			.setName(ByteString.copyFromUtf8("app/election"))
			.setKey(ByteString.copyFromUtf8("app/election/7"))
			.build();
		this.member.unary(ElectionGrpc.getCampaignMethod())
			.thenAnswer(ElectionProto.CampaignResponse.newBuilder().setLeader(inside).build());
		this.member.unary(ElectionGrpc.getLeaderMethod())
			.thenAnswer(ElectionProto.LeaderResponse.newBuilder()
				.setKv(MvccProto.KeyValue.newBuilder().setKey(inside.getKey()))
				.build());
		ElectionService elections = this.cluster.client(this.member).withNamespace("app/").electionService();

		LeaderKey leader = elections.campaign(REQUEST).leader();
		LeaderResult found = elections.leader(NAME);
		elections.proclaim(leader, VALUE);
		elections.resign(leader);

		assertThat(leader).isEqualTo(LEADER);
		assertThat(found.kv().key()).isEqualTo(LEADER.key());
		assertThat(this.member.unary(ElectionGrpc.getCampaignMethod()).awaitCall(0).request().getName())
			.isEqualTo(inside.getName());
		assertThat(this.member.unary(ElectionGrpc.getLeaderMethod()).awaitCall(0).request().getName())
			.isEqualTo(inside.getName());
		assertThat(this.member.unary(ElectionGrpc.getProclaimMethod()).awaitCall(0).request().getLeader())
			.isEqualTo(inside);
		assertThat(this.member.unary(ElectionGrpc.getResignMethod()).awaitCall(0).request().getLeader())
			.isEqualTo(inside);
	}

	private static ElectionProto.LeaderResponse leads(String key, String value) {
		return ElectionProto.LeaderResponse.newBuilder()
			.setKv(MvccProto.KeyValue.newBuilder()
				.setKey(ByteString.copyFromUtf8(key))
				.setValue(ByteString.copyFromUtf8(value)))
			.build();
	}

	@Test
	void tellsSubscribersOfLeadersHoweverLongThatTakes() {
		StreamScript<ElectionProto.LeaderRequest, ElectionProto.LeaderResponse> script = this.member
			.serverStream(ElectionGrpc.getObserveMethod());
		RecordingSubscriber<LeaderResult> subscriber = new RecordingSubscriber<>();
		ElectionService elections = this.cluster
			.client((options) -> options.requestTimeout(Duration.ofMillis(500)), this.member)
			.withNamespace("app/")
			.electionService();

		elections.observe(NAME).subscribe(subscriber);
		subscriber.request(Long.MAX_VALUE);

		ScriptedStream<ElectionProto.LeaderRequest, ElectionProto.LeaderResponse> stream = script.awaitStream(0);
		assertThat(stream.awaitMessage(0).getName().toStringUtf8()).isEqualTo("app/election");
		await().during(Duration.ofMillis(700)).until(() -> !stream.isCancelled());
		stream.send(leads("app/election/7", "a"));
		stream.send(leads("app/election/8", "b"));
		assertThat(subscriber.awaitItems(2)).extracting((leader) -> leader.kv().key() + "=" + leader.kv().value())
			.containsExactly("election/7=a", "election/8=b");
		subscriber.cancel();
		await().until(stream::isCancelled);
	}

	@Test
	void tellsSubscribersThatTheMemberIsGone() {
		StreamScript<ElectionProto.LeaderRequest, ElectionProto.LeaderResponse> script = this.member
			.serverStream(ElectionGrpc.getObserveMethod());
		RecordingSubscriber<LeaderResult> subscriber = new RecordingSubscriber<>();
		this.cluster.client(this.member).electionService().observe(NAME).subscribe(subscriber);
		subscriber.request(Long.MAX_VALUE);
		script.awaitStream(0).send(leads("election/7", "a"));
		subscriber.awaitItems(1);

		script.awaitStream(0).fail(Status.UNAVAILABLE);

		assertThat(subscriber.awaitFailure()).isInstanceOf(EtcdUnavailableException.class);
	}

	@Test
	void refusesATimeThatCanNotBeWaited() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> CampaignRequest.of("election", new LeaseId(7), "value", Duration.ofMillis(-1)))
			.withMessage("timeout: PT-0.001S (expected: above zero, and at most 36500 days)");
	}

	@Test
	void doesNotPrintTheValue() {
		assertThat(REQUEST).hasToString("CampaignRequest[election, lease 7, 6 bytes, timeout PT1H]");
	}

}
