/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.Party;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.service.CampaignRequest;
import io.github.etcdspring.service.CampaignResult;
import io.github.etcdspring.service.ElectionService;
import io.github.etcdspring.service.LeaderKey;
import io.github.etcdspring.service.LeaderResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Elections that the server runs, in which this client's own elections and etcdctl take
 * part too.
 */
@Contract
class ElectionServiceContractIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("election");

	@AutoClose
	private final EtcdClient client;

	private final ElectionService elections;

	ElectionServiceContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
		this.elections = this.client.electionService();
	}

	private LeaseId lease() {
		return this.client.lease().grant(Duration.ofSeconds(60)).id();
	}

	private CampaignRequest request(LeaseId lease, String value, Duration timeout) {
		return CampaignRequest.of(this.name, lease, value, timeout);
	}

	private LeaderKey lead(LeaseId lease, String value) {
		return this.elections.campaign(request(lease, value, SOON)).leader();
	}

	private CompletableFuture<CampaignResult> campaign(String value) {
		return this.elections.campaignAsync(request(lease(), value, Duration.ofMinutes(1)));
	}

	private LeaderResult leader() {
		return this.elections.leader(ByteSequence.of(this.name));
	}

	private String leaderValue() {
		return leader().kv().value().toUtf8();
	}

	private void awaitCandidates(int number) {
		await().atMost(SOON)
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> candidates() == number);
	}

	private long candidates() {
		return this.client.kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	/**
	 * Where authentication is on, etcd does not manage to withdraw a campaign that was
	 * given up: that is left to the end of its lease.
	 */
	private void awaitNoCandidate(LeaseId lease) {
		if (this.server.kind().auth()) {
			await().during(Duration.ofMillis(300)).until(() -> candidates() == 2);
			this.client.lease().revoke(lease);
		}
		awaitCandidates(1);
	}

	private void assertNobodyLeads() {
		assertThatExceptionOfType(EtcdException.class).isThrownBy(this::leader)
			.satisfies((ex) -> assertThat(ex.error()).contains(EtcdError.ELECTION_NO_LEADER));
	}

	@Test
	void leadsUntilItResigns() {
		LeaseId lease = lease();

		LeaderKey leader = lead(lease, "a");

		assertThat(leader.name().toUtf8()).isEqualTo(this.name);
		assertThat(leader.key().toUtf8()).isEqualTo(this.name + "/" + lease);
		assertThat(leader.lease()).isEqualTo(lease);
		assertThat(leader().kv().key()).isEqualTo(leader.key());
		assertThat(leader().kv().createRevision()).isEqualTo(leader.revision());
		assertThat(leaderValue()).isEqualTo("a");
		this.elections.resign(leader);
		assertNobodyLeads();
	}

	@Test
	void changesValueWhileItLeads() {
		LeaderKey leader = lead(lease(), "a");

		this.elections.proclaim(leader, ByteSequence.of("b"));

		assertThat(leaderValue()).isEqualTo("b");
		assertThat(leader().kv().createRevision()).isEqualTo(leader.revision());
	}

	@Test
	void refusesProclamationWhenLeadershipIsOver() {
		LeaderKey leader = lead(lease(), "a");
		this.elections.resign(leader);

		assertThatExceptionOfType(EtcdException.class)
			.isThrownBy(() -> this.elections.proclaim(leader, ByteSequence.of("b")))
			.satisfies((ex) -> assertThat(ex.error()).contains(EtcdError.ELECTION_NOT_LEADER));
		assertNobodyLeads();
	}

	@Test
	void leavesNextLeaderAloneWhenFormerOneResignsAgain() {
		LeaderKey former = lead(lease(), "a");
		this.elections.resign(former);
		lead(lease(), "b");

		this.elections.resign(former);

		assertThat(leaderValue()).isEqualTo("b");
	}

	@Test
	void waitsUntilLeaderResigns() {
		LeaderKey leader = lead(lease(), "a");
		CompletableFuture<CampaignResult> waiting = campaign("b");
		awaitCandidates(2);
		assertThat(waiting).isNotDone();

		this.elections.resign(leader);

		assertThat(waiting).succeedsWithin(SOON);
		assertThat(leaderValue()).isEqualTo("b");
		assertThat(waiting.join().leader().revision()).isGreaterThan(leader.revision());
	}

	@Test
	void isNotLeaderLaterWhenTimeIsUp() {
		LeaderKey leader = lead(lease(), "a");
		LeaseId lease = lease();

		assertThatExceptionOfType(EtcdTimeoutException.class)
			.isThrownBy(() -> this.elections.campaign(request(lease, "b", Duration.ofMillis(300))))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.UNKNOWN));

		awaitNoCandidate(lease);
		this.elections.resign(leader);
		assertNobodyLeads();
	}

	@Test
	void isNotLeaderLaterWhenCancelled() {
		LeaderKey leader = lead(lease(), "a");
		LeaseId lease = lease();
		CompletableFuture<CampaignResult> waiting = this.elections
			.campaignAsync(request(lease, "b", Duration.ofMinutes(1)));
		awaitCandidates(2);

		waiting.cancel(true);

		awaitNoCandidate(lease);
		this.elections.resign(leader);
		assertNobodyLeads();
	}

	@Test
	void leadsOnWithNewValueWhenLeaseLeadsAlready() {
		LeaseId lease = lease();
		LeaderKey first = lead(lease, "a");

		LeaderKey second = lead(lease, "b");

		assertThat(second).isEqualTo(first);
		assertThat(leaderValue()).isEqualTo("b");
	}

	@Test
	void refusesWhenLeaseIsUnknown() {
		assertThatExceptionOfType(LeaseNotFoundException.class).isThrownBy(() -> lead(new LeaseId(4711), "a"));
		assertNobodyLeads();
	}

	@Test
	void leadsUnderLeaseOfServerWhenNoneIsGiven() {
		LeaderKey leader = lead(LeaseId.NONE, "a");

		assertThat(this.client.lease().timeToLive(leader.lease()).granted()).isEqualTo(Duration.ofSeconds(60));
		this.elections.resign(leader);
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		CompletableFuture<LeaderResult> found = campaign("a").thenApply(CampaignResult::leader)
			.thenCompose((leader) -> this.elections.proclaimAsync(leader, ByteSequence.of("b"))
				.thenCompose((proclaimed) -> this.elections.leaderAsync(leader.name()))
				.thenCompose((shown) -> this.elections.resignAsync(leader).thenApply((resigned) -> shown)));

		assertThat(found).succeedsWithin(SOON)
			.satisfies((shown) -> assertThat(shown.kv().value().toUtf8()).isEqualTo("b"));
		assertNobodyLeads();
	}

	@Test
	void observesLeadersAndTheirValues() {
		BlockingQueue<String> seen = new LinkedBlockingQueue<>();
		Observer observer = new Observer(seen);
		this.elections.observe(ByteSequence.of(this.name)).subscribe(observer);

		LeaderKey first = lead(lease(), "a");
		assertThat(next(seen)).isEqualTo("a");
		this.elections.proclaim(first, ByteSequence.of("b"));
		assertThat(next(seen)).isEqualTo("b");
		this.elections.resign(first);
		try (EtcdctlProcess etcdctl = this.server.startEtcdctl("elect", this.name, "etcdctl")) {
			assertThat(next(seen)).isEqualTo("etcdctl");
			assertThat(etcdctl.isAlive()).isTrue();
		}
		observer.cancel();
	}

	private static @Nullable String next(BlockingQueue<String> seen) {
		try {
			return seen.poll(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void makesEtcdctlWaitWhileItLeads() {
		LeaderKey leader = lead(lease(), "java");
		try (EtcdctlProcess etcdctl = this.server.startEtcdctl("elect", this.name, "etcdctl");
				EtcdctlProcess listening = this.server.startEtcdctl("elect", "-l", this.name)) {
			assertThat(listening.awaitOutput("java", SOON)).isEqualTo("java");
			awaitCandidates(2);
			assertThat(etcdctl.output()).isEmpty();

			this.elections.resign(leader);

			etcdctl.awaitOutput("etcdctl", SOON);
			assertThat(leaderValue()).isEqualTo("etcdctl");
		}
	}

	@Test
	void waitsWhileEtcdctlLeads() {
		try (EtcdctlProcess etcdctl = this.server.startEtcdctl("elect", this.name, "etcdctl")) {
			etcdctl.awaitOutput("etcdctl", SOON);
			CompletableFuture<CampaignResult> waiting = campaign("java");
			awaitCandidates(2);
			assertThat(waiting).isNotDone();

			etcdctl.interrupt();

			assertThat(waiting).succeedsWithin(SOON);
		}
	}

	@Test
	void takesPartInElectionsOfThisClient() {
		try (Party party = this.server.join(SOON)) {
			Leadership leading = party.election(this.name)
				.campaignAsync(ByteSequence.of("own"))
				.orTimeout(10, TimeUnit.SECONDS)
				.join();
			CompletableFuture<CampaignResult> waiting = campaign("service");
			awaitCandidates(2);
			assertThat(leaderValue()).isEqualTo("own");

			leading.resignAsync();

			assertThat(waiting).succeedsWithin(SOON);
			assertThat(waiting.join().leader().revision()).isGreaterThan(leading.fencingToken());
		}
	}

	/** Collects values, or the failure. */
	private static final class Observer implements Flow.Subscriber<LeaderResult> {

		private final Queue<String> seen;

		private volatile Flow.@Nullable Subscription subscription;

		Observer(Queue<String> seen) {
			this.seen = seen;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(LeaderResult leader) {
			this.seen.add(leader.kv().value().toUtf8());
		}

		@Override
		public void onError(Throwable failure) {
			this.seen.add(failure.toString());
		}

		@Override
		public void onComplete() {
			this.seen.add("completed");
		}

		void cancel() {
			Objects.requireNonNull(this.subscription).cancel();
		}

	}

}
