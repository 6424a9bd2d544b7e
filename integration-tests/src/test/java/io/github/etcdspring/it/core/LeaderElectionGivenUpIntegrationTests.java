/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Candidates that give up while they wait, at any moment of their campaign (E1, P9).
 */
class LeaderElectionGivenUpIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(30);

	private static final int RIVALS = 4;

	private static final int CAMPAIGNS = 1000;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("election");

	private final KeyRange candidates = KeyRange.prefix(this.name + "/");

	@AutoClose
	private final Party leader = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final Party next = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final EtcdClient rivals = EtcdClients.connect(etcd.cluster());

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AutoClose("shutdownNow")
	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

	private final Queue<CompletableFuture<Leadership>> campaigns = new ConcurrentLinkedQueue<>();

	private final AtomicInteger cancelled = new AtomicInteger();

	private final AtomicInteger timedOut = new AtomicInteger();

	private final AtomicInteger interrupted = new AtomicInteger();

	private Leadership lead(Party party) {
		return party.election(this.name).campaignAsync(ByteSequence.EMPTY).orTimeout(10, TimeUnit.SECONDS).join();
	}

	private long revision() {
		return this.leader.client().kv().put(this.keys.name("mark"), "").revision();
	}

	@Test
	void neverLeadAndLeaveNoKeyWhenThousandCampaignsAreGivenUp() {
		Leadership leading = lead(this.leader);
		long first = revision() + 1;

		CompletableFuture<?>[] givenUp = IntStream.range(0, RIVALS)
			.mapToObj((i) -> LeaderElection.of(Session.open(this.rivals, TTL), this.name))
			.map((rival) -> CompletableFuture.runAsync(() -> giveUpAgainAndAgain(rival), this.threads))
			.toArray(CompletableFuture[]::new);

		assertThat(CompletableFuture.allOf(givenUp)).succeedsWithin(Duration.ofMinutes(1));
		await().atMost(SOON).until(() -> this.leader.client().kv().get(this.candidates).count() == 1);
		long resigned = revision() + 1;
		leading.resign();
		assertThat(this.leader.client().kv().get(this.candidates).count()).isZero();
		Leadership after = lead(this.next);
		after.resign();
		History history = History.read(this.next.client(), this.candidates, first, revision());
		System.out.printf(
				"campaigns given up: etcd %s, %d cancelled, %d timed out, %d interrupted; %d changes of keys%n",
				etcd.cluster().version(), this.cancelled.get(), this.timedOut.get(), this.interrupted.get(),
				history.events());

		assertThat(this.cancelled.get() + this.timedOut.get() + this.interrupted.get()).isEqualTo(CAMPAIGNS);
		assertThat(this.campaigns).allMatch(CompletableFuture::isCompletedExceptionally);
		// the keys were there: it is not that nobody had begun
		assertThat(history.seenBy(this.candidates, first).events()).isGreaterThan(CAMPAIGNS / 5);
		// the leader's and the next one's, and nobody's after these
		assertThat(history.seenBy(this.candidates, resigned).revisions().values())
			.flatExtracting((changes) -> changes.keySet())
			.containsExactly(leading.key(), after.key(), after.key());
	}

	private void giveUpAgainAndAgain(LeaderElection election) {
		for (int i = 0; i < CAMPAIGNS / RIVALS; i++) {
			Duration soon = Duration.ofMillis(i % 7);
			switch (i % 3) {
				case 0 -> cancel(election, soon);
				case 1 -> timeOut(election, soon);
				default -> interrupt(election, soon);
			}
		}
	}

	private CompletableFuture<Leadership> campaign(LeaderElection election) {
		CompletableFuture<Leadership> campaign = election.campaignAsync(ByteSequence.of("rival"));
		this.campaigns.add(campaign);
		return campaign;
	}

	private void cancel(LeaderElection election, Duration soon) {
		CompletableFuture<Leadership> campaign = campaign(election);
		LockSupport.parkNanos(soon.toNanos());
		campaign.cancel(false);
		try {
			campaign.join();
		}
		catch (CancellationException ex) {
			this.cancelled.incrementAndGet();
		}
	}

	private void timeOut(LeaderElection election, Duration soon) {
		try {
			campaign(election).orTimeout(soon.toNanos(), TimeUnit.NANOSECONDS).join();
		}
		catch (CompletionException ex) {
			assertThat(ex).hasCauseInstanceOf(TimeoutException.class);
			this.timedOut.incrementAndGet();
		}
	}

	private void interrupt(LeaderElection election, Duration soon) {
		Thread campaigning = Thread.currentThread();
		this.timer.schedule(campaigning::interrupt, soon.toNanos(), TimeUnit.NANOSECONDS);
		try {
			election.campaign(ByteSequence.of("rival"));
		}
		catch (InterruptedException ex) {
			this.interrupted.incrementAndGet();
		}
	}

}
