/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.cluster.ClusterClient;
import io.github.etcdspring.cluster.Member;
import io.github.etcdspring.cluster.MemberAddRequest;
import io.github.etcdspring.cluster.MemberAddResult;
import io.github.etcdspring.cluster.MemberUpdateRequest;
import io.github.etcdspring.cluster.MembersResult;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.ClusterGrpc;
import io.github.etcdspring.internal.proto.ClusterProto;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of {@link GrpcClusterClient}.
 */
class GrpcClusterClientTests {

	private static final MemberId ID = new MemberId(-7);

	private static final HeaderProto.ResponseHeader HEADER = HeaderProto.ResponseHeader.newBuilder()
		.setClusterId(1)
		.setMemberId(2)
		.setRaftTerm(3)
		.build();

	private static final ClusterProto.Member STARTED = ClusterProto.Member.newBuilder()
		.setID(-7)
		.setName("n1")
		.addPeerURLs("http://host:2380")
		.addClientURLs("http://host:2379")
		.build();

	private static final ClusterProto.Member ADDED = ClusterProto.Member.newBuilder()
		.setID(8)
		.addPeerURLs("http://other:2380")
		.setIsLearner(true)
		.build();

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final ScriptedEtcd member = this.cluster.member();

	private final ClusterClient client = this.cluster.client(this.member).cluster();

	static Stream<Arguments> changes() {
		return Stream.of(
				change("add", ClusterGrpc.getMemberAddMethod(),
						(client) -> client.add(MemberAddRequest.of("http://host:2380"))),
				change("update", ClusterGrpc.getMemberUpdateMethod(),
						(client) -> client.update(MemberUpdateRequest.of(ID, "http://host:2380"))),
				change("remove", ClusterGrpc.getMemberRemoveMethod(), (client) -> client.remove(ID)),
				change("promote", ClusterGrpc.getMemberPromoteMethod(), (client) -> client.promote(ID)));
	}

	private static Arguments change(String name, MethodDescriptor<?, ?> method, Function<ClusterClient, Object> call) {
		return arguments(name, method, call);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("changes")
	void isSentOnceWhenItMayHaveBeenApplied(String name, MethodDescriptor<?, ?> method,
			Function<ClusterClient, Object> call) {
		this.member.unary(method).otherwiseFail(Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> call.apply(this.client));

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(this.member.unary(method).count()).isEqualTo(1);
	}

	@Test
	void asksForTheListAgainWhenTheConnectionBreaks() {
		this.member.unary(ClusterGrpc.getMemberListMethod()).thenFail(Status.UNAVAILABLE).thenFail(Status.UNAVAILABLE);

		this.client.list();

		assertThat(this.member.unary(ClusterGrpc.getMemberListMethod()).count()).isEqualTo(3);
	}

	@Test
	void listsAllThatIsKnownOfMembers() {
		this.member.unary(ClusterGrpc.getMemberListMethod())
			.thenAnswer(ClusterProto.MemberListResponse.newBuilder()
				.setHeader(HEADER)
				.addMembers(STARTED)
				.addMembers(ADDED)
				.build());

		MembersResult found = this.client.list();

		Member started = new Member(ID, "n1", List.of("http://host:2380"), List.of("http://host:2379"), false);
		Member added = new Member(new MemberId(8), "", List.of("http://other:2380"), List.of(), true);
		assertThat(found).isEqualTo(new MembersResult(new ResponseHeader(1, 2, 0, 3), List.of(started, added)));
		assertThat(found.member(ID)).contains(started);
		assertThat(found.member(new MemberId(9))).isEmpty();
		assertThat(started.isStarted()).isTrue();
		assertThat(added.isStarted()).isFalse();
	}

	@Test
	void asksForAQuorumUnlessToldNotTo() {
		this.client.list();
		resultOf(this.client.listAsync());
		this.client.listSerializable();
		resultOf(this.client.listSerializableAsync());

		assertThat(this.member.unary(ClusterGrpc.getMemberListMethod()).calls())
			.extracting((call) -> call.request().getLinearizable())
			.containsExactly(true, true, false, false);
	}

	@Test
	void addsVotersAndLearners() {
		this.member.unary(ClusterGrpc.getMemberAddMethod())
			.otherwise((call) -> call.answer(ClusterProto.MemberAddResponse.newBuilder()
				.setHeader(HEADER)
				.setMember(ADDED)
				.addMembers(STARTED)
				.addMembers(ADDED)
				.build()));
		MemberAddRequest request = MemberAddRequest.of("http://a:2380", "http://b:2380");

		MemberAddResult added = this.client.add(request);
		resultOf(this.client.addAsync(request.asLearner()));

		assertThat(added.member().id()).isEqualTo(new MemberId(8));
		assertThat(added.members()).extracting(Member::id).containsExactly(ID, new MemberId(8));
		assertThat(this.member.unary(ClusterGrpc.getMemberAddMethod()).calls()).extracting((call) -> call.request())
			.containsExactly(add(false), add(true));
	}

	private static ClusterProto.MemberAddRequest add(boolean learner) {
		return ClusterProto.MemberAddRequest.newBuilder()
			.addPeerURLs("http://a:2380")
			.addPeerURLs("http://b:2380")
			.setIsLearner(learner)
			.build();
	}

	@Test
	void updatesInBothForms() {
		this.member.unary(ClusterGrpc.getMemberUpdateMethod())
			.otherwise(
					(call) -> call.answer(ClusterProto.MemberUpdateResponse.newBuilder().addMembers(STARTED).build()));
		MemberUpdateRequest request = MemberUpdateRequest.of(ID, "http://a:2380");

		assertThat(this.client.update(request).member(ID)).isPresent();
		assertThat(resultOf(this.client.updateAsync(request)).member(ID)).isPresent();

		assertThat(this.member.unary(ClusterGrpc.getMemberUpdateMethod()).calls()).hasSize(2)
			.allSatisfy((call) -> assertThat(call.request()).isEqualTo(
					ClusterProto.MemberUpdateRequest.newBuilder().setID(-7).addPeerURLs("http://a:2380").build()));
	}

	@Test
	void removesInBothForms() {
		this.member.unary(ClusterGrpc.getMemberRemoveMethod())
			.otherwise((call) -> call.answer(ClusterProto.MemberRemoveResponse.newBuilder().addMembers(ADDED).build()));

		assertThat(this.client.remove(ID).members()).extracting(Member::id).containsExactly(new MemberId(8));
		assertThat(resultOf(this.client.removeAsync(ID)).members()).hasSize(1);

		assertThat(this.member.unary(ClusterGrpc.getMemberRemoveMethod()).calls())
			.extracting((call) -> call.request().getID())
			.containsExactly(-7L, -7L);
	}

	@Test
	void promotesInBothForms() {
		this.member.unary(ClusterGrpc.getMemberPromoteMethod())
			.otherwise(
					(call) -> call.answer(ClusterProto.MemberPromoteResponse.newBuilder().addMembers(STARTED).build()));

		assertThat(this.client.promote(ID).members()).extracting(Member::id).containsExactly(ID);
		assertThat(resultOf(this.client.promoteAsync(ID)).members()).hasSize(1);

		assertThat(this.member.unary(ClusterGrpc.getMemberPromoteMethod()).calls())
			.extracting((call) -> call.request().getID())
			.containsExactly(-7L, -7L);
	}

	@Test
	void knowsARefusalWhateverCodeItTravelsUnder() {
		this.member.unary(ClusterGrpc.getMemberRemoveMethod())
			.otherwiseFail(Status.UNKNOWN
				.withDescription("etcdserver: re-configuration failed due to not enough started members"));

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> this.client.remove(ID));

		assertThat(failure).isInstanceOf(EtcdRequestException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(failure.isRetryable()).isTrue();
	}

}
