/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

import com.google.protobuf.ByteString;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.RecordingSubscriber;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.KvProto.RangeStreamResponse;
import io.github.etcdspring.internal.proto.MvccProto.KeyValue;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link ServerStream}.
 */
class ServerStreamTests {

	private static final Status COMPACTED = Status.OUT_OF_RANGE
		.withDescription("etcdserver: mvcc: required revision has been compacted");

	private static final Duration TIMEOUT = Duration.ofSeconds(3);

	private static final Duration LONGEST_PAUSE = Duration.ofNanos(27_500_000);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private final RecordingSubscriber<String> subscriber = new RecordingSubscriber<>();

	private EtcdChannel channel(ScriptedEtcd... members) {
		return channel((options) -> {
		}, members);
	}

	/** Deadlines and pauses follow the clock. */
	private EtcdChannel channel(Consumer<EtcdClientOptions.Builder> settings, ScriptedEtcd... members) {
		EtcdClientOptions.Builder options = EtcdClientOptions
			.builder(List.of(members).stream().map(ScriptedEtcd::endpoint).toList())
			.ticker(this.clock)
			.scheduler(this.clock)
			.requestTimeout(TIMEOUT);
		settings.accept(options);
		return this.cluster.closing(new EtcdChannel(options.build()));
	}

	private static ServerStream<RangeRequest, RangeStreamResponse, String> keys(EtcdChannel channel) {
		return keys(new Calls(channel, channel.settings()));
	}

	private static ServerStream<RangeRequest, RangeStreamResponse, String> keys(Calls calls) {
		return calls.stream(KVGrpc.getRangeStreamMethod(),
				RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("key")).build(),
				(chunk) -> chunk.getRangeResponse().getKvs(0).getKey().toStringUtf8());
	}

	private static RangeStreamResponse chunk(String key) {
		return chunk(key, 0);
	}

	private static RangeStreamResponse chunk(String key, int bytes) {
		KeyValue kv = KeyValue.newBuilder()
			.setKey(ByteString.copyFromUtf8(key))
			.setValue(ByteString.copyFrom(new byte[bytes]))
			.build();
		return RangeStreamResponse.newBuilder().setRangeResponse(RangeResponse.newBuilder().addKvs(kv)).build();
	}

	@Test
	void deliversEveryMessageInOrderAndCompletes() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		this.subscriber.request(Long.MAX_VALUE);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);

		for (int i = 0; i < 100; i++) {
			stream.send(chunk("k" + i));
		}
		stream.complete();

		this.subscriber.awaitCompletion();
		assertThat(this.subscriber.items()).hasSize(100).startsWith("k0", "k1").endsWith("k99");
		assertThat(stream.messages()).extracting((request) -> request.getKey().toStringUtf8()).containsExactly("key");
	}

	@Test
	void callsTheSubscriberOnTheCallbackExecutorAlone() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		this.subscriber.request(1);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);

		stream.send(chunk("k"));
		stream.complete();

		this.subscriber.awaitCompletion();
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item", "completed");
		assertThat(this.subscriber.threads()).allSatisfy((thread) -> assertThat(thread).contains("-callback"));
	}

	@Test
	void sendsNothingUntilSomebodySubscribesAndACallForEach() {
		ScriptedEtcd member = this.cluster.member();
		ServerStream<RangeRequest, RangeStreamResponse, String> keys = keys(channel(member));
		assertThat(member.rangeStream().count()).isZero();
		RecordingSubscriber<String> second = new RecordingSubscriber<>();

		keys.subscribe(this.subscriber);
		member.rangeStream().awaitStream(0).send(chunk("first"));
		keys.subscribe(second);
		member.rangeStream().awaitStream(1).send(chunk("second"));

		assertThat(this.subscriber.request(1).awaitItems(1)).containsExactly("first");
		assertThat(second.request(1).awaitItems(1)).containsExactly("second");
	}

	@Test
	void deliversNoMoreThanIsAskedFor() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		for (int i = 0; i < 10; i++) {
			stream.send(chunk("k" + i));
		}
		stream.complete();

		this.subscriber.request(3).awaitItems(3);
		assertThat(this.subscriber.items()).containsExactly("k0", "k1", "k2");
		this.subscriber.request(6).awaitItems(9);
		assertThat(this.subscriber.signals()).hasSize(10).doesNotContain("completed");
		this.subscriber.request(1);

		this.subscriber.awaitCompletion();
		assertThat(this.subscriber.items()).hasSize(10);
	}

	@Test
	void holdsTheMemberBackWhileTheSubscriberAsksForNothing() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		await().until(stream::isReady);
		int sent = 0;

		while (stream.isReady() && sent < 100) {
			stream.send(chunk("k", 1_000_000));
			sent++;
		}

		assertThat(sent).isLessThan(10);
		this.subscriber.request(sent).awaitItems(sent);
		await().until(stream::isReady);
	}

	@Test
	void asksForNothingAheadOfASlowSubscriberThatWantsEverything() {
		ScriptedEtcd member = this.cluster.member();
		List<Runnable> callbacks = new CopyOnWriteArrayList<>();
		keys(channel((options) -> options.callbackExecutor(callbacks::add), member)).subscribe(this.subscriber);
		await().until(() -> !callbacks.isEmpty());
		callbacks.remove(0).run();
		this.subscriber.request(Long.MAX_VALUE);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		await().until(stream::isReady);
		int sent = 0;

		while (stream.isReady() && sent < 100) {
			stream.send(chunk("k", 1_000_000));
			sent++;
		}

		assertThat(sent).isLessThan(10 + ServerStreamCall.READ_AHEAD);
		assertThat(this.subscriber.items()).isEmpty();
	}

	@Test
	void cancelsTheCallWhenTheSubscriberCancels() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		stream.send(chunk("k0"));
		stream.send(chunk("k1"));
		this.subscriber.request(1).awaitItems(1);

		this.subscriber.cancel();

		await().until(stream::isCancelled);
		this.subscriber.request(1);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item");
		await().until(() -> this.clock.pendingTasks() <= 1);
	}

	@Test
	void cancelsTheCallWhenTheSubscriberThrows() {
		ScriptedEtcd member = this.cluster.member();
		this.subscriber.throwOnItem(new IllegalStateException("on purpose"));
		keys(channel(member)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		stream.send(chunk("k0"));
		stream.send(chunk("k1"));

		this.subscriber.request(5);

		await().until(stream::isCancelled);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1, Long.MIN_VALUE })
	void failsAndCancelsWhenNothingIsAskedFor(long n) {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);

		this.subscriber.request(n);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(IllegalArgumentException.class)
			.hasMessage("n: " + n + " (expected: above zero)");
		await().until(stream::isCancelled);
	}

	@Test
	void endsWithTheTypedFailureAfterTheMessagesBeforeIt() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		stream.send(chunk("k0"));
		stream.fail(COMPACTED);

		this.subscriber.request(2);

		assertThat(this.subscriber.awaitFailure()).isInstanceOfSatisfying(CompactedException.class, (failure) -> {
			assertThat(failure).hasMessageStartingWith("RangeStream failed: etcdserver: mvcc");
			assertThat(failure.endpoint()).contains(member.address());
			assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			assertThat(failure.attempts()).isEqualTo(1);
		});
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item", "failed");
	}

	@Test
	void asksAnotherMemberUntilTheFirstMessage() {
		ScriptedEtcd ill = this.cluster.member();
		ScriptedEtcd well = this.cluster.member();
		ill.rangeStream().onOpen((stream) -> stream.fail(Status.UNAVAILABLE.withDescription("etcdserver: no leader")));
		well.rangeStream().onOpen((stream) -> stream.send(chunk("k")));

		keys(channel(ill, well)).subscribe(this.subscriber);
		this.subscriber.request(1);

		this.clock.passDelaysUntil(() -> !this.subscriber.items().isEmpty(), LONGEST_PAUSE);
		assertThat(this.subscriber.items()).containsExactly("k");
		assertThat(well.rangeStream().count()).isEqualTo(1);
	}

	@Test
	void doesNotAskAnotherMemberAfterTheFirstMessage() {
		ScriptedEtcd member = this.cluster.member();
		ScriptedEtcd other = this.cluster.member();
		for (ScriptedEtcd each : List.of(member, other)) {
			each.rangeStream().onOpen((stream) -> {
				stream.send(chunk("k"));
				stream.fail(Status.UNAVAILABLE.withDescription("etcdserver: server stopped"));
			});
		}

		keys(channel(member, other)).subscribe(this.subscriber);
		this.subscriber.request(5);

		assertThat(this.subscriber.awaitFailure()).isInstanceOfSatisfying(EtcdUnavailableException.class,
				(failure) -> assertThat(failure.isRetryable()).isTrue());
		assertThat(this.subscriber.items()).containsExactly("k");
		assertThat(member.rangeStream().count() + other.rangeStream().count()).isEqualTo(1);
	}

	@Test
	void givesUpAtOnceWhenTheMemberRefuses() {
		ScriptedEtcd member = this.cluster.member();
		member.rangeStream()
			.onOpen((stream) -> stream.fail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied")));

		keys(channel(member)).subscribe(this.subscriber);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdPermissionException.class);
		assertThat(member.rangeStream().count()).isEqualTo(1);
	}

	@Test
	void asksTheOneMemberThatIsPinned() {
		ScriptedEtcd pinned = this.cluster.member();
		EtcdChannel channel = channel(this.cluster.member());
		Calls calls = new Calls(channel, channel.settings()).at(Endpoint.parse(pinned.endpoint())).withRequireLeader();

		keys(calls).subscribe(this.subscriber);
		this.subscriber.request(1);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = pinned.rangeStream().awaitStream(0);
		stream.send(chunk("k"));
		stream.complete();

		this.subscriber.awaitCompletion();
		assertThat(this.subscriber.items()).containsExactly("k");
		assertThat(stream.header("hasleader")).isEqualTo("true");
	}

	@Test
	void sendsNothingToMembersThatDoNotShowTheExpectedCluster() {
		ScriptedEtcd member = this.cluster.member();

		keys(channel((options) -> options.expectedClusterId(7), member)).subscribe(this.subscriber);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdException.class)
			.hasMessageStartingWith("RangeStream failed: ");
		assertThat(member.rangeStream().count()).isZero();
	}

	@Test
	void opensAgainWithAnotherTokenWhenTheTokenIsRefused() {
		ScriptedEtcd member = this.cluster.member();
		member.rangeStream().onOpen((stream) -> {
			if ("token-1".equals(stream.header("token"))) {
				stream.fail(Status.UNAUTHENTICATED.withDescription("etcdserver: invalid auth token"));
			}
			else {
				stream.send(chunk("k"));
				stream.complete();
			}
		});

		keys(channel((options) -> options.credentials(new EtcdCredentials("user", "secret")), member))
			.subscribe(this.subscriber);
		this.subscriber.request(1);

		this.subscriber.awaitCompletion();
		assertThat(this.subscriber.items()).containsExactly("k");
		assertThat(member.authenticate().count()).isEqualTo(2);
	}

	@Test
	void failsWhenNoMemberIsReachedWithinTheRequestTimeout() {
		ScriptedEtcd member = this.cluster.member();
		member.stop();
		keys(channel(member)).withoutPatience().subscribe(this.subscriber);

		this.clock.advance(TIMEOUT);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdUnavailableException.class)
			.hasMessageStartingWith(
					"RangeStream failed: no member could be reached within 3000 ms at [" + member.endpoint() + "]");
	}

	@Test
	void failsWhenTheMemberIsSilentWhileAMessageIsWanted() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).withPatience(Duration.ofSeconds(30), Duration.ofSeconds(7)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		this.subscriber.request(2);
		this.clock.advance(Duration.ofSeconds(29));
		stream.send(chunk("k"));
		this.subscriber.awaitItems(1);

		this.clock.advance(Duration.ofSeconds(6));
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "item");
		this.clock.advance(Duration.ofSeconds(1));

		assertThat(this.subscriber.awaitFailure()).isInstanceOfSatisfying(EtcdTimeoutException.class, (failure) -> {
			assertThat(failure).hasMessageStartingWith("RangeStream failed: no message within 7000 ms");
			assertThat(failure.endpoint()).contains(member.address());
			assertThat(failure.isRetryable()).isTrue();
		});
		await().until(stream::isCancelled);
	}

	@Test
	void failsWhenTheFirstMessageTakesTooLong() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).withPatience(Duration.ofSeconds(30), Duration.ofSeconds(7)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		this.subscriber.request(1);

		this.clock.advance(Duration.ofSeconds(30));

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageStartingWith("RangeStream failed: no message within 30000 ms");
		await().until(stream::isCancelled);
	}

	@Test
	void waitsAsLongAsTheSubscriberAsksForNothing() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		stream.send(chunk("k0"));
		this.subscriber.request(1).awaitItems(1);

		this.clock.advance(Duration.ofHours(1));
		stream.send(chunk("k1"));
		stream.complete();
		this.subscriber.request(1);

		this.subscriber.awaitCompletion();
	}

	@Test
	void waitsForEverForAMethodThatMayBeSilent() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).withoutPatience().subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		this.subscriber.request(2);

		this.clock.advance(Duration.ofDays(1));
		stream.send(chunk("k0"));
		this.subscriber.awaitItems(1);
		this.clock.advance(Duration.ofDays(1));
		stream.send(chunk("k1"));

		assertThat(this.subscriber.awaitItems(2)).containsExactly("k0", "k1");
		this.subscriber.cancel();
	}

	@Test
	void failsWhenAMessageMakesNoSense() {
		ScriptedEtcd member = this.cluster.member();
		keys(channel(member)).subscribe(this.subscriber);
		ScriptedStream<RangeRequest, RangeStreamResponse> stream = member.rangeStream().awaitStream(0);
		stream.send(RangeStreamResponse.getDefaultInstance());

		this.subscriber.request(1);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdServerException.class)
			.hasMessageStartingWith("RangeStream failed: the answer makes no sense: ");
		await().until(stream::isCancelled);
	}

	@Test
	void endsEveryOpenStreamWhenTheClientIsClosed() {
		ScriptedEtcd member = this.cluster.member();
		EtcdChannel channel = channel(member);
		RecordingSubscriber<String> waiting = new RecordingSubscriber<>();
		keys(channel).subscribe(this.subscriber);
		keys(channel).subscribe(waiting);
		waiting.request(1);
		member.rangeStream().awaitStream(1);
		member.rangeStream().streams().forEach((stream) -> stream.send(chunk("k")));
		waiting.awaitItems(1);

		channel.close();

		for (RecordingSubscriber<String> each : List.of(this.subscriber, waiting)) {
			assertThat(each.awaitFailure()).isInstanceOf(EtcdClosedException.class)
				.hasMessageStartingWith("RangeStream failed: the client is closed");
		}
	}

	@Test
	void endsAStreamThatPausesBeforeItsNextAttemptWhenTheClientIsClosed() {
		ScriptedEtcd member = this.cluster.member();
		member.rangeStream().onOpen((stream) -> stream.fail(Status.UNAVAILABLE));
		EtcdChannel channel = channel(member);
		keys(channel).subscribe(this.subscriber);
		this.clock.awaitDelays(1, LONGEST_PAUSE);

		channel.close();

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdClosedException.class);
		assertThat(member.rangeStream().count()).isEqualTo(1);
	}

	@Test
	void endsAStreamThatWaitsForATokenWhenTheClientIsClosed() {
		ScriptedEtcd member = this.cluster.member();
		member.authenticate().otherwiseHold();
		EtcdChannel channel = channel((options) -> options.credentials(new EtcdCredentials("user", "secret")), member);
		keys(channel).subscribe(this.subscriber);
		member.authenticate().awaitCall(0);

		channel.close();

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void failsWhenTheClientWasClosedBefore() {
		EtcdChannel channel = channel(this.cluster.member());
		channel.close();

		keys(channel).subscribe(this.subscriber);

		assertThat(this.subscriber.awaitFailure()).isInstanceOf(EtcdClosedException.class);
		assertThat(this.subscriber.signals()).containsExactly("subscribed", "failed");
	}

	@Test
	void repeatsTheOpeningABoundedNumberOfTimes() {
		ScriptedEtcd member = this.cluster.member();
		member.rangeStream().onOpen((stream) -> stream.fail(Status.UNAVAILABLE));
		keys(channel(member)).subscribe(this.subscriber);

		this.clock.passDelaysUntil(() -> this.subscriber.signals().contains("failed"), LONGEST_PAUSE);

		assertThat(this.subscriber.awaitFailure()).isInstanceOfSatisfying(EtcdException.class,
				(failure) -> assertThat(failure.attempts()).isEqualTo(RetryPolicy.MAX_ATTEMPTS));
		assertThat(member.rangeStream().count()).isEqualTo(RetryPolicy.MAX_ATTEMPTS);
	}

	@Test
	void refusesNoSubscriber() {
		Flow.Publisher<String> keys = keys(channel(this.cluster.member()));

		assertThatNullPointerException().isThrownBy(() -> keys.subscribe(null)).withMessage("subscriber");
	}

}
