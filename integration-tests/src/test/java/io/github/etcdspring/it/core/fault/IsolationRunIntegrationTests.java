/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.Party;
import io.github.etcdspring.it.core.Spread;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Holders of locks and leaders that reach no member any more, while their connections
 * stay open, and who comes after them: who holds is told at the local deadline of its
 * lease, before another holds (L3, E3, E5). Gone through {@code -Dit.rounds} times.
 */
class IsolationRunIntegrationTests {

	private static final Duration TTL = Duration.ofSeconds(3);

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final int PAIRS = 10;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient next = EtcdClients.connect(etcd.cluster());

	private final List<IsolatedPair> all = new ArrayList<>();

	private final List<String> objections = new ArrayList<>();

	private final Spread told = new Spread();

	private final Spread leaderTold = new Spread();

	private final Spread ahead = new Spread();

	private final Spread leaderAhead = new Spread();

	@AfterEach
	void closeAll() {
		this.all.forEach(IsolatedPair::close);
		this.all.clear();
	}

	@Test
	void knowsAtLocalDeadlineAndBeforeAnotherHoldsWhenAllMembersAreSilent() {
		for (int round = 0; round < RunSettings.rounds(); round++) {
			String name = "round" + round + "-";
			List<IsolatedPair> pairs = IntStream.range(0, PAIRS).mapToObj((i) -> join(name + i)).toList();
			awaitAll(pairs, IsolatedPair::isStanding);

			etcd.cluster().members().forEach((member) -> member.proxy().blackHole());
			awaitAll(pairs, IsolatedPair::isOver);
			awaitAll(pairs, IsolatedPair::hasNext);
			etcd.cluster().members().forEach((member) -> member.proxy().pass());

			pairs.forEach(this::judge);
			closeAll();
		}

		System.out.printf(
				"isolation: etcd %s, told after the local deadline: holders %s, leaders %s; told before the next was: "
						+ "holders %s, leaders %s%n",
				etcd.cluster().version(), this.told, this.leaderTold, this.ahead, this.leaderAhead);
		assertThat(this.objections).isEmpty();
		for (Spread afterDeadline : List.of(this.told, this.leaderTold)) {
			assertThat(afterDeadline.size()).isEqualTo(PAIRS * RunSettings.rounds());
			assertThat(afterDeadline.least()).isGreaterThanOrEqualTo(Duration.ZERO);
			// 200 ms, and what a busy machine adds
			assertThat(afterDeadline.percentile(50)).isLessThanOrEqualTo(Duration.ofMillis(200));
			assertThat(afterDeadline.most()).isLessThanOrEqualTo(Duration.ofSeconds(1));
		}
		assertThat(this.ahead.least()).isGreaterThanOrEqualTo(Duration.ZERO);
		assertThat(this.leaderAhead.least()).isGreaterThanOrEqualTo(Duration.ZERO);
	}

	private static void awaitAll(List<IsolatedPair> pairs, Predicate<IsolatedPair> condition) {
		await().atMost(LONG)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(5))
			// each is looked at: what it sees on the way is what it judges by
			.until(() -> pairs.stream().filter(condition).count() == pairs.size());
	}

	/** Each renews its lease at a moment of its own. */
	private IsolatedPair join(String name) {
		long pause = TTL.dividedBy(3L * PAIRS).toNanos();
		long end = System.nanoTime() + pause;
		while (System.nanoTime() - end < 0) {
			LockSupport.parkNanos(pause);
		}
		List<String> ways = etcd.cluster()
			.members()
			.stream()
			.map(EtcdMember::proxy)
			.map((way) -> way.endpoint())
			.toList();
		IsolatedPair pair = IsolatedPair.stand(Party.join(ways, TTL), Session.open(this.next, TTL),
				this.keys.name(name));
		this.all.add(pair);
		return pair;
	}

	private void judge(IsolatedPair pair) {
		this.told.add(pair.toldAfterDeadline());
		this.leaderTold.add(pair.leaderToldAfterDeadline());
		this.ahead.add(pair.toldAheadOfNext());
		this.leaderAhead.add(pair.leaderToldAheadOfNext());
		this.objections.addAll(pair.objections());
	}

}
