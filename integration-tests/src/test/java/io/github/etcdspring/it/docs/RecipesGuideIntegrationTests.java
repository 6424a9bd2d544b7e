/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.recipes.EtcdQueue;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@link RecipesGuide}.
 */
class RecipesGuideIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final Session session = Session.open(this.client, SOON);

	@AutoClose("shutdownNow")
	private final ExecutorService threads = Executors.newCachedThreadPool();

	@Test
	void readsWhatWasWritten() throws InterruptedException {
		assertThat(RecipesGuide.rename(this.client, this.session, "spring")).isTrue();

		assertThat(RecipesGuide.read(this.client, this.session)).contains("spring");
	}

	@Test
	void runsUnderAPermit() throws InterruptedException {
		AtomicInteger runs = new AtomicInteger();

		assertThat(RecipesGuide.convert(this.session, runs::incrementAndGet)).isTrue();

		assertThat(runs).hasValue(1);
	}

	@Test
	void takesElementsInTheirOrder() throws InterruptedException {
		EtcdQueue.of(this.client, "jobs").enqueue(ByteSequence.of("job 1"));

		assertThat(RecipesGuide.nextJob(this.client, (failure) -> {
		})).contains("job 1");
		assertThat(RecipesGuide.urgentFirst(this.client).value().toUtf8()).isEqualTo("password reset");
	}

	@Test
	void passesBarriers() throws InterruptedException {
		AtomicInteger runs = new AtomicInteger();
		assertThat(RecipesGuide.migrate(this.client, runs::incrementAndGet)).isTrue();
		assertThat(runs).hasValue(1);

		List<Integer> left = new ArrayList<>();
		RecipesGuide.awaitWarm(this.client, 2, () -> {
			left.add(RecipesGuide.warmedUp(this.client, "a"));
			left.add(RecipesGuide.warmedUp(this.client, "b"));
		});
		assertThat(left).containsExactly(1, 0);
	}

	@Test
	void goesInStep() {
		AtomicInteger steps = new AtomicInteger();
		CompletableFuture<Boolean> first = CompletableFuture.supplyAsync(() -> inStep(steps), this.threads);
		CompletableFuture<Boolean> second = CompletableFuture.supplyAsync(() -> inStep(steps), this.threads);

		assertThat(first).succeedsWithin(SOON).isEqualTo(true);
		assertThat(second).succeedsWithin(SOON).isEqualTo(true);
		assertThat(steps).hasValue(2);
	}

	private boolean inStep(AtomicInteger steps) {
		try {
			return RecipesGuide.inStep(this.session, steps::incrementAndGet);
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

}
