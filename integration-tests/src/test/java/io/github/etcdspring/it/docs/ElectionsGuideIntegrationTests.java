/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.Candidate;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs {@link ElectionsGuide}.
 */
class ElectionsGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final Session session = Session.open(this.client, Duration.ofSeconds(15));

	@Test
	void leadsWritesAndIsFollowed() throws Exception {
		List<String> told = new CopyOnWriteArrayList<>();
		ElectionsGuide.follow(LeaderElection.of(this.session, "elections/billing"), new Recorder(told));
		await().until(() -> told.contains("nobody"));
		CompletableFuture<Void> stopped = new CompletableFuture<>();

		Leadership leadership = ElectionsGuide.lead(this.session, "me", () -> stopped.complete(null));
		ElectionsGuide.write(leadership,
				new TxnRequest(List.of(), List.of(PutRequest.of("billing/run", "1")), List.of()));

		assertThat(this.client.kv().get("billing/run").count()).isEqualTo(1);
		assertThat(leadership.resignAsync()).succeedsWithin(Duration.ofSeconds(10));
		assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
		await().untilAsserted(() -> assertThat(told).containsExactly("nobody", "me", "nobody"));
	}

	@Test
	void leadsOnAfterARestart() throws Exception {
		Session before = Session.open(this.client, Duration.ofSeconds(15));
		Leadership first = ElectionsGuide.lead(before, "before", () -> {
		});
		LeaseId left = before.orphan().orElseThrow();

		Leadership second = ElectionsGuide.leadOn(this.client, left, "after");

		assertThat(second.fencingToken()).isEqualTo(first.fencingToken());
		this.client.lease().revoke(left);
	}

	private record Recorder(List<String> told) implements Flow.Subscriber<Optional<Candidate>> {

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(Optional<Candidate> leader) {
			this.told.add(leader.map((candidate) -> candidate.value().toUtf8()).orElse("nobody"));
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
