/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.Spread;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How long an election has no leader when one resigns, when one dies, and when the whole
 * cluster was out, many times over (E2, E3). {@code -Dit.rounds} is how often all but the
 * resignations are gone through.
 */
class LeaderTurnoverRunIntegrationTests {

	private static final Duration TTL = Duration.ofSeconds(2);

	private static final Duration LONG = Duration.ofSeconds(30);

	/** What a busy machine may add to a bound, at worst. */
	private static final Duration BUSY = Duration.ofSeconds(2);

	private static final int ELECTIONS = 10;

	private static final int RESIGNATIONS = 30;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	private final List<EtcdClient> clients = new ArrayList<>();

	private final EtcdClient observer = client();

	private final Spread spread = new Spread();

	private EtcdClient client() {
		EtcdClient client = EtcdClients.connect(etcd.cluster());
		this.clients.add(client);
		return client;
	}

	@AfterEach
	void closeAll() {
		this.clients.forEach(EtcdClient::close);
	}

	private KeenCandidate campaign(EtcdClient client, String name) {
		return KeenCandidate.campaign(Session.open(client, TTL), this.keys.name(name));
	}

	private void awaitCandidates(int number) {
		await().atMost(LONG).pollInterval(Duration.ofMillis(10)).until(() -> candidates() == number);
	}

	private long candidates() {
		return this.observer.kv().get(KeyRange.prefix(this.keys.prefix())).count();
	}

	private void report(String what) {
		System.out.printf("leader turnover: etcd %s, %s: %s%n", etcd.cluster().version(), what, this.spread);
	}

	@Test
	void leadsWithinHalfSecondWhenLeaderResigns() {
		// E2, E3
		EtcdClient client = client();
		List<KeenCandidate> candidates = IntStream.range(0, 3).mapToObj((i) -> campaign(client, "resigned")).toList();
		awaitCandidates(candidates.size());
		for (int i = 1; i <= RESIGNATIONS; i++) {
			KeenCandidate leader = awaitLeader(candidates, i);
			long begin = System.nanoTime();
			leader.resign().orTimeout(10, TimeUnit.SECONDS).join();
			this.spread.add(awaitLeader(candidates, i + 1).last(true).orElseThrow() - begin);
		}

		report("the next after one resigned");
		assertThat(this.spread.size()).isEqualTo(RESIGNATIONS);
		assertThat(candidates).allMatch((candidate) -> candidate.log().matches("(GR)*G?"))
			.allMatch((candidate) -> candidate.grants() >= RESIGNATIONS / 4);
		assertThat(this.spread.percentile(90)).isLessThanOrEqualTo(Duration.ofMillis(500));
		assertThat(this.spread.most()).isLessThanOrEqualTo(Duration.ofMillis(500).plus(BUSY));
	}

	/** The one that leads when there have been a number of leaders. */
	private static KeenCandidate awaitLeader(List<KeenCandidate> candidates, int number) {
		await().atMost(LONG)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(2))
			.until(() -> candidates.stream().mapToLong(KeenCandidate::grants).sum() >= number);
		return candidates.stream().filter(KeenCandidate::leads).findFirst().orElseThrow();
	}

	@Test
	void leadsSoonAfterTtlWhenLeaderDies() {
		// E2, E3
		EtcdClient heirsClient = client();
		for (int round = 0; round < RunSettings.rounds(); round++) {
			String name = "died" + round + "-";
			List<EtcdClient> mortals = Stream.generate(this::client).limit(ELECTIONS).toList();
			List<KeenCandidate> dying = IntStream.range(0, ELECTIONS)
				.mapToObj((i) -> campaign(mortals.get(i), name + i))
				.toList();
			await().atMost(LONG).until(() -> dying.stream().allMatch(KeenCandidate::leads));
			List<KeenCandidate> heirs = IntStream.range(0, ELECTIONS)
				.mapToObj((i) -> campaign(heirsClient, name + i))
				.toList();
			awaitCandidates(ELECTIONS * (round + 2));
			long[] died = new long[ELECTIONS];
			for (int i = 0; i < ELECTIONS; i++) {
				died[i] = System.nanoTime();
				mortals.get(i).close();
			}
			await().atMost(LONG).until(() -> heirs.stream().allMatch(KeenCandidate::leads));
			for (int i = 0; i < ELECTIONS; i++) {
				this.spread.add(heirs.get(i).last(true).orElseThrow() - died[i]);
				assertThat(KeenCandidate.objections(List.of(dying.get(i), heirs.get(i)))).isEmpty();
				assertThat(dying.get(i).log()).isEqualTo("GR");
			}
		}

		report("the next after one died");
		assertThat(this.spread.percentile(50)).isLessThanOrEqualTo(TTL.plusMillis(1500));
		assertThat(this.spread.most()).isLessThanOrEqualTo(TTL.plusMillis(1500).plus(BUSY));
	}

	@Test
	void hasExactlyOneLeaderSoonAfterTtlWhenWholeClusterWasOut() {
		// E2, E3, E4
		List<EtcdClient> processes = Stream.generate(this::client).limit(3).toList();
		List<List<KeenCandidate>> elections = IntStream.range(0, ELECTIONS)
			.mapToObj((i) -> processes.stream().map((process) -> campaign(process, "out-" + i)).toList())
			.toList();
		awaitCandidates(ELECTIONS * processes.size());
		for (int round = 0; round < RunSettings.rounds(); round++) {
			await().atMost(LONG).until(() -> elections.stream().allMatch((election) -> leaders(election) == 1));

			etcd.cluster().kill();
			await("end of all leaderships").atMost(LONG)
				.until(() -> elections.stream().flatMap(List::stream).allMatch((one) -> one.log().matches("(GR)*")));
			etcd.cluster().restart();
			long back = System.nanoTime();

			await().atMost(LONG).until(() -> elections.stream().allMatch((election) -> leaders(election) == 1));
			elections.forEach((election) -> this.spread.add(Math.max(0, lastGrant(election) - back)));
		}

		report("exactly one of three after " + RunSettings.rounds() + " outages of the cluster");
		assertThat(elections).allSatisfy((election) -> assertThat(KeenCandidate.objections(election)).isEmpty());
		assertThat(this.spread.percentile(50)).isLessThanOrEqualTo(TTL.plusSeconds(3));
		assertThat(this.spread.most()).isLessThanOrEqualTo(TTL.plusSeconds(3).plus(BUSY));
	}

	private static long leaders(List<KeenCandidate> election) {
		return election.stream().filter(KeenCandidate::leads).count();
	}

	private static long lastGrant(List<KeenCandidate> election) {
		return election.stream()
			.filter(KeenCandidate::leads)
			.map((candidate) -> candidate.last(true).orElseThrow())
			.max(Long::compare)
			.orElseThrow();
	}

}
