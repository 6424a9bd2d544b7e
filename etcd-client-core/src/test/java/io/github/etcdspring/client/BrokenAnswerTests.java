/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.EOFException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RawServer;
import io.github.etcdspring.fixture.RawServer.Http2Code;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.PutRequest;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link UnaryCall}: answers that are lost or broken on their way, and how often
 * a call is sent then, where, after which pauses, and what its outcome is (C2, S24).
 */
class BrokenAnswerTests {

	/** Longer than any pause between attempts. */
	private static final Duration STEP = Duration.ofMillis(30);

	private static final Status UNAVAILABLE = Status.UNAVAILABLE.withDescription("etcdserver: leader changed");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	@ParameterizedTest
	@EnumSource(names = { "INTERNAL_ERROR", "CANCEL", "ENHANCE_YOUR_CALM", "PROTOCOL_ERROR", "NO_ERROR" })
	void sendsAPutOnceWhoseStreamIsReset(Http2Code code) {
		RawServer server = this.cluster
			.closing(RawServer.http2((connection, stream) -> connection.reset(stream, code)));

		CompletableFuture<?> call = client(server).kv().putAsync("key", "value");

		assertFailedAfterOneAttempt(call, server);
		assertThat(this.clock.delaysUpTo(STEP)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "NO_ERROR", "ENHANCE_YOUR_CALM", "INTERNAL_ERROR" })
	void sendsAPutOnceWhoseConnectionGoesAwayAfterItCame(Http2Code code) {
		RawServer server = this.cluster.closing(RawServer.http2((connection, stream) -> {
			connection.goAway(stream, code);
			throw new EOFException("closed on purpose");
		}));

		CompletableFuture<?> call = client(server).kv().putAsync("key", "value");

		assertFailedAfterOneAttempt(call, server);
		assertThat(this.clock.delaysUpTo(STEP)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "INTERNAL_ERROR", "CANCEL", "ENHANCE_YOUR_CALM" })
	void repeatsAReadWhoseStreamIsReset(Http2Code code) {
		RawServer server = this.cluster
			.closing(RawServer.http2((connection, stream) -> connection.reset(stream, code)));

		CompletableFuture<?> call = client(server).kv().getAsync("key");
		this.clock.passDelaysUntil(call::isDone, STEP);

		EtcdException failure = (EtcdException) failureOf(call);
		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.attempts()).isEqualTo(RetryPolicy.MAX_ATTEMPTS);
		assertThat(server.calls()).isEqualTo(RetryPolicy.MAX_ATTEMPTS);
		assertThat(this.clock.delaysUpTo(STEP)).hasSize(RetryPolicy.MAX_ATTEMPTS - 1);
	}

	@Test
	void sendsAPutAgainThatTheServerDidNotLookAt() {
		ScriptedEtcd member = this.cluster.member();
		RawServer refusing = this.cluster.closing(RawServer.http2((connection, stream) -> {
			connection.goAway(0, Http2Code.NO_ERROR);
			throw new EOFException("closed on purpose");
		}));
		EtcdClient client = this.cluster.closing(EtcdClient.create(refusing.endpoint(), member.endpoint()));

		await().until(() -> {
			client.kv().put("key", "value");
			return refusing.calls() > 0;
		});

		int put = member.put().count();
		assertThat(client.kv().put("key", "value").revision()).isEqualTo(ScriptedEtcd.REVISION);
		assertThat(member.put().count()).isEqualTo(put + 1);
	}

	@Test
	void letsCallsUnderWayEndWhenAMemberGoesAway() {
		ScriptedEtcd leaving = this.cluster.member();
		ScriptedEtcd staying = this.cluster.member();
		EtcdClient client = this.cluster.client(leaving, staying);
		await().until(() -> {
			client.kv().get("key");
			return leaving.range().count() > 0 && staying.range().count() > 0;
		});
		leaving.put().otherwiseHold();
		staying.put().otherwiseHold();
		List<CompletableFuture<?>> puts = IntStream.range(0, 2)
			.<CompletableFuture<?>>mapToObj((i) -> client.kv().putAsync("key" + i, "value"))
			.toList();
		leaving.put().awaitCall(0);
		staying.put().awaitCall(0);

		leaving.goAway();
		int asked = leaving.range().count();
		await().until(() -> {
			client.kv().get("key");
			int before = leaving.range().count();
			client.kv().get("key");
			client.kv().get("key");
			return leaving.range().count() == before;
		});
		leaving.put().awaitCall(0).answer(KvProto.PutResponse.getDefaultInstance());
		staying.put().awaitCall(0).answer(KvProto.PutResponse.getDefaultInstance());

		puts.forEach((put) -> assertThat(resultOf(put)).isNotNull());
		assertThat(leaving.put().count()).isEqualTo(1);
		assertThat(staying.put().count()).isEqualTo(1);
		assertThat(leaving.range().count()).isGreaterThanOrEqualTo(asked);
	}

	@Test
	void sendsAPutOnceThatWasAppliedBeforeTheMemberBecameUnavailable() {
		ScriptedEtcd[] members = { this.cluster.member(), this.cluster.member(), this.cluster.member() };
		for (ScriptedEtcd member : members) {
			member.put().otherwiseFail(UNAVAILABLE);
		}
		EtcdClient client = this.cluster.client(this.clock, members);

		List<CompletableFuture<?>> calls = IntStream.range(0, 20)
			.<CompletableFuture<?>>mapToObj((i) -> client.kv().putAsync("key" + i, "value"))
			.toList();

		assertThat(calls).allSatisfy((call) -> {
			EtcdException failure = (EtcdException) failureOf(call);
			assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
			assertThat(failure.attempts()).isEqualTo(1);
			assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		});
		assertThat(IntStream.range(0, 3).map((i) -> members[i].put().count()).sum()).isEqualTo(20);
		assertThat(members[0].put().calls()).extracting((call) -> call.request().getKey()).doesNotHaveDuplicates();
		assertThat(this.clock.delaysUpTo(STEP)).isEmpty();
	}

	@Test
	void asksAllMembersInTurnAndPausesWhenAllAreUnavailableAtOnce() {
		ScriptedEtcd[] members = { this.cluster.member(), this.cluster.member(), this.cluster.member() };
		EtcdClient client = this.cluster.client(this.clock, members);
		await().until(() -> {
			resultOf(client.kv().getAsync("key"));
			return IntStream.range(0, 3).allMatch((i) -> members[i].range().count() > 0);
		});
		int[] before = IntStream.range(0, 3).map((i) -> members[i].range().count()).toArray();
		for (ScriptedEtcd member : members) {
			member.range().otherwiseFail(UNAVAILABLE);
		}

		CompletableFuture<?> call = client.kv().getAsync("key");
		this.clock.passDelaysUntil(call::isDone, STEP);

		assertThat(((EtcdException) failureOf(call)).attempts()).isEqualTo(100);
		assertThat(IntStream.range(0, 3).map((i) -> members[i].range().count() - before[i]).toArray()).containsOnly(33,
				34);
		// two attempts in 25 ms, however short the members' answers take
		assertThat(this.clock.delaysUpTo(STEP)).hasSize(49)
			.allSatisfy((pause) -> assertThat(pause).isGreaterThanOrEqualTo(Duration.ofNanos(22_500_000)));
	}

	@Test
	void saysThatAWriteMayBeAppliedWhoseAnswerIsTooLarge() {
		ScriptedEtcd member = this.cluster.member();
		ByteString large = ByteString.copyFrom(new byte[4 * 1024 * 1024]);
		member.put()
			.thenAnswer(KvProto.PutResponse.newBuilder().setPrevKv(WatchAnswers.keyValue("key", large, 5)).build());
		EtcdClient client = this.cluster.client((options) -> options.maxInboundMessageSize(4 * 1024 * 1024), member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.kv().put(PutRequest.of("key", "value")));

		assertThat(failure).isInstanceOf(EtcdRequestException.class);
		assertThat(failure.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.isRetryable()).isFalse();
		assertThat(failure.attempts()).isEqualTo(1);
		assertThat(failure.endpoint()).contains(member.address());
		assertThat(member.put().count()).isEqualTo(1);
	}

	private static void assertFailedAfterOneAttempt(CompletableFuture<?> call, RawServer server) {
		EtcdException failure = (EtcdException) failureOf(call);
		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.attempts()).isEqualTo(1);
		assertThat(failure.endpoint()).contains(server.address());
		assertThat(server.calls()).isEqualTo(1);
	}

	private EtcdClient client(RawServer server) {
		return this.cluster.closing(EtcdClient.create(EtcdClientOptions.builder(List.of(server.endpoint()))
			.ticker(this.clock)
			.scheduler(this.clock)
			.build()));
	}

}
