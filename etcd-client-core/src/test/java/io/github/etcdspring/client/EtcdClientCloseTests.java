/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.RecordingSubscriber;
import io.github.etcdspring.fixture.Results;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.ClusterGrpc;
import io.github.etcdspring.internal.proto.ClusterProto;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdClient#close()}.
 */
class EtcdClientCloseTests {

	/** What the close takes at most. */
	private static final Duration BOUND = Duration.ofSeconds(4);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@Test
	void failsAThousandCallsUnderWayWithinASecond() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseHold();
		EtcdClient client = this.cluster.client(member);
		List<CompletableFuture<PutResult>> calls = IntStream.range(0, 1_000)
			.mapToObj((i) -> client.kv().putAsync("key" + i, "value"))
			.toList();
		member.put().awaitCall(999);
		long begin = System.nanoTime();

		client.close();

		await().until(() -> calls.stream().allMatch(CompletableFuture::isDone));
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
		ScriptedCluster.awaitNoClientThread();
		assertThat(calls).allSatisfy((call) -> {
			assertThat(failureOf(call)).isInstanceOf(EtcdClosedException.class)
				.hasMessageStartingWith("Put failed: the client is closed");
			assertThat(failureOf(call).outcome()).isEqualTo(Outcome.UNKNOWN);
		});
	}

	@Test
	void failsCallsThatWaitForAMember() {
		ScriptedEtcd member = this.cluster.member();
		member.stop();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<PutResult> call = client.kv().putAsync("key", "value");

		client.close();

		assertThat(failureOf(call)).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(call).outcome()).isEqualTo(Outcome.NOT_APPLIED);
	}

	@Test
	void failsACallThatPausesBeforeItsNextAttempt() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseFail(Status.UNAVAILABLE);
		EtcdClient client = this.cluster.client(clock, member);
		CompletableFuture<?> call = client.kv().getAsync("key");
		await().until(() -> !clock.delaysUpTo(Duration.ofMillis(30)).isEmpty());

		client.close();

		assertThat(failureOf(call)).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(call).attempts()).isEqualTo(1);
		clock.advance(Duration.ofSeconds(1));
		assertThat(member.range().count()).isEqualTo(1);
	}

	@Test
	void failsCallsThatWaitForAToken() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate().otherwiseHold();
		EtcdClient client = this.cluster.client((options) -> options.credentials(new EtcdCredentials("user", "secret")),
				member);
		CompletableFuture<?> call = client.kv().putAsync("key", "value");
		member.authenticate().awaitCall(0);

		client.close();

		assertThat(failureOf(call)).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(call).outcome()).isEqualTo(Outcome.NOT_APPLIED);
	}

	@Test
	void failsWhatWaitsForASupplierThatBlocks() {
		CompletableFuture<EtcdCredentials> never = new CompletableFuture<>();
		this.cluster.closing(() -> never.complete(new EtcdCredentials("user", "secret")));
		CompletableFuture<Void> asked = new CompletableFuture<>();
		EtcdClient client = this.cluster.client((options) -> options.credentials(() -> {
			asked.complete(null);
			return never.join();
		}), this.cluster.member());
		CompletableFuture<?> call = client.kv().putAsync("key", "value");
		RecordingSubscriber<RangePage> pages = new RecordingSubscriber<>();
		client.kv().pages(RangeRequest.of(KeyRange.all())).subscribe(pages);
		pages.request(1);
		resultOf(asked);

		client.close();

		assertThat(failureOf(call)).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(call).outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(pages.awaitFailure()).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void failsCallsThatBeginInTheCallbacksOfThoseThatFail() {
		ScriptedEtcd member = this.cluster.member();
		member.put().otherwiseHold();
		EtcdClient client = this.cluster.client((options) -> options.expectedClusterId(5), member);
		member.unary(ClusterGrpc.getMemberListMethod())
			.otherwise((call) -> call.answer(ClusterProto.MemberListResponse.newBuilder()
				.setHeader(HeaderProto.ResponseHeader.newBuilder().setClusterId(5))
				.build()));
		List<CompletableFuture<PutResult>> calls = IntStream.range(0, 100)
			.mapToObj((i) -> client.kv()
				.putAsync("key" + i, "value")
				.exceptionallyCompose((failure) -> client.kv().putAsync("again", "value")))
			.toList();
		member.put().awaitCall(99);

		client.close();

		await().until(() -> calls.stream().allMatch(CompletableFuture::isDone));
		assertThat(calls).allSatisfy((call) -> {
			assertThat(failureOf(call)).isInstanceOf(EtcdClosedException.class);
			assertThat(failureOf(call).outcome()).isEqualTo(Outcome.NOT_APPLIED);
		});
		assertThat(member.put().count()).isEqualTo(100);
	}

	@Test
	void leavesNothingOfTwoHundredClients() {
		ScriptedEtcd first = this.cluster.member();
		ScriptedEtcd second = this.cluster.member();

		for (int i = 0; i < 200; i++) {
			try (EtcdClient client = EtcdClient.create(first.endpoint(), second.endpoint())) {
				assertThat(resultOf(client.kv().getAsync("key")).revision()).isEqualTo(ScriptedEtcd.REVISION);
			}
		}

		ScriptedCluster.awaitNoClientThread();
		await().until(() -> first.connections() == 0 && second.connections() == 0);
		assertThat(first.range().count() + second.range().count()).isEqualTo(200);
	}

	@Test
	void failsLaterCallsAtOnce() {
		EtcdClient client = this.cluster.client(this.cluster.member());
		client.close();
		long begin = System.nanoTime();

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));

		assertThat(failure).isInstanceOf(EtcdClosedException.class)
			.hasMessage("Range failed: the client is closed [CANCELLED, outcome NOT_APPLIED]");
		assertThat(failureOf(client.kv().putAsync("key", "value"))).isInstanceOf(EtcdClosedException.class);
		assertThat(failureOf(client.lease().grantAsync(Duration.ofSeconds(5)))).isInstanceOf(EtcdClosedException.class);
		// far below the request timeout
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
	}

	@Test
	void endsWatchesAndKeepAlives() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		RecordingListener listener = new RecordingListener();
		client.watch().open(WatchRequest.of(KeyRange.key("key")).from(5), listener);
		KeepAlive lease = client.lease().keepAlive(client.lease().grant(Duration.ofSeconds(60)));
		CompletableFuture<LeaseEnd> end = lease.end().toCompletableFuture();
		var watches = member.watch().awaitStream(0);
		var renewals = member.keepAlive().awaitStream(0);

		client.close();

		listener.awaitCalls("closed");
		await().until(end::isDone);
		assertThat(resultOf(end)).isEqualTo(LeaseEnd.CLIENT_CLOSED);
		assertThat(lease.isAlive()).isFalse();
		await().until(watches::isCancelled);
		await().until(renewals::isCancelled);
	}

	@Test
	void endsWhatIsOpenedAfterIt() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		KeepAlive lease = client.lease().keepAlive(client.lease().grant(Duration.ofSeconds(60)));
		RecordingListener listener = new RecordingListener();
		client.close();

		KeepAlive late = client.lease()
			.keepAlive(new LeaseGrant(new ResponseHeader(0, 0, 0, 0), lease.lease(), lease.ttl(),
					client.ticker().nanoTime()));
		client.watch().open(WatchRequest.of(KeyRange.key("key")).from(5), listener);

		assertThat(late.isAlive()).isFalse();
		listener.awaitCalls("closed");
	}

	@Test
	void returnsAtOnceWhenCalledAgain() {
		EtcdClient client = this.cluster.client(this.cluster.member());
		client.kv().get("key");
		client.close();
		long begin = System.nanoTime();

		client.close();

		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
		assertThat(client.connectionState()).isEqualTo(ConnectionState.CLOSED);
	}

	@Test
	void returnsWhenCalledFromACallback() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<String> closed = new CompletableFuture<>();
		member.range().thenHold();
		client.kv().getAsync("key").thenAccept((result) -> {
			client.close();
			closed.complete(Thread.currentThread().getName());
		});

		member.range().awaitCall(0).answer(KvProto.RangeResponse.getDefaultInstance());

		await().atMost(BOUND).until(closed::isDone);
		assertThat(resultOf(closed)).contains("-callback-");
		ScriptedCluster.awaitNoClientThread();
	}

	@Test
	void returnsWithinItsBoundWhenACallbackBlocks() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<Void> gate = new CompletableFuture<>();
		this.cluster.closing(() -> gate.complete(null));
		CompletableFuture<?> blocked = new CompletableFuture<>();
		member.range().thenHold();
		client.kv().getAsync("key").thenRun(() -> {
			blocked.complete(null);
			gate.join();
		});
		member.range().awaitCall(0).answer(KvProto.RangeResponse.getDefaultInstance());
		await().until(blocked::isDone);
		long begin = System.nanoTime();

		client.close();

		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND.plusSeconds(1));
	}

	@Test
	void leavesTheUsersExecutorAndSchedulerRunning() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		CompletableFuture<Object> afterClose = new CompletableFuture<>();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(executor).scheduler(clock),
				member);
		client.kv().get("key");

		client.close();

		executor.execute(() -> afterClose.complete("done"));
		assertThat(resultOf(afterClose)).isEqualTo("done");
		executor.shutdown();
		AtomicBoolean rang = new AtomicBoolean();
		clock.schedule(() -> rang.set(true), Duration.ofSeconds(1));
		clock.advance(Duration.ofSeconds(1));
		assertThat(rang).isTrue();
	}

	private static EtcdException failureOf(CompletableFuture<?> call) {
		return (EtcdException) Results.failureOf(call);
	}

}
