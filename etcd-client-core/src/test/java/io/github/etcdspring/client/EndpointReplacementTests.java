/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdClient#setEndpoints}.
 */
class EndpointReplacementTests {

	/** Longer than a label of a host name may be, so that no name server is asked. */
	private static final String UNKNOWN = "http://" + "a".repeat(64) + ":2379";

	private static final Duration LONGEST_PAUSE = Duration.ofMillis(30);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final ScriptedEtcd first = this.cluster.member();

	private final ScriptedEtcd second = this.cluster.member();

	private static void use(EtcdClient client, ScriptedEtcd... members) {
		client.setEndpoints(Stream.of(members).map(ScriptedEtcd::endpoint).toList());
	}

	private static void getUntilAskedIs(EtcdClient client, ScriptedEtcd member) {
		int before = member.range().count();
		await().until(() -> {
			client.kv().get("key");
			return member.range().count() > before;
		});
	}

	@Test
	void asksTheNewMembersAndNoOther() {
		EtcdClient client = this.cluster.client(this.first);
		client.kv().get("key");

		use(client, this.second);

		getUntilAskedIs(client, this.second);
		int asked = this.first.range().count();
		for (int i = 0; i < 20; i++) {
			client.kv().get("key");
		}
		assertThat(this.first.range().count()).isEqualTo(asked);
		assertThat(client.endpoints()).containsExactly(this.second.endpoint());
		assertThat(this.second.range().calls()).extracting(ScriptedCall::authority).containsOnly(this.second.address());
	}

	@Test
	void namesEachMemberByItsOwnAuthorityWhenTheyAreMore() {
		ScriptedEtcd third = this.cluster.member();
		EtcdClient client = this.cluster.client(this.first);
		client.kv().get("key");

		use(client, this.first, this.second, third);

		for (ScriptedEtcd member : List.of(this.first, this.second, third)) {
			getUntilAskedIs(client, member);
			assertThat(member.range().calls()).extracting(ScriptedCall::authority).containsOnly(member.address());
		}
	}

	@Test
	void usesWhatWasSetBeforeTheFirstCall() {
		EtcdClient client = this.cluster.client(this.first);

		use(client, this.second);
		client.kv().get("key");

		assertThat(this.second.range().count()).isEqualTo(1);
		assertThat(this.first.range().count()).isZero();
	}

	@Test
	void resumesWatchesOnAnotherMemberWithoutLoss() {
		RecordingListener listener = new RecordingListener();
		EtcdClient client = this.cluster.client(this.first);
		client.watch().open(WatchRequest.of(KeyRange.key("key")).from(5), listener);
		var before = this.first.watch().awaitStream(0);
		before.awaitMessage(0);
		before.send(created(0, 100));
		before.send(events(0, 5, 6));
		listener.awaitRevisions(5L, 6L);

		use(client, this.second);

		var after = this.second.watch().awaitStream(0);
		assertThat(after.awaitMessage(0).getCreateRequest().getStartRevision()).isEqualTo(7);
		await().until(before::isCancelled);
		after.send(created(0, 100));
		after.send(events(0, 7));
		listener.awaitRevisions(5L, 6L, 7L);
		assertThat(this.first.watch().count()).isEqualTo(1);
	}

	@Test
	void renewsLeasesThroughAnotherMember() {
		EtcdClient client = this.cluster.client(this.first);
		LeaseGrant lease = client.lease().grant(Duration.ofSeconds(2));
		client.lease().keepAlive(lease);
		var before = this.first.keepAlive().awaitStream(0);
		before.awaitMessage(0);

		use(client, this.second);

		assertThat(this.second.keepAlive().awaitStream(0).awaitMessage(0).getID()).isEqualTo(lease.id().value());
		await().until(before::isCancelled);
	}

	@Test
	void leavesStreamsOnMembersThatStay() {
		EtcdClient client = this.cluster.client(this.first);
		client.watch().open(WatchRequest.of(KeyRange.key("key")).from(5), new RecordingListener());
		var stream = this.first.watch().awaitStream(0);
		stream.awaitMessage(0);

		use(client, this.second, this.first);
		getUntilAskedIs(client, this.second);
		use(client, this.first);
		getUntilAskedIs(client, this.first);

		assertThat(stream.isCancelled()).isFalse();
		assertThat(this.second.watch().count()).isZero();
	}

	@Test
	void letsCallsUnderWayEndAtAMemberThatGoes() {
		EtcdClient client = this.cluster.client(this.first);
		this.first.range().thenHold();
		CompletableFuture<RangeResult> call = client.kv().getAsync("key");
		ScriptedCall<?, RangeResponse> held = this.first.range().awaitCall(0);

		use(client, this.second);
		getUntilAskedIs(client, this.second);
		held.answer(RangeResponse.newBuilder().setCount(42).build());

		assertThat(call.join().count()).isEqualTo(42);
	}

	@Test
	void countsTheMembersOfTheTimeWhenItPauses() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd third = this.cluster.member();
		EtcdClient client = this.cluster.client(clock, this.first);
		use(client, this.first, this.second, third);
		for (ScriptedEtcd member : List.of(this.first, this.second, third)) {
			member.range().otherwiseFail(Status.UNAVAILABLE.withDescription("etcdserver: server stopped"));
		}

		CompletableFuture<RangeResult> call = client.kv().getAsync("key");
		clock.passDelaysUntil(call::isDone, LONGEST_PAUSE);

		assertThat(call).isCompletedExceptionally();
		assertThat(clock.delaysUpTo(LONGEST_PAUSE)).hasSize(99 / 2);
	}

	@Test
	void goesOnWithItsMembersWhileNoNameIsKnown() {
		EtcdClient client = this.cluster.client(this.first);
		client.kv().get("key");

		client.setEndpoints(List.of(UNKNOWN));
		for (int i = 0; i < 20; i++) {
			client.kv().get("key");
		}
		assertThat(client.endpoints()).containsExactly(UNKNOWN);

		use(client, this.second);
		getUntilAskedIs(client, this.second);
	}

	@Test
	void failsNoneOfAThousandWritesWhileMembersChange() {
		ScriptedEtcd third = this.cluster.member();
		EtcdClient client = this.cluster.client(this.first);
		List<CompletableFuture<PutResult>> writes = new ArrayList<>();

		for (int i = 0; i < 1_000; i++) {
			if (i % 50 == 0) {
				List<ScriptedEtcd> members = List.of(this.first, this.second, third);
				use(client, members.get(i / 50 % 3), members.get((i / 50 + 1) % 3));
			}
			writes.add(client.kv().putAsync("key", "value"));
			if (i % 10 == 0) {
				writes.get(i).join();
			}
		}

		CompletableFuture.allOf(writes.toArray(CompletableFuture<?>[]::new)).join();
		assertThat(this.first.put().count() + this.second.put().count() + third.put().count()).isEqualTo(1_000);
		assertThat(this.first.put().count()).isPositive();
		assertThat(this.second.put().count()).isPositive();
		assertThat(third.put().count()).isPositive();
	}

	@Test
	void refusesWhatItCannotUseAndKeepsItsEndpoints() {
		EtcdClient client = this.cluster.client(this.first);
		String own = this.first.endpoint();

		assertRefused(client, "there is none");
		assertRefused(client, "it is TLS, and the client was made for plaintext", "https://a:1");
		assertRefused(client, "it is a unix socket, and the client was made for TCP", "unix:socket");
		assertRefused(client, "it mixes plaintext and TLS", own, "https://a:1");
		assertRefused(client, "it has no valid port", own, "a");

		assertThat(client.endpoints()).containsExactly(own);
		EtcdClient secure = this.cluster.closing(EtcdClient.create("https://a:1"));
		assertRefused(secure, "it is plaintext, and the client was made for TLS", "a:1");
	}

	private static void assertRefused(EtcdClient client, String reason, String... endpoints) {
		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> client.setEndpoints(List.of(endpoints)))
			.satisfies((ex) -> assertThat(ex.reason()).startsWith(reason));
	}

	@Test
	void refusesEndpointsWhenItIsClosed() {
		EtcdClient client = this.cluster.client(this.first);
		client.close();

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> use(client, this.second));

		assertThat(failure).isInstanceOf(EtcdClosedException.class)
			.hasMessageStartingWith("endpoints stay as they are: the client is closed");
		assertThat(client.endpoints()).containsExactly(this.first.endpoint());
	}

}
