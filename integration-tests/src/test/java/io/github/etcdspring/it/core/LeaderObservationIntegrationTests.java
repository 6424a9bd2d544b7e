/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.Candidate;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Following who leads, and leading on after a restart.
 */
@EachVersion
class LeaderObservationIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(10);

	private final String name = KeySpace.unique().name("election");

	@AutoClose
	private final EtcdCluster cluster;

	@AutoClose
	private final Party first;

	@AutoClose
	private final Party second;

	private final List<String> told = new CopyOnWriteArrayList<>();

	LeaderObservationIntegrationTests(String version) {
		this.cluster = EtcdCluster.builder().version(version).start();
		this.first = Party.join(this.cluster, TTL);
		this.second = Party.join(this.cluster, TTL);
	}

	private Leadership lead(Party party, String value) {
		return campaign(party.session(), value);
	}

	private Leadership campaign(Session session, String value) {
		CompletableFuture<Leadership> campaign = LeaderElection.of(session, this.name)
			.campaignAsync(ByteSequence.of(value));
		assertThat(campaign).succeedsWithin(SOON);
		return campaign.join();
	}

	private void observe() {
		this.second.election(this.name).observe().subscribe(new Recorder());
		awaitTold("nobody");
	}

	private void awaitTold(String... values) {
		await().atMost(SOON).untilAsserted(() -> assertThat(this.told).containsExactly(values));
	}

	@Test
	void missesNoLeaderHoweverShortly() {
		observe();
		List<String> expected = new ArrayList<>(List.of("nobody"));

		for (int i = 0; i < 50; i++) {
			Leadership leadership = lead(this.first, "leader " + i);
			assertThat(leadership.resignAsync()).succeedsWithin(SOON);
			expected.addAll(List.of("leader " + i, "nobody"));
		}

		awaitTold(expected.toArray(String[]::new));
	}

	@Test
	void tellsWhatIsProclaimedAndWhoFollows() {
		observe();
		Leadership leadership = lead(this.first, "1");
		CompletableFuture<Leadership> next = this.second.election(this.name).campaignAsync(ByteSequence.of("2"));

		assertThat(leadership.proclaimAsync(ByteSequence.of("1, again"))).succeedsWithin(SOON);
		KeyRange candidates = KeyRange.prefix(this.name + "/");
		await().atMost(SOON).until(() -> this.second.client().kv().get(candidates).count() == 2);
		leadership.resignAsync();

		assertThat(next).succeedsWithin(SOON);
		awaitTold("nobody", "1", "1, again", "2");
	}

	@Test
	void tellsThatEtcdctlLeads() {
		observe();

		try (EtcdctlProcess etcdctl = this.cluster.startEtcdctl("elect", this.name, "etcdctl")) {
			etcdctl.awaitOutput("etcdctl", SOON);
			awaitTold("nobody", "etcdctl");
			etcdctl.interrupt();
			awaitTold("nobody", "etcdctl", "nobody");
		}
	}

	@Test
	void goesOnWhenTheClusterComesBack() {
		observe();
		this.cluster.member(0).kill();
		this.cluster.member(0).restart();

		lead(this.first, "1");

		awaitTold("nobody", "1");
	}

	@Test
	void leadsOnUnderTheSameTokenWhenItsProcessIsRestarted() {
		observe();
		Leadership before = lead(this.first, "before");
		CompletableFuture<Leadership> rival = this.second.election(this.name).campaignAsync(ByteSequence.of("rival"));
		LeaseId lease = this.first.session().orphan().orElseThrow();
		this.first.client().close();

		try (EtcdClient restarted = EtcdClients.connect(this.cluster);
				Session session = Session.adopt(restarted, lease, TTL)) {
			Leadership after = campaign(session, "after");

			assertThat(after.fencingToken()).isEqualTo(before.fencingToken());
			assertThat(after.isHeld()).isTrue();
			assertThat(rival).isNotDone();
			awaitTold("nobody", "before", "after");
			assertThat(after.resignAsync()).succeedsWithin(SOON).isEqualTo(true);
			assertThat(rival).succeedsWithin(SOON);
		}
	}

	private final class Recorder implements Flow.Subscriber<Optional<Candidate>> {

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(Optional<Candidate> leader) {
			LeaderObservationIntegrationTests.this.told
				.add(leader.map((candidate) -> candidate.value().toUtf8()).orElse("nobody"));
		}

		@Override
		public void onError(Throwable failure) {
			// with its client
		}

		@Override
		public void onComplete() {
			throw new IllegalStateException("completed");
		}

	}

}
