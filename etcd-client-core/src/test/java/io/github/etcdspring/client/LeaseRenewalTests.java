/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.LeaseGrpc;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveRequest;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseLeasesResponse;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseStatus;
import io.github.etcdspring.lease.LeaseGrant;
import io.grpc.Status;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of single renewals, and of the list of leases, of {@link GrpcLeaseClient}.
 */
class LeaseRenewalTests {

	private static final LeaseId LEASE = new LeaseId(7);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private static void answer(ScriptedStream<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream,
			LeaseKeepAliveRequest request, long ttl) {
		stream.send(LeaseKeepAliveResponse.newBuilder().setID(request.getID()).setTTL(ttl).build());
	}

	@Test
	@DisplayName("jetcd: a single renewal is sent twice, without a deadline")
	void renewsOnceAndCountsFromWhenItWasSent() {
		ScriptedEtcd member = this.cluster.member();
		member.keepAlive().onMessage((stream, request) -> answer(stream, request, 9));
		FakeClock clock = new FakeClock();
		EtcdClient client = this.cluster.client((options) -> options.ticker(clock), member);

		LeaseGrant renewed = client.lease().keepAliveOnce(LEASE);

		assertThat(renewed).isEqualTo(new LeaseGrant(renewed.header(), LEASE, Duration.ofSeconds(9), clock.nanoTime()));
		assertThat(member.keepAlive().awaitStream(0).messages())
			.containsExactly(LeaseKeepAliveRequest.newBuilder().setID(7).build());
		assertThat(member.keepAlive().count()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void failsWhenTheLeaseIsGone(long ttl) {
		ScriptedEtcd member = this.cluster.member();
		member.keepAlive().onMessage((stream, request) -> answer(stream, request, ttl));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.lease().keepAliveOnce(LEASE));

		assertThat(failure).isInstanceOf(LeaseNotFoundException.class)
			.hasMessage("LeaseKeepAlive failed: the lease 7 does not exist [NOT_FOUND, outcome NOT_APPLIED]");
		assertThat(failure.code()).isEqualTo(StatusCode.NOT_FOUND);
	}

	@Test
	void asksAgainWhenTheConnectionBreaks() {
		ScriptedEtcd member = this.cluster.member();
		member.keepAlive().onMessage((stream, request) -> {
			if (member.keepAlive().count() == 1) {
				stream.fail(Status.UNAVAILABLE);
			}
			else {
				answer(stream, request, 9);
			}
		});

		LeaseGrant renewed = this.cluster.client(member).lease().keepAliveOnce(LEASE);

		assertThat(renewed.ttl()).isEqualTo(Duration.ofSeconds(9));
		assertThat(member.keepAlive().count()).isEqualTo(2);
	}

	@Test
	void takesAnotherTokenWhenTheFirstHasExpired() {
		ScriptedEtcd member = this.cluster.member();
		member.keepAlive().onMessage((stream, request) -> {
			if ("token-1".equals(stream.header("token"))) {
				stream.fail(Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token"));
			}
			else {
				answer(stream, request, 9);
			}
		});
		EtcdClient client = this.cluster.client((options) -> options.credentials(new EtcdCredentials("app", "S3CR3T")),
				member);

		assertThat(client.lease().keepAliveOnce(LEASE).ttl()).isEqualTo(Duration.ofSeconds(9));
		assertThat(member.keepAlive().awaitStream(1).header("token")).isEqualTo("token-2");
	}

	@Test
	void failsWhenTheUserIsUnknown() {
		ScriptedEtcd member = this.cluster.member();
		member.keepAlive()
			.onMessage((stream, request) -> stream
				.fail(Status.INVALID_ARGUMENT.withDescription("etcdserver: user name is empty")));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.lease().keepAliveOnce(LEASE));

		assertThat(failure).isInstanceOf(EtcdAuthenticationException.class);
	}

	private ScriptedEtcd silentMember() {
		ScriptedEtcd member = this.cluster.member();
		member.keepAlive().onHalfClose((stream) -> {
		});
		return member;
	}

	@Test
	void endsInTimeWhenTheMemberIsSilent() {
		ScriptedEtcd member = silentMember();
		EtcdClient client = this.cluster.client((options) -> options.requestTimeout(Duration.ofMillis(200)), member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.lease().keepAliveOnce(LEASE));

		assertThat(failure).isInstanceOf(EtcdTimeoutException.class);
		await().until(member.keepAlive().awaitStream(0)::isCancelled);
	}

	@Test
	void endsTheStreamWhenItIsCancelled() {
		ScriptedEtcd member = silentMember();
		CompletableFuture<LeaseGrant> call = this.cluster.client(member).lease().keepAliveOnceAsync(LEASE);
		ScriptedStream<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream = member.keepAlive().awaitStream(0);

		call.cancel(true);

		await().until(stream::isCancelled);
	}

	@Test
	void listsLeasesInBothForms() {
		ScriptedEtcd member = this.cluster.member();
		member.unary(LeaseGrpc.getLeaseLeasesMethod())
			.otherwise((call) -> call.answer(LeaseLeasesResponse.newBuilder()
				.addLeases(LeaseStatus.newBuilder().setID(7))
				.addLeases(LeaseStatus.newBuilder().setID(-7))
				.build()));
		EtcdClient client = this.cluster.client(member);

		assertThat(client.lease().leases().leases()).containsExactly(LEASE, new LeaseId(-7));
		assertThat(resultOf(client.lease().leasesAsync()).leases()).containsExactly(LEASE, new LeaseId(-7));
	}

	@Test
	void asksForTheLeasesAgainWhenTheConnectionBreaks() {
		ScriptedEtcd member = this.cluster.member();
		member.unary(LeaseGrpc.getLeaseLeasesMethod()).thenFail(Status.UNAVAILABLE);

		assertThat(this.cluster.client(member).lease().leases().leases()).isEmpty();
		assertThat(member.unary(LeaseGrpc.getLeaseLeasesMethod()).count()).isEqualTo(2);
	}

}
