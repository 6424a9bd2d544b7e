/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.election.LeadershipEnd;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.Party;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Four candidates lead in turn while members die and stall and leaders are cut off from
 * all of them, and count with their tokens (P4, P5, E1, E5).
 */
class ElectionFaultRunIntegrationTests {

	private static final int CANDIDATES = 4;

	private static final int CUT_OFF_EVERY = 40;

	private static final Duration TTL = Duration.ofSeconds(2);

	/** Is not lost in any stall of this machine. */
	private static final Duration PATIENT = Duration.ofMinutes(1);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient observer = EtcdClients.connect(etcd.cluster());

	private final FencedOwners owners = new FencedOwners(this.observer, this.keys);

	@AutoClose
	private final Workers workers = new Workers();

	private final AtomicInteger terms = new AtomicInteger();

	private final AtomicInteger cutOff = new AtomicInteger();

	private final AtomicInteger notElected = new AtomicInteger();

	private final Map<LeadershipEnd, Integer> ends = new ConcurrentHashMap<>();

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void leadsOneAfterTheOtherAndEachKnowsWhenItIsOver(long seed) throws InterruptedException {
		List<Contender> contenders = IntStream.range(0, CANDIDATES).mapToObj((i) -> Contender.join()).toList();
		Faults faults = new Faults(etcd.cluster(), EnumSet.allOf(Faults.Kind.class), seed);

		for (Contender contender : contenders) {
			LeaderElection election = contender.party().election(this.keys.name("election"));
			this.workers.start("candidate", () -> lead(contender, election));
		}
		// while the members are well nothing renews the lease of a leader that is cut off
		await().atMost(Duration.ofMinutes(2)).until(() -> this.cutOff.get() >= 2 || this.workers.isStopped());
		faults.run(RunSettings.duration(20), this::isEnough);
		this.workers.stop();
		contenders.forEach(Contender::close);

		System.out.printf("election fault run: %s; %s; %d campaigns in vain, %d leaders cut off, ends: %s%n", faults,
				this.owners, this.notElected.get(), this.cutOff.get(), this.ends);
		assertThat(this.owners.objections()).isEmpty();
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(isEnough()).isTrue();
		assertThat(this.ends.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(this.owners.number());
	}

	private boolean isEnough() {
		return this.owners.number() >= 60 && this.owners.acknowledged() >= 120 && this.owners.refused() > 0
				&& this.ends.containsKey(LeadershipEnd.LEASE_LOST);
	}

	private void lead(Contender contender, LeaderElection election) throws InterruptedException {
		long before = this.owners.highestToken();
		Leadership leadership;
		try {
			leadership = election.campaign(ByteSequence.of("candidate"));
		}
		catch (EtcdException ex) {
			this.notElected.incrementAndGet();
			return;
		}
		long token = leadership.fencingToken();
		this.owners.begins(token, before);
		this.owners.checkClaim(token, leadership::isHeld);
		this.owners.stands(token, leadership::isHeld);
		leadership.end().thenAccept((end) -> this.ends.merge(end, 1, Integer::sum));
		boolean cut = this.terms.incrementAndGet() % CUT_OFF_EVERY == 0;
		for (int i = 0; i < 3; i++) {
			this.owners.count(contender.party().client(), leadership.guard(), token,
					(cut && i == 1) ? () -> cutOff(contender, leadership) : () -> {
					});
			this.owners.checkClaim(token, leadership::isHeld);
		}
		CompletableFuture<Boolean> resigned = leadership.resignAsync();
		assertThat(leadership.isHeld()).isFalse();
		resigned.orTimeout(30, TimeUnit.SECONDS).join();
	}

	/**
	 * The leader can reach no member until its lease has run out and another leads, which
	 * each new leader of etcd delays: it renews all leases.
	 */
	private void cutOff(Contender contender, Leadership leadership) {
		long token = leadership.fencingToken();
		long patience = System.nanoTime() + TTL.multipliedBy(3).toNanos();
		contender.ways().forEach(TcpProxy::cut);
		this.owners.awaitNext(token, () -> this.workers.isStopped() || System.nanoTime() - patience > 0);
		this.owners.checkClaim(token, leadership::isHeld);
		contender.ways().forEach(TcpProxy::restore);
		this.cutOff.incrementAndGet();
	}

	/** The control: a leader that never asks and writes without the fence. */
	@Test
	void checkerObjectsWhenOldLeaderDoesNotKnowThatItIsOver() throws InterruptedException {
		try (Party paused = Party.join(etcd.cluster(), PATIENT); Party next = Party.join(etcd.cluster(), PATIENT)) {
			long old = paused.election(this.keys.name("election")).campaign(ByteSequence.EMPTY).fencingToken();
			this.owners.begins(old, 0);
			this.owners.stands(old, () -> true);
			this.owners.count(paused.client(), this.owners.noGuard(), old, () -> {
				etcd.cluster().etcdctl("lease", "revoke", paused.lease().lease().toString());
				Leadership leading = next.election(this.keys.name("election")).campaignAsync(ByteSequence.EMPTY).join();
				this.owners.begins(leading.fencingToken(), old);
				this.owners.count(next.client(), leading.guard(), leading.fencingToken(), () -> {
				});
			});
			this.owners.checkClaim(old, () -> true);
			this.owners.begins(old, old);
		}

		assertThat(this.owners.acknowledged()).isEqualTo(2);
		assertThat(this.owners.objections()).satisfiesExactly(
				(first) -> assertThat(first).contains("was given while the owner with"),
				(second) -> assertThat(second).contains("claims to own after"),
				(third) -> assertThat(third).contains("that came after"),
				(fourth) -> assertThat(fourth).endsWith("given twice"),
				(fifth) -> assertThat(fifth).startsWith("lost update"),
				(sixth) -> assertThat(sixth).startsWith("old token accepted"));
	}

	/**
	 * A candidate that can be cut off.
	 *
	 * @param ways its ways to all members
	 */
	private record Contender(List<TcpProxy> ways, Party party) implements AutoCloseable {

		static Contender join() {
			List<TcpProxy> ways = etcd.cluster()
				.members()
				.stream()
				.map((member) -> TcpProxy.to(member.clientPort()))
				.toList();
			return new Contender(ways, Party.join(ways.stream().map(TcpProxy::endpoint).toList(), TTL));
		}

		@Override
		public void close() {
			this.party.close();
			this.ways.forEach(TcpProxy::close);
		}

	}

}
