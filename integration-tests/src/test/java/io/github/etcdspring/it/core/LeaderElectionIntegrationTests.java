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
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.election.Candidate;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.election.LeadershipEnd;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Elections among three candidates (E1 to E4).
 */
class LeaderElectionIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(3);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("election");

	@AutoClose
	private final Party first = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final Party second = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final Party third = Party.join(etcd.cluster(), TTL);

	private CompletableFuture<Leadership> campaign(Party party, String value) {
		return party.election(this.name).campaignAsync(ByteSequence.of(value));
	}

	private Leadership lead(Party party, String value) {
		return campaign(party, value).orTimeout(10, TimeUnit.SECONDS).join();
	}

	private long candidates() {
		return this.third.client().kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	private void awaitCandidates(int number) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> candidates() == number);
	}

	private String leaderValue() {
		return this.third.election(this.name).leader().map((leader) -> leader.value().toUtf8()).orElse("nobody");
	}

	@Test
	void electsOneOfThreeWhenAllCampaign() {
		List<CompletableFuture<Leadership>> campaigns = List.of(campaign(this.first, "1"), campaign(this.second, "2"),
				campaign(this.third, "3"));

		awaitCandidates(3);
		await().atMost(SOON).until(() -> campaigns.stream().anyMatch(CompletableFuture::isDone));
		await().during(Duration.ofMillis(500))
			.atMost(SOON)
			.until(() -> campaigns.stream().filter(CompletableFuture::isDone).count() == 1);
	}

	@Test
	void electsNextWithinHalfSecondWhenLeaderResigns() {
		// E2: 500 ms, and as much again for a busy machine
		Leadership leading = lead(this.first, "1");
		CompletableFuture<Leadership> next = campaign(this.second, "2");
		awaitCandidates(2);

		CompletableFuture<Boolean> resigned = leading.resignAsync();

		assertThat(next).succeedsWithin(Duration.ofSeconds(1))
			.satisfies((leadership) -> assertThat(leadership.fencingToken()).isGreaterThan(leading.fencingToken()));
		assertThat(resigned).succeedsWithin(SOON).isEqualTo(true);
		assertThat(leading.end()).succeedsWithin(SOON).isEqualTo(LeadershipEnd.RESIGNED);
		assertThat(leading.isHeld()).isFalse();
	}

	@Test
	void electsNextWithinTtlAndTwoSecondsWhenLeaderDies() {
		// E2, P5: keep-alive stopped, lease left
		Party dying = Party.join(etcd.cluster(), TTL);
		Leadership leading = lead(dying, "dying");
		CompletableFuture<Leadership> next = campaign(this.second, "2");
		awaitCandidates(2);

		dying.die();

		assertThat(leading.isHeld()).isFalse();
		assertThat(next).succeedsWithin(TTL.plusSeconds(2))
			.satisfies((leadership) -> assertThat(leadership.fencingToken()).isGreaterThan(leading.fencingToken()));
	}

	@Test
	void electsInOrderOfCandidatesWhenLeadersResign() {
		List<String> order = new ArrayList<>();
		Leadership leading = lead(this.first, "1");
		CompletableFuture<Leadership> second = campaign(this.second, "2");
		awaitCandidates(2);
		CompletableFuture<Leadership> third = campaign(this.third, "3");
		awaitCandidates(3);

		order.add(leaderValue());
		leading.resignAsync().join();
		second.join();
		order.add(leaderValue());
		second.join().resignAsync().join();
		third.join();
		order.add(leaderValue());

		assertThat(order).containsExactly("1", "2", "3");
	}

	@Test
	void tellsLeaderWhenAsked() {
		assertThat(this.second.election(this.name).leader()).isEmpty();
		Leadership leading = lead(this.first, "1");

		Candidate leader = this.second.election(this.name).leader().orElseThrow();

		assertThat(leader.value().toUtf8()).isEqualTo("1");
		assertThat(leader.key()).isEqualTo(leading.key());
		assertThat(leader.token()).isEqualTo(leading.fencingToken());
		assertThat(this.second.election(this.name).leaderAsync()).succeedsWithin(SOON).isEqualTo(Optional.of(leader));
	}

	@Test
	void changesValueWhenLeaderProclaims() {
		Leadership leading = lead(this.first, "before");

		assertThat(leading.proclaimAsync(ByteSequence.of("after"))).succeedsWithin(SOON)
			.satisfies((revision) -> assertThat(revision).isGreaterThan(leading.fencingToken()));

		assertThat(leaderValue()).isEqualTo("after");
		assertThat(leading.isHeld()).isTrue();
		assertThat(this.third.election(this.name).leader().orElseThrow().token()).isEqualTo(leading.fencingToken());
	}

}
