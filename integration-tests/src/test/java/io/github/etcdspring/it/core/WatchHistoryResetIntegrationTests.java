/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Watches of a cluster that is put back to a backup (W9): etcd takes their places for
 * ones in the future, and tells nothing.
 */
@EachVersion
class WatchHistoryResetIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdCluster cluster;

	@AutoClose
	private final EtcdClient client;

	private final RecordingListener ending = new RecordingListener();

	private final RecordingListener relisting = new RecordingListener();

	WatchHistoryResetIntegrationTests(String version) {
		this.cluster = EtcdCluster.builder().version(version).start();
		this.client = EtcdClients.connect(this.cluster);
	}

	private long put(int number) {
		return this.client.kv().put(this.keys.name("k"), "" + number).revision();
	}

	private static Leadership campaign(Session session) {
		CompletableFuture<Leadership> campaign = LeaderElection.of(session, KeySpace.unique().name("election"))
			.campaignAsync(ByteSequence.of("me"));
		assertThat(campaign).succeedsWithin(SOON);
		return campaign.join();
	}

	@Test
	void w9NoticesThatTheClusterWasPutBackAndMissesNothingAfterIt() {
		put(1);
		MemberBackup backup = MemberBackup.of(this.cluster.member(0));
		this.client.watch().open(WatchRequest.of(this.keys.range()), this.ending);
		this.client.watch().open(WatchRequest.of(this.keys.range()).withRelist(), this.relisting);
		RangeCache cache = RangeCache.open(this.client, this.keys.range());
		Session session = Session.open(this.client, Duration.ofSeconds(60));
		Leadership leadership = campaign(session);
		long before = 0;
		for (int i = 2; i <= 31; i++) {
			before = put(i);
		}
		this.ending.awaitRevision(before, SOON);
		this.relisting.awaitRevision(before, SOON);

		backup.putBack();
		long restarted = System.nanoTime();
		await().atMost(SOON).until(() -> !this.relisting.snapshots().isEmpty());
		long noticed = System.nanoTime();
		long after = put(100);

		assertThat(after).isLessThan(before);
		assertThat(leadership.end()).succeedsWithin(SOON);
		assertThat(leadership.isHeld()).isFalse();
		session.close();
		this.ending.awaitClosed();
		long followed = before;
		assertThat(this.ending.cause()).get().isInstanceOfSatisfying(HistoryResetException.class, (end) -> {
			assertThat(end.followedRevision()).isEqualTo(followed);
			assertThat(end.revision()).isLessThan(after);
		});
		WatchBatch.Snapshot snapshot = this.relisting.snapshots().get(0);
		assertThat(snapshot.kvs()).singleElement().satisfies((kv) -> assertThat(kv.value().toUtf8()).isEqualTo("1"));
		await().atMost(SOON)
			.until(() -> this.relisting.events()
				.stream()
				.map(WatchEvent::revision)
				.skip(30)
				.toList()
				.equals(List.of(after)));
		await().atMost(SOON)
			.until(() -> cache.snapshot()
				.get(this.keys.key("k"))
				.filter((kv) -> kv.value().toUtf8().equals("100"))
				.isPresent());
		System.out.printf("history reset on etcd %s: noticed %d ms after the restart%n", this.cluster.version(),
				Duration.ofNanos(noticed - restarted).toMillis());
		assertThat(this.relisting.isClosed()).isFalse();
		cache.close();
	}

}
