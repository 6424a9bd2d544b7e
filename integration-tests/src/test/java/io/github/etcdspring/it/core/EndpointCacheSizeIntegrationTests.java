/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.naming.Endpoint;
import io.github.etcdspring.naming.EndpointCache;
import io.github.etcdspring.naming.EndpointChange;
import io.github.etcdspring.naming.EndpointUpdate;
import io.github.etcdspring.naming.Naming;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A service of ten thousand instances in one cache. What it weighs is asserted; how long
 * things take, which depends on the machine, is printed.
 */
class EndpointCacheSizeIntegrationTests {

	private static final int INSTANCES = 10_000;

	private static final int CHANGES = 300;

	private static final int PER_TRANSACTION = 100;

	private static final Duration SOON = Duration.ofSeconds(60);

	private static final double MEBI = 1024 * 1024;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient writer = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private final KeySpace keys = KeySpace.unique();

	private final BlockingQueue<EndpointChange> changes = new LinkedBlockingQueue<>();

	private static String address(int instance) {
		return "10.1." + instance / 250 + "." + instance % 250 + ":8080";
	}

	private static Endpoint endpoint(int instance, int version) {
		return Endpoint.of(address(instance))
			.withMetadata(Map.of("zone", "zone-" + instance % 3, "version", "1." + version));
	}

	private void register(Naming naming) {
		for (int from = 0; from < INSTANCES; from += PER_TRANSACTION) {
			naming.update(IntStream.range(from, from + PER_TRANSACTION)
				.mapToObj((instance) -> EndpointUpdate.add(address(instance), endpoint(instance, 0)))
				.toArray(EndpointUpdate[]::new));
		}
	}

	private EndpointChange nextChange() throws InterruptedException {
		EndpointChange change = this.changes.poll(SOON.toSeconds(), TimeUnit.SECONDS);
		assertThat(change).isNotNull();
		return change;
	}

	private void changeOneByOne(Naming naming, double[] written, double[] told) throws InterruptedException {
		for (int i = 0; i < CHANGES; i++) {
			long begun = System.nanoTime();
			naming.add(address(i), endpoint(i, 1));
			written[i] = (System.nanoTime() - begun) / 1e6;
			EndpointChange change = nextChange();
			told[i] = (System.nanoTime() - begun) / 1e6;
			assertThat(change.changed()).containsExactly(address(i));
		}
	}

	private static String percentiles(double[] millis) {
		Arrays.sort(millis);
		return "%.1f ms (p99 %.1f ms)".formatted(millis[CHANGES / 2], millis[CHANGES * 99 / 100]);
	}

	@Test
	@DisplayName("D6: 10,000 instances weigh 20 MB at most")
	void d6HoldsTenThousandInstances() throws InterruptedException {
		Naming naming = Naming.of(this.writer, this.keys.name("echo"));
		register(naming);
		// what a client weighs by itself is no part of it
		assertThat(Naming.of(this.client, this.keys.name("none")).list().endpoints()).isEmpty();
		long before = ProcessFigures.retainedHeap();

		long begun = System.nanoTime();
		try (EndpointCache cache = Naming.of(this.client, this.keys.name("echo")).cache(this.changes::add)) {
			assertThat(cache.ready()).succeedsWithin(SOON);
			Duration load = Duration.ofNanos(System.nanoTime() - begun);
			assertThat(cache.snapshot().endpoints()).hasSize(INSTANCES);
			assertThat(nextChange().added()).hasSize(INSTANCES);
			double held = (ProcessFigures.retainedHeap() - before) / MEBI;
			double[] written = new double[CHANGES];
			double[] told = new double[CHANGES];
			changeOneByOne(naming, written, told);

			System.out.printf("naming: %d instances read in %d ms, %.1f MiB; a change written in %s, told after %s%n",
					INSTANCES, load.toMillis(), held, percentiles(written), percentiles(told));
			assertThat(held).isPositive().isLessThan(20);
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(cache.snapshot().endpoints().get(address(CHANGES - 1)))
					.isEqualTo(endpoint(CHANGES - 1, 1)));
			assertThat(cache.snapshot().endpoints()).hasSize(INSTANCES);
		}
	}

}
