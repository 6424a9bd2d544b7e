/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.ClusterProto.Member;
import io.github.etcdspring.internal.proto.ClusterProto.MemberListRequest;
import io.github.etcdspring.internal.proto.ClusterProto.MemberListResponse;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link MemberListSync}.
 */
class MemberListSyncTests {

	private static final long CLUSTER = -5;

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final ScriptedEtcd first = this.cluster.member();

	private final ScriptedEtcd second = this.cluster.member();

	private EtcdClient client;

	@BeforeEach
	void connect() {
		this.client = this.cluster.client(this.first);
	}

	private static Member voter(String... urls) {
		return Member.newBuilder().setName("voter").addAllClientURLs(List.of(urls)).build();
	}

	private static MemberListResponse list(long cluster, Member... members) {
		return MemberListResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setClusterId(cluster))
			.addAllMembers(List.of(members))
			.build();
	}

	private void advertise(Member... members) {
		Stream.of(this.first, this.second)
			.forEach((member) -> member.memberList().otherwise((call) -> call.answer(list(CLUSTER, members))));
	}

	/** Returns an address where nobody listens. */
	private String silent() {
		ScriptedEtcd stopped = this.cluster.member();
		stopped.stop();
		return stopped.endpoint();
	}

	@Test
	void takesAllAddressesOfVoters() {
		advertise(voter(this.second.endpoint(), this.second.endpoint() + "/"), voter(this.first.endpoint()));

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync)
			.isEqualTo(new EndpointSync(List.of(this.second.endpoint(), this.first.endpoint()), true, List.of()));
		assertThat(this.client.endpoints()).isEqualTo(sync.endpoints());
		await().until(() -> {
			this.client.kv().get("key");
			return this.second.range().count() > 0;
		});
	}

	@Test
	void takesNeitherLearnersNorMembersThatHaveNotStarted() {
		advertise(voter(this.second.endpoint()),
				Member.newBuilder().setName("learner").setIsLearner(true).addClientURLs("http://learner:1").build(),
				Member.newBuilder().addClientURLs("http://nameless:1").build(), Member.getDefaultInstance());

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync).isEqualTo(new EndpointSync(List.of(this.second.endpoint()), true, List.of()));
	}

	@Test
	void asksForTheListOfTheWholeClusterAndEachMemberForItself() {
		advertise(voter(this.first.endpoint(), this.second.endpoint()));

		this.client.syncEndpoints();

		assertThat(this.first.memberList().calls()).extracting(ScriptedCall::request)
			.extracting(MemberListRequest::getLinearizable)
			.containsExactly(true, false);
		assertThat(this.second.memberList().calls()).extracting(ScriptedCall::request)
			.extracting(MemberListRequest::getLinearizable)
			.containsExactly(false);
	}

	@Test
	void changesNothingWhenTheListIsTheSame() {
		advertise(voter(this.first.endpoint()));

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync).isEqualTo(new EndpointSync(List.of(this.first.endpoint()), false, List.of()));
		assertThat(this.first.memberList().count()).isEqualTo(1);
	}

	@Test
	void keepsItsEndpointsWhenTheListIsEmpty() {
		advertise();

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync).isEqualTo(new EndpointSync(List.of(this.first.endpoint()), false,
				List.of("no voting member advertises a client URL")));
	}

	@Test
	void refusesAddressesThatAreNone() {
		advertise(voter("http://0.0.0.0:2379", "http://[::]:2379", "http://[0:0::0]:2379"),
				voter("https://" + this.second.address(), "unix://localhost:1", "http://etcd"),
				voter(this.second.endpoint()));

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync.endpoints()).containsExactly(this.second.endpoint());
		assertThat(sync.refused()).containsExactly("http://0.0.0.0:2379: it stands for any address",
				"http://[::]:2379: it stands for any address", "http://[0:0::0]:2379: it stands for any address",
				"https://" + this.second.address() + ": it is TLS, and the client was made for plaintext",
				"unix://localhost:1: it is a unix socket, and the client was made for TCP",
				"http://etcd: it has no valid port; etcd's client port is usually 2379");
	}

	@Test
	void keepsItsEndpointsWhenNoAddressIsOne() {
		advertise(voter("http://0.0.0.0:2379"));

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync.replaced()).isFalse();
		assertThat(this.client.endpoints()).containsExactly(this.first.endpoint());
	}

	@Test
	void keepsItsEndpointsWhenNobodyAnswersAtTheOthers() {
		String silent = silent();
		advertise(voter(silent));

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync).isEqualTo(new EndpointSync(List.of(this.first.endpoint()), false,
				List.of(silent + ": nobody answers there within PT3S")));
		this.client.kv().get("key");
	}

	@Test
	void takesAMemberThatIsAwayWhenAnotherAnswers() {
		String silent = silent();
		advertise(voter(silent), voter(this.second.endpoint()));

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync).isEqualTo(new EndpointSync(List.of(silent, this.second.endpoint()), true, List.of()));
	}

	@Test
	void refusesAnAddressOfAnotherCluster() {
		advertise(voter(this.first.endpoint()), voter(this.second.endpoint()));
		this.second.memberList().otherwise((call) -> call.answer(list(CLUSTER + 1)));

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync).isEqualTo(new EndpointSync(List.of(this.first.endpoint()), false,
				List.of(this.second.endpoint() + ": it belongs to another cluster")));
	}

	@Test
	void refusesAnAddressThatServesSomethingElse() {
		advertise(voter(this.first.endpoint()), voter(this.second.endpoint()));
		this.second.memberList().otherwiseFail(Status.UNIMPLEMENTED);

		EndpointSync sync = this.client.syncEndpoints();

		assertThat(sync.replaced()).isFalse();
		assertThat(sync.refused()).singleElement()
			.asString()
			.startsWith(this.second.endpoint() + ": MemberList is unsupported by this server");
	}

	@Test
	void leavesEndpointsThatWereSetInTheMeantime() {
		ScriptedEtcd third = this.cluster.member();
		advertise(voter(this.second.endpoint()));
		this.second.memberList().thenHold();
		CompletableFuture<EndpointSync> sync = this.client.syncEndpointsAsync();
		ScriptedCall<MemberListRequest, MemberListResponse> probe = this.second.memberList().awaitCall(0);

		this.client.setEndpoints(List.of(third.endpoint()));
		probe.answer(list(CLUSTER));

		assertThat(sync.join()).isEqualTo(new EndpointSync(List.of(third.endpoint()), false, List.of()));
	}

	@Test
	void failsWhenTheListCannotBeRead() {
		this.first.memberList()
			.otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(this.client::syncEndpoints);
	}

	@Test
	void endsWithTheClient() {
		advertise(voter(this.second.endpoint()));
		this.second.memberList().thenHold();
		CompletableFuture<EndpointSync> sync = this.client.syncEndpointsAsync();
		this.second.memberList().awaitCall(0);

		this.client.close();

		assertThat(sync).failsWithin(Duration.ofSeconds(1))
			.withThrowableThat()
			.withCauseInstanceOf(EtcdClosedException.class);
	}

	@Test
	void endsItsCallsWhenItIsCancelled() {
		advertise(voter(this.second.endpoint()));
		this.second.memberList().thenHold();
		CompletableFuture<EndpointSync> sync = this.client.syncEndpointsAsync();
		ScriptedCall<?, ?> probe = this.second.memberList().awaitCall(0);

		sync.cancel(true);

		await().until(probe::isCancelled);
		assertThat(this.client.endpoints()).containsExactly(this.first.endpoint());
	}

}
