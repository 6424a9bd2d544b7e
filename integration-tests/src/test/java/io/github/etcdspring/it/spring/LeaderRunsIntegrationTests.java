/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.leader.Leader;
import io.github.etcdspring.boot.leader.LeaderElections;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.kv.PutRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When runs of guarded methods begin and end, and what they leave in etcd.
 */
class LeaderRunsIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final EtcdClient client;

	LeaderRunsIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(EtcdClientOptions.builder(cluster.endpoints()).build());
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void j1WritesOfLeadersNeverInterleaveWhenTheyAreGuarded(EtcdCluster cluster) {
		List<App> apps = new ArrayList<>();
		try {
			for (int i = 0; i < 2; i++) {
				apps.add(start(cluster, "fenced", FencedJob.class));
			}
			for (int i = 0; i < 4; i++) {
				long revision = this.client.kv().get("fenced/last").revision();
				Moments.soon().until(() -> countSince(revision) >= 5);
				apps.stream().filter(LeaderRunsIntegrationTests::leads).findFirst().ifPresent((leader) -> {
					leader.close();
					apps.remove(leader);
				});
				apps.add(start(cluster, "fenced", FencedJob.class));
			}
		}
		finally {
			apps.forEach(App::close);
		}

		List<KeyValue> runs = this.client.kv()
			.get(KeyRange.prefix("fenced/run/"))
			.kvs()
			.stream()
			.sorted((a, b) -> Long.compare(a.modRevision(), b.modRevision()))
			.toList();
		List<Long> tokens = runs.stream().map((run) -> Long.parseLong(run.value().toUtf8())).toList();
		System.out.println("fenced runs: " + runs.size() + " under " + tokens.stream().distinct().count() + " leaders");
		// in the order of etcd, the tokens never go back: no old leader wrote after a new
		// one
		assertThat(tokens).isSorted();
		assertThat(tokens.stream().distinct().count()).isGreaterThanOrEqualTo(4);
	}

	@Test
	void waitsForRunUnderWayBeforeItResigns(EtcdCluster cluster) {
		LongJob.reset();
		App one = start(cluster, "long", LongJob.class);
		Moments.awaitDown(LongJob.running);
		Events eventsOfOne = one.events();
		try (App two = start(cluster, "long", LongJob.class)) {
			CompletableFuture<Void> closing = CompletableFuture.runAsync(one::close);
			Moments.soon().until(() -> eventsOfOne.count(ContextClosedEvent.class) == 1);

			Moments.throughout(Duration.ofSeconds(1)).holds(() -> !leads(two, "long") && !closing.isDone());
			assertThat(LongJob.overlaps).isZero();
			LongJob.mayEnd.countDown();

			Duration took = Moments.timed(() -> Moments.within(Duration.ofSeconds(1)).until(() -> leads(two, "long")));
			System.out.println("leadership handed over after the run's end: " + took.toMillis() + " ms");
			closing.join();
			Moments.soon().until(() -> LongJob.runs >= 2);
			assertThat(LongJob.overlaps).isZero();
		}
		finally {
			LongJob.mayEnd.countDown();
			one.close();
		}
	}

	@Test
	void givesRoleUpWhenRunDoesNotEndInTime(EtcdCluster cluster) {
		LongJob.reset();
		App app = App.of(cluster, "patience")
			.set("etcd.leader.ttl", "3s")
			.set("spring.lifecycle.timeout-per-shutdown-phase", "1s")
			.with(LongJob.class)
			.start();
		Moments.awaitDown(LongJob.running);

		CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);

		Moments.within(Duration.ofSeconds(4)).until(() -> candidates("leaders/patience/").isEmpty());
		LongJob.mayEnd.countDown();
		closing.join();
	}

	@Test
	void campaignsOnlyWhenReady(EtcdCluster cluster) {
		LongJob.reset();
		CompletableFuture<App> starting = SlowRunner
			.startUntilItRuns(() -> start(cluster, "starting", LongJob.class, SlowRunner.class));
		try {
			Moments.throughout(Duration.ofMillis(700)).holds(() -> candidates("leaders/starting/").isEmpty());
		}
		finally {
			SlowRunner.letItEnd();
		}

		try (App app = starting.join()) {
			Moments.soon().until(() -> leads(app, "long"));
			LongJob.mayEnd.countDown();
		}
	}

	private static App start(EtcdCluster cluster, String name, Class<?>... beans) {
		return App.of(cluster, name).set("etcd.leader.ttl", "3s").with(beans).start();
	}

	private static boolean leads(App app) {
		return leads(app, "fenced");
	}

	private static boolean leads(App app, String role) {
		return app.bean(LeaderElections.class).isLeader(role);
	}

	private List<KeyValue> candidates(String prefix) {
		return this.client.kv().get(KeyRange.prefix(prefix)).kvs();
	}

	private long countSince(long revision) {
		return this.client.kv()
			.get(KeyRange.prefix("fenced/run/"))
			.kvs()
			.stream()
			.filter((run) -> run.modRevision() > revision)
			.count();
	}

	/** Writes the token of each run, under the guard of its leadership. */
	@EnableScheduling
	static class FencedJob {

		private final EtcdClient client;

		private final LeaderElections elections;

		FencedJob(EtcdClient client, LeaderElections elections) {
			this.client = client;
			this.elections = elections;
		}

		@Scheduled(fixedDelay = 20)
		@Leader("fenced")
		void run() {
			this.elections.leadership("fenced")
				.ifPresent((leadership) -> this.client.kv()
					.txn()
					.when(leadership.guard())
					.then(PutRequest.of("fenced/run/" + System.nanoTime(), Long.toString(leadership.fencingToken())))
					.commit());
		}

	}

	/** Does not end before it may, whatever instance runs it. */
	@EnableScheduling
	static class LongJob {

		private static volatile CountDownLatch running = new CountDownLatch(1);

		private static volatile CountDownLatch mayEnd = new CountDownLatch(1);

		private static volatile int runs;

		private static volatile int underWay;

		private static volatile int overlaps;

		static void reset() {
			running = new CountDownLatch(1);
			mayEnd = new CountDownLatch(1);
			runs = 0;
			overlaps = 0;
		}

		@Scheduled(fixedDelay = 20)
		@Leader("long")
		void run() {
			begin();
			running.countDown();
			try {
				Moments.awaitDown(mayEnd);
			}
			finally {
				end();
			}
		}

		private static synchronized void begin() {
			runs++;
			overlaps += underWay++;
		}

		private static synchronized void end() {
			underWay--;
		}

	}

}
