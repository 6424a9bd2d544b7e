/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.election.LeadershipEnd;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lease.KeepAlive;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Leaderships and candidacies that are lost or given up (E3, E4, P5).
 */
class LeaderElectionLossIntegrationTests {

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

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

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
	void refusesToProclaimWhenLeadershipIsOver() {
		Leadership leading = lead(this.first, "1");
		leading.resignAsync().join();

		assertThat(leading.proclaimAsync(ByteSequence.of("late"))).failsWithin(SOON)
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(LeaseLostException.class);
		assertThat(leaderValue()).isEqualTo("nobody");
	}

	@Test
	void endsAtOnceWhenEtcdctlDeletesItsKey() {
		Leadership leading = lead(this.first, "1");

		etcd.cluster().etcdctl("del", leading.key().toUtf8());

		assertThat(leading.end()).succeedsWithin(Duration.ofSeconds(1)).isEqualTo(LeadershipEnd.KEY_DELETED);
		assertThat(leading.isHeld()).isFalse();
		assertThat(this.first.session().lease()).isPresent();
	}

	@Test
	void endsAtOnceWhenKeyIsDeletedAfterItWaitedThroughCompaction() {
		// it became a candidate at a revision that is compacted when it is elected
		Leadership before = lead(this.first, "1");
		CompletableFuture<Leadership> waiting = campaign(this.second, "2");
		awaitCandidates(2);
		this.third.client().kv().put(this.keys.name("x"), "1");
		long revision = this.third.client().kv().put(this.keys.name("x"), "2").revision();
		this.third.client().kv().compact(CompactRequest.of(revision));
		before.resignAsync();
		Leadership leading = waiting.orTimeout(10, TimeUnit.SECONDS).join();

		etcd.cluster().etcdctl("del", leading.key().toUtf8());

		assertThat(leading.end()).succeedsWithin(Duration.ofSeconds(1)).isEqualTo(LeadershipEnd.KEY_DELETED);
	}

	@Test
	void endsWhenEtcdctlRevokesItsLease() {
		Leadership leading = lead(this.first, "1");

		etcd.cluster().etcdctl("lease", "revoke", this.first.lease().lease().toString());

		assertThat(leading.end()).succeedsWithin(TTL).isIn(LeadershipEnd.KEY_DELETED, LeadershipEnd.LEASE_LOST);
		assertThat(leading.isHeld()).isFalse();
		PutRequest put = PutRequest.of(this.keys.key("fenced"), ByteSequence.EMPTY);
		assertThat(this.first.client().kv().txn().when(leading.guard()).then(put).commit().succeeded()).isFalse();
	}

	@Test
	void canLeadAgainWhenLeadershipWasLost() {
		// E4
		Leadership leading = lead(this.first, "1");
		KeepAlive lost = this.first.lease();
		etcd.cluster().etcdctl("lease", "revoke", lost.lease().toString());
		assertThat(leading.end()).succeedsWithin(TTL);
		await().atMost(SOON).until(() -> this.first.session().lease().filter((lease) -> lease != lost).isPresent());

		Leadership again = lead(this.first, "again");

		assertThat(again.fencingToken()).isGreaterThan(leading.fencingToken());
		assertThat(leaderValue()).isEqualTo("again");
	}

	@Test
	void leavesNoKeyWhenCampaignIsCancelled() {
		Leadership leading = lead(this.first, "1");
		CompletableFuture<Leadership> waiting = campaign(this.second, "2");
		awaitCandidates(2);

		waiting.cancel(true);

		awaitCandidates(1);
		assertThat(leaderValue()).isEqualTo("1");
		assertThat(leading.isHeld()).isTrue();
	}

	@Test
	void leavesNoKeyWhenCampaigningThreadIsInterrupted() {
		lead(this.first, "1");
		CompletableFuture<Object> end = new CompletableFuture<>();
		Thread campaigning = new Thread(() -> {
			try {
				end.complete(this.second.election(this.name).campaign(ByteSequence.of("2")));
			}
			catch (InterruptedException ex) {
				end.completeExceptionally(ex);
			}
		});
		campaigning.start();
		awaitCandidates(2);

		campaigning.interrupt();

		assertThat(end).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(InterruptedException.class);
		awaitCandidates(1);
	}

	@Test
	void throwsWhenLeaseIsLostWhileCampaigning() {
		lead(this.first, "1");
		CompletableFuture<Leadership> waiting = CompletableFuture.supplyAsync(() -> {
			try {
				return this.second.election(this.name).campaign(ByteSequence.of("2"));
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, this.threads);
		awaitCandidates(2);

		etcd.cluster().etcdctl("lease", "revoke", this.second.lease().lease().toString());

		assertThat(waiting).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(LeaseLostException.class);
	}

	@Test
	void throwsLeaseLostWhenLeaseWasRevokedAndNobodyNoticedYet() {
		try (Party unaware = Party.join(etcd.cluster(), Duration.ofMinutes(1))) {
			etcd.cluster().etcdctl("lease", "revoke", unaware.lease().lease().toString());

			assertThat(campaign(unaware, "1")).failsWithin(SOON)
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(LeaseLostException.class);
		}
	}

	@Test
	void refusesGuardedWriteWhenTokenIsOld() {
		// P5
		Leadership old = lead(this.first, "1");
		old.resignAsync().join();
		Leadership present = lead(this.second, "2");
		PutRequest put = PutRequest.of(this.keys.key("fenced"), ByteSequence.EMPTY);

		assertThat(this.first.client().kv().txn().when(old.guard()).then(put).commit().succeeded()).isFalse();
		assertThat(this.second.client().kv().txn().when(present.guard()).then(put).commit().succeeded()).isTrue();
	}

}
