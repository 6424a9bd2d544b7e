/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveRequest;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import io.grpc.Status;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link KeepAliveStream}: many leases, lost streams, members that stall.
 */
class KeepAliveStreamTests {

	private static final Duration TTL = Duration.ofSeconds(9);

	private static final Duration THIRD = Duration.ofSeconds(3);

	/** Longer than the first pause before a stream is opened again. */
	private static final Duration PAUSE = Duration.ofMillis(61);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	@Test
	void opensNoStreamBeforeALeaseIsKeptAlive() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(this.clock, member);
		client.lease().grant(TTL);

		this.clock.advance(TTL);
		client.kv().get("barrier");

		assertThat(member.keepAlive().count()).isZero();
	}

	@Test
	@DisplayName("jetcd #965, #1383: renewals cease when the stream ends without error")
	void opensAnotherStreamAndRenewsWhenTheServerEndsTheFirstWithoutError() {
		ScriptedEtcd member = this.cluster.member();
		KeepAlive lease = keep(this.cluster.client(this.clock, member));
		member.keepAlive().awaitStream(0).complete();
		awaitReconnectScheduled(1);

		this.clock.advance(THIRD);

		var next = member.keepAlive().awaitStream(1);
		answer(next, 0);
		await().until(() -> lease.remaining().equals(Duration.ofMillis(8100)));
	}

	@Test
	void sendsAnUnansweredRenewalAgainAtOnceWhenItsStreamIsLost() {
		ScriptedEtcd member = this.cluster.member();
		KeepAlive lease = keep(this.cluster.client(this.clock, member));
		var stream = member.keepAlive().awaitStream(0);
		this.clock.advance(THIRD);
		stream.awaitMessage(0);

		stream.fail(Status.UNAVAILABLE);
		awaitReconnectScheduled(1);
		this.clock.advance(PAUSE);

		var next = member.keepAlive().awaitStream(1);
		answer(next, 0);
		await().until(() -> lease.remaining().compareTo(Duration.ofSeconds(8)) > 0);
	}

	@Test
	void sendsNothingOnANewStreamBeforeARenewalIsDue() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(this.clock, member);
		keep(client);
		member.keepAlive().awaitStream(0).fail(Status.UNAVAILABLE);
		awaitReconnectScheduled(1);

		this.clock.advance(PAUSE);

		var next = member.keepAlive().awaitStream(1);
		client.kv().get("barrier");
		assertThat(next.messages()).isEmpty();
	}

	@Test
	void opensNoStreamAgainWhenNoLeaseIsLeft() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(this.clock, member);
		KeepAlive lease = keep(client);
		var stream = member.keepAlive().awaitStream(0);

		lease.close();
		stream.fail(Status.UNAVAILABLE);
		awaitReconnectScheduled(1);
		this.clock.advance(Duration.ofSeconds(10));
		client.kv().get("barrier");

		assertThat(member.keepAlive().count()).isEqualTo(1);
	}

	@Test
	@DisplayName("etcd-java: an unanswered renewal is not sent again, to nobody")
	void asksAnotherMemberBeforeTheDeadlineWhenOneDoesNotAnswer() {
		ScriptedEtcd first = this.cluster.member();
		ScriptedEtcd second = this.cluster.member();
		EtcdClient client = this.cluster.client(this.clock, first, second);
		await().until(() -> {
			client.kv().get("key");
			return first.range().count() > 0 && second.range().count() > 0;
		});
		KeepAlive lease = keep(client);
		await().until(() -> first.keepAlive().count() + second.keepAlive().count() == 1);
		ScriptedEtcd silent = (first.keepAlive().count() == 1) ? first : second;
		ScriptedEtcd other = (silent == first) ? second : first;
		this.clock.advance(THIRD);
		silent.keepAlive().awaitStream(0).awaitMessage(0);

		this.clock.advance(Duration.ofMillis(1500));
		this.clock.advance(PAUSE);

		answer(other.keepAlive().awaitStream(0), 0);
		await().until(() -> lease.remaining().compareTo(Duration.ofSeconds(8)) > 0);
		await().until(silent.keepAlive().streams().get(0)::isCancelled);
		assertThat(lease.isAlive()).isTrue();
	}

	@Test
	void livesOnWhenTheMemberIsGoneForLessThanTheTtl() {
		ScriptedEtcd member = this.cluster.member();
		KeepAlive lease = keep(this.cluster.client(this.clock, member));
		member.keepAlive().awaitStream(0);

		member.stop();
		awaitReconnectScheduled(1);
		this.clock.advance(Duration.ofSeconds(5));
		member.start();
		// what reconnects is timed too
		passTimeUntilStream(member, 1);

		answer(member.keepAlive().awaitStream(1), 0);
		// counted from when the renewal was given to the stream, which waited for the
		// member
		await().until(() -> lease.remaining().compareTo(Duration.ofSeconds(6)) > 0);
		assertThat(lease.isAlive()).isTrue();
	}

	@Test
	@DisplayName("jetcd: a slow observer of one lease lets others expire")
	void delaysNoOtherLeaseWhenTheEndOfOneIsHandledSlowly() throws Exception {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(this.clock, member);
		CountDownLatch gate = new CountDownLatch(1);
		this.cluster.closing(gate::countDown);
		CountDownLatch blocked = new CountDownLatch(1);
		KeepAlive ending = keep(client);
		ending.end().thenAccept((reason) -> {
			blocked.countDown();
			awaitUninterruptibly(gate);
		});
		KeepAlive other = keep(client);
		ending.close();
		assertThat(blocked.await(5, TimeUnit.SECONDS)).isTrue();

		this.clock.advance(THIRD);

		answer(member.keepAlive().awaitStream(0), 0);
		await().until(() -> other.remaining().equals(Duration.ofMillis(8100)));
		assertThat(gate.getCount()).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 4, 12, 100 })
	void keepsOthersAliveWhenTheServerRefusesToRenewSome(int refused) {
		ScriptedEtcd member = this.cluster.member();
		List<KeepAlive> leases = keepAll(member, refused + 1);
		List<KeepAlive> refusedOnes = leases.subList(0, refused);
		KeepAlive last = leases.get(refused);
		refuse(member, refusedOnes, () -> true);

		for (int third = 0; third < 9; third++) {
			this.clock.advance(THIRD);
			passTimeUntilRenewed(List.of(last));
		}

		assertThat(refusedOnes).allSatisfy((lease) -> assertThat(resultOf(lease.end())).isEqualTo(LeaseEnd.EXPIRED));
		assertThat(last.isAlive()).isTrue();
	}

	@Test
	void renewsOnOneStreamAgainWhenARefusedLeaseIsOver() {
		ScriptedEtcd member = this.cluster.member();
		List<KeepAlive> leases = keepAll(member, 5);
		refuse(member, leases.subList(0, 1), () -> true);
		this.clock.advance(THIRD);
		passTimeUntilRenewed(leases.subList(1, 5));
		leases.get(0).close();
		int before = member.keepAlive().count();

		this.clock.advance(THIRD);
		passTimeUntilRenewed(leases.subList(1, 5));
		this.clock.advance(THIRD);
		passTimeUntilRenewed(leases.subList(1, 5));

		assertThat(member.keepAlive().count()).isLessThanOrEqualTo(before + 1);
	}

	@Test
	void keepsAliveALeaseThatTheServerRefusedForAWhile() {
		ScriptedEtcd member = this.cluster.member();
		List<KeepAlive> leases = keepAll(member, 5);
		AtomicBoolean refuses = new AtomicBoolean(true);
		refuse(member, leases.subList(0, 1), refuses::get);
		this.clock.advance(THIRD);
		passTimeUntilRenewed(leases.subList(1, 5));
		assertThat(leases.get(0).remaining()).isLessThanOrEqualTo(Duration.ofMillis(5100));

		refuses.set(false);
		// a twelfth of the TTL after each refusal
		this.clock.passDelaysUntil(() -> isRenewed(leases.get(0)), Duration.ofMillis(750));

		assertThat(leases).allMatch(KeepAlive::isAlive);
	}

	@ParameterizedTest
	@EnumSource(value = Status.Code.class, names = "OK", mode = EnumSource.Mode.EXCLUDE)
	void isRenewedInTimeWhateverTheStreamEndsWithForSomeSeconds(Status.Code code) {
		ScriptedEtcd member = this.cluster.member();
		KeepAlive lease = keepAll(member, 1).get(0);
		AtomicBoolean broken = new AtomicBoolean(true);
		member.keepAlive().onMessage((stream, renewal) -> {
			if (broken.get()) {
				stream.fail(Status.fromCode(code).withDescription("proxy: bad day"));
			}
			else {
				stream.send(LeaseKeepAliveResponse.newBuilder().setID(renewal.getID()).setTTL(9).build());
			}
		});
		this.clock.advance(THIRD);
		member.keepAlive().awaitStream(0);
		for (int i = 0; i < 300; i++) {
			this.clock.advance(Duration.ofMillis(10));
		}
		assertThat(lease.isAlive()).isTrue();

		broken.set(false);
		await().until(() -> {
			this.clock.advance(Duration.ofMillis(10));
			return isRenewed(lease) || !lease.isAlive();
		});

		assertThat(lease.isAlive()).isTrue();
	}

	/** Returns leases in the order of their ids, which is that of their renewals. */
	private List<KeepAlive> keepAll(ScriptedEtcd member, int count) {
		EtcdClient client = this.cluster.client(this.clock, member);
		return IntStream.range(0, count)
			.mapToObj((i) -> keep(client))
			.sorted(Comparator.comparingLong((lease) -> lease.lease().value()))
			.toList();
	}

	/** Ends the stream at each renewal of one of these leases, as long as it refuses. */
	private static void refuse(ScriptedEtcd member, List<KeepAlive> leases, BooleanSupplier refuses) {
		Set<Long> refused = leases.stream().map((lease) -> lease.lease().value()).collect(Collectors.toSet());
		member.keepAlive().onMessage((stream, renewal) -> {
			if (refused.contains(renewal.getID()) && refuses.getAsBoolean()) {
				stream.fail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
			}
			else {
				stream.send(LeaseKeepAliveResponse.newBuilder().setID(renewal.getID()).setTTL(9).build());
			}
		});
	}

	private void passTimeUntilStream(ScriptedEtcd member, int number) {
		await("stream " + number).until(() -> {
			this.clock.advance(Duration.ofMillis(1));
			return member.keepAlive().count() > number;
		});
	}

	/** Also while a stream is opened again, which is timed. */
	private void passTimeUntilRenewed(List<KeepAlive> leases) {
		await().until(() -> {
			this.clock.advance(Duration.ofMillis(1));
			return leases.stream().allMatch(KeepAliveStreamTests::isRenewed);
		});
	}

	private static boolean isRenewed(KeepAlive lease) {
		return lease.remaining().compareTo(Duration.ofSeconds(8)) > 0;
	}

	@Test
	void keepsAThousandLeasesAliveOnOneStream() {
		ScriptedEtcd member = this.cluster.member();
		answerAll(member);
		EtcdClient client = this.cluster.client(this.clock, member);
		List<CompletableFuture<LeaseGrant>> grants = IntStream.range(0, 1000)
			.mapToObj((i) -> client.lease().grantAsync(TTL))
			.toList();
		List<KeepAlive> leases = grants.stream()
			.map(CompletableFuture::join)
			.map((grant) -> client.lease().keepAlive(grant))
			.toList();
		var stream = member.keepAlive().awaitStream(0);

		for (int round = 1; round <= 4; round++) {
			this.clock.advance(THIRD);
			int renewals = round * 1000;
			await().until(() -> stream.messages().size() == renewals);
			await().until(() -> leases.stream().allMatch((lease) -> lease.remaining().equals(Duration.ofMillis(8100))));
			// its answer comes when the client is done with those of the renewals
			client.kv().get("barrier");
		}

		assertThat(stream.messages().stream().map(LeaseKeepAliveRequest::getID).distinct()).hasSize(1000);
		assertThat(leases).allMatch(KeepAlive::isAlive);
		assertThat(member.keepAlive().count()).isEqualTo(1);
	}

	@Test
	void endsEveryLeaseAtItsOwnDeadlineWhenNoMemberIsLeft() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(this.clock, member);
		KeepAlive shorter = keep(client);
		KeepAlive longer = client.lease().keepAlive(client.lease().grant(Duration.ofSeconds(20)));
		member.keepAlive().awaitStream(0);

		member.stop();
		this.clock.advance(Duration.ofMillis(8100));

		assertThat(resultOf(shorter.end())).isEqualTo(LeaseEnd.EXPIRED);
		assertThat(longer.isAlive()).isTrue();
		this.clock.advance(Duration.ofMillis(10_900));
		assertThat(resultOf(longer.end())).isEqualTo(LeaseEnd.EXPIRED);
	}

	private void awaitReconnectScheduled(int count) {
		await().until(() -> this.clock.delaysUpTo(PAUSE)
			.stream()
			.filter((delay) -> delay.compareTo(Duration.ofMillis(39)) > 0)
			.count() >= count);
	}

	private static void awaitUninterruptibly(CountDownLatch gate) {
		try {
			gate.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static KeepAlive keep(EtcdClient client) {
		return client.lease().keepAlive(client.lease().grant(TTL));
	}

	private static void answerAll(ScriptedEtcd member) {
		member.keepAlive()
			.onMessage((stream, renewal) -> stream
				.send(LeaseKeepAliveResponse.newBuilder().setID(renewal.getID()).setTTL(9).build()));
	}

	private static void answer(ScriptedStream<LeaseKeepAliveRequest, LeaseKeepAliveResponse> stream, int message) {
		stream.send(LeaseKeepAliveResponse.newBuilder().setID(stream.awaitMessage(message).getID()).setTTL(9).build());
	}

}
