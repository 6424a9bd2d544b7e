/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.recipes.Attendance;
import io.github.etcdspring.recipes.EtcdBarrier;
import io.github.etcdspring.recipes.EtcdCountDownBarrier;
import io.github.etcdspring.recipes.EtcdDoubleBarrier;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Barriers of several clients.
 */
class EtcdBarrierIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final int PARTIES = 6;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("barrier");

	@AutoClose
	private final Party first = Party.join(etcd.cluster(), Duration.ofSeconds(10));

	@AutoClose
	private final Party second = Party.join(etcd.cluster(), Duration.ofSeconds(10));

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	private Party party(int number) {
		return (number % 2 == 0) ? this.first : this.second;
	}

	private long entries(String below) {
		return this.first.client().kv().get(KeyRange.prefix(this.name + below)).count();
	}

	private void awaitEntries(String below, int number) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> entries(below) == number);
	}

	@Test
	void letsAllGoWhenBarrierIsReleased() throws InterruptedException {
		EtcdBarrier barrier = EtcdBarrier.of(this.first.client(), this.name);
		barrier.hold();
		List<CompletableFuture<Boolean>> waiting = IntStream.range(0, PARTIES)
			.mapToObj((i) -> EtcdBarrier.of(party(i).client(), this.name).awaitAsync())
			.toList();
		assertThat(barrier.await(Duration.ofMillis(200))).isFalse();
		assertThat(waiting).noneMatch(CompletableFuture::isDone);

		etcd.cluster().etcdctl("del", this.name);

		assertThat(waiting).allSatisfy((wait) -> assertThat(wait).succeedsWithin(SOON).isEqualTo(true));
		barrier.await();
	}

	@Test
	void waitsAtABarrierThatWasPutInTheFormatOfGo() {
		etcd.cluster().etcdctl("put", this.name, "");
		EtcdBarrier barrier = EtcdBarrier.of(this.first.client(), this.name);
		assertThat(barrier.hold()).isFalse();
		CompletableFuture<Boolean> waiting = barrier.awaitAsync();

		barrier.release();

		assertThat(waiting).succeedsWithin(SOON);
		assertThat(barrier.hold()).isTrue();
		assertThat(etcd.cluster().etcdctl("get", this.name).strip()).isEqualTo(this.name);
	}

	@Test
	void opensOnceAllPartiesHaveCountedAtTheSameTime() {
		EtcdCountDownBarrier barrier = EtcdCountDownBarrier.of(this.first.client(), this.name);
		barrier.hold(PARTIES);
		CompletableFuture<Boolean> go = EtcdBarrier.of(this.second.client(), this.name).awaitAsync();

		List<CompletableFuture<Integer>> counts = IntStream.range(0, 2 * PARTIES - 2)
			.mapToObj((i) -> EtcdCountDownBarrier.of(party(i).client(), this.name).countDownAsync("party-" + i / 2))
			.toList();
		counts.forEach(CompletableFuture::join);

		assertThat(go).isNotDone();
		assertThat(barrier.count()).isEqualTo(1);
		assertThat(etcd.cluster().etcdctl("get", "--print-value-only", this.name).strip()).isEqualTo("1");
		assertThat(barrier.countDown("last")).isZero();
		assertThat(go).succeedsWithin(SOON);
		assertThat(entries("")).isZero();
	}

	@Test
	void letsPartiesEnterAndLeaveTogetherRoundAfterRound() {
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger arrived = new AtomicInteger();
		for (int round = 1; round <= 5; round++) {
			int expected = round * PARTIES;
			List<CompletableFuture<Boolean>> work = IntStream.range(0, PARTIES)
				.mapToObj((i) -> CompletableFuture.supplyAsync(() -> {
					EtcdDoubleBarrier barrier = EtcdDoubleBarrier.of(party(i).session(), this.name, PARTIES);
					arrived.incrementAndGet();
					Attendance attendance = barrier.enterAsync().join();
					boolean together = arrived.get() == expected;
					inside.incrementAndGet();
					return attendance.leaveAsync().join() && together && inside.get() % PARTIES == 0;
				}, this.threads))
				.toList();

			assertThat(work).allSatisfy((party) -> assertThat(party).succeedsWithin(SOON).isEqualTo(true));
			assertThat(entries("")).isZero();
		}
	}

	@Test
	void countsPartiesOfGoAndShowsItsOwnAsGoDoes() {
		etcd.cluster().etcdctl("put", this.name + "/waiters/1700000000000000001", "");
		CompletableFuture<Attendance> entering = EtcdDoubleBarrier.of(this.first.session(), this.name, 3).enterAsync();
		awaitEntries("/waiters", 2);
		assertThat(entering).isNotDone();
		assertThat(etcd.cluster().etcdctl("get", "--prefix", "--keys-only", this.name + "/waiters/").lines())
			.filteredOn((line) -> !line.isEmpty())
			.allMatch((line) -> line.matches(this.name + "/waiters/[0-9]{19}"));

		CompletableFuture<Attendance> last = EtcdDoubleBarrier.of(this.second.session(), this.name, 3).enterAsync();

		assertThat(entering).succeedsWithin(SOON);
		assertThat(last).succeedsWithin(SOON);
		assertThat(etcd.cluster().etcdctl("get", this.name + "/ready").strip()).isEqualTo(this.name + "/ready");
		CompletableFuture<Boolean> left = last.join().leaveAsync();
		CompletableFuture<Boolean> alsoLeft = entering.join().leaveAsync();
		awaitEntries("/waiters", 1);
		assertThat(left).isNotDone();
		etcd.cluster().etcdctl("del", "--prefix", this.name + "/");
		assertThat(left).succeedsWithin(SOON).isEqualTo(true);
		assertThat(alsoLeft).succeedsWithin(SOON).isEqualTo(true);
	}

	@Test
	void goesOnWhenAPartyOfGoWritesTheReadyKey() {
		CompletableFuture<Attendance> entering = EtcdDoubleBarrier.of(this.first.session(), this.name, 3).enterAsync();
		awaitEntries("/waiters", 1);

		etcd.cluster().etcdctl("put", this.name + "/ready", "");

		assertThat(entering).succeedsWithin(SOON);
	}

	@Test
	void turnsAwayWhoComesWhenAllAreThere() {
		CompletableFuture<Attendance> one = EtcdDoubleBarrier.of(this.first.session(), this.name, 2).enterAsync();
		CompletableFuture<Attendance> other = EtcdDoubleBarrier.of(this.second.session(), this.name, 2).enterAsync();
		assertThat(one).succeedsWithin(SOON);
		assertThat(other).succeedsWithin(SOON);

		assertThat(EtcdDoubleBarrier.of(this.first.session(), this.name, 2).enterAsync()).failsWithin(SOON)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(EtcdRequestException.class);
		awaitEntries("/waiters", 2);
	}

	@Test
	void letsOthersLeaveWhenAPartyDies() {
		Party dying = Party.join(etcd.cluster(), Duration.ofSeconds(2));
		CompletableFuture<Attendance> one = EtcdDoubleBarrier.of(dying.session(), this.name, 2).enterAsync();
		awaitEntries("/waiters", 1);
		CompletableFuture<Attendance> other = EtcdDoubleBarrier.of(this.second.session(), this.name, 2).enterAsync();
		assertThat(one).succeedsWithin(SOON);
		assertThat(other).succeedsWithin(SOON);

		dying.die();

		assertThat(other.join().leaveAsync()).succeedsWithin(SOON).isEqualTo(true);
	}

}
