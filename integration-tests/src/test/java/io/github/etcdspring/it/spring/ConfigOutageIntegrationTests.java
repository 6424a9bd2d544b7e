/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.boot.config.EtcdConfigChangedEvent;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.it.core.NoClientLeft;
import io.github.etcdspring.kv.CompactRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;
import org.springframework.cloud.context.refresh.ContextRefresher;
import org.springframework.cloud.context.scope.refresh.RefreshScopeRefreshedEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How an application keeps and follows its configuration while etcd fails.
 */
class ConfigOutageIntegrationTests {

	private static final Duration AFTER_OUTAGE = Duration.ofSeconds(5);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final EtcdClient client;

	ConfigOutageIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(EtcdClientOptions.builder(cluster.endpoints()).build());
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void g8KeepsValuesThroughOutageAndFollowsRightAfter(EtcdCluster cluster) {
		put("config/outage/demo.text", "old");
		try (App app = start(cluster, "outage")) {
			cluster.kill();
			Moments.throughout(Duration.ofSeconds(10))
				.holds(() -> "old".equals(app.property("demo.text"))
						&& app.bean(Settings.Scoped.class).text().equals("old") && refreshes(app) == 0);

			cluster.restart();
			put("config/outage/demo.text", "new");

			Duration took = Moments.timed(() -> awaitText(app, "new", AFTER_OUTAGE));
			System.out.println("refresh after an outage of 10 s: " + took.toMillis() + " ms");
			Moments.soon().until(() -> refreshes(app) == 1);
		}
	}

	@Test
	void g2FollowsWhenLeaderDies(EtcdCluster cluster) {
		put("config/leader/demo.text", "old");
		try (App app = start(cluster, "leader")) {
			cluster.leader().kill();
			assertThat(cluster.leader().isRunning()).isTrue();
			put("config/leader/demo.text", "new");

			Duration took = Moments.timed(() -> awaitText(app, "new", Duration.ofSeconds(3)));
			System.out.println("refresh after the leader's death: " + took.toMillis() + " ms");
		}
	}

	@Test
	void g5FindsChangeBehindCompaction(EtcdCluster cluster) {
		EtcdMember only = cluster.member(0);
		put("config/compacted/demo.text", "old");
		try (App app = start(only.endpoint(), "compacted")) {
			only.kill();
			try (EtcdClient others = others(cluster)) {
				others.kv().put("config/compacted/demo.text", "new");
				compact(others);
			}
			only.restart();

			awaitText(app, "new", AFTER_OUTAGE);

			Moments.soon().until(() -> refreshes(app) == 1);
			Moments.throughout(Duration.ofMillis(500)).holds(() -> refreshes(app) == 1);
		}
	}

	@Test
	void g5DoesNotRefreshAfterCompactionWhenNothingChanged(EtcdCluster cluster) {
		EtcdMember only = cluster.member(0);
		put("config/unchanged/demo.text", "old");
		try (App app = start(only.endpoint(), "unchanged")) {
			only.kill();
			try (EtcdClient others = others(cluster)) {
				others.kv().put("config/unchanged/demo.text", "old");
				compact(others);
			}
			only.restart();
			put("config/unchanged/demo.number", "3");

			Moments.within(AFTER_OUTAGE).until(() -> app.bean(Settings.JavaBean.class).getNumber() == 3);

			Moments.soon().until(() -> refreshes(app) == 1);
			Moments.throughout(Duration.ofMillis(500)).holds(() -> refreshes(app) == 1);
			assertThat(app.events().of(EtcdConfigChangedEvent.class).get(0).names()).containsExactly("demo.number");
		}
	}

	@RepeatedTest(4)
	void g6LosesNoChangeWhileItStarts(EtcdCluster cluster) {
		AtomicBoolean done = new AtomicBoolean();
		CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
			while (!done.get()) {
				put("config/start/demo.number", Integer.toString(TakesItsTime.written.incrementAndGet()));
			}
		});
		try (App app = App.of(cluster, "start").importing("etcd:").with(Settings.class, TakesItsTime.class).start()) {
			done.set(true);
			writer.join();

			Moments.within(Duration.ofSeconds(2))
				.until(() -> app.bean(Settings.JavaBean.class).getNumber() == TakesItsTime.written.get());
		}
		finally {
			done.set(true);
		}
	}

	@Test
	void g7StartsWithoutOptionalImportAndFollowsWhenEtcdComes(EtcdCluster cluster) {
		put("config/later/demo.text", "etcd");
		cluster.kill();
		try (App app = App.of(cluster, "later")
			.importing("optional:etcd:")
			.set("etcd.config.startup-timeout", "500ms")
			.with(Settings.class)
			.start()) {
			assertThat(app.bean(Settings.Scoped.class).text()).isEqualTo("default");

			cluster.restart();

			Duration took = Moments.timed(() -> awaitText(app, "etcd", AFTER_OUTAGE));
			System.out.println("first values after etcd started: " + took.toMillis() + " ms");
			Moments.soon().until(() -> refreshes(app) == 1);

			put("config/later/demo.text", "changed");
			awaitText(app, "changed", Duration.ofSeconds(1));
		}
	}

	@Test
	void p8FollowsSoonAfterALongOutageBeforeTheFirstRead(EtcdCluster cluster) {
		put("config/long/demo.text", "there");
		cluster.kill();
		try (App app = App.of(cluster, "long")
			.importing("optional:etcd:")
			.set("etcd.config.startup-timeout", "500ms")
			.set("etcd.request-timeout", "500ms")
			.with(Settings.class)
			.start()) {
			// pauses between reads have grown to their longest by then
			Moments.throughout(Duration.ofSeconds(12)).holds(() -> app.context().isRunning());

			cluster.restart();

			awaitText(app, "there", AFTER_OUTAGE);
		}
	}

	@Test
	void refreshesOfSpringCloudAreServedFromMemory(EtcdCluster cluster) {
		put("config/refresher/demo.text", "old");
		try (App app = start(cluster, "refresher")) {
			put("config/refresher/demo.text", "live");
			awaitText(app, "live", Duration.ofSeconds(2));
			Moments.soon().until(() -> refreshes(app) == 1);
			Set<String> clients = NoClientLeft.clients();
			cluster.pause();

			Duration took = Moments.timed(() -> app.bean(ContextRefresher.class).refresh());

			assertThat(app.bean(Settings.Scoped.class).text()).isEqualTo("live");
			assertThat(app.property("demo.text")).isEqualTo("live");
			assertThat(NoClientLeft.clients()).isEqualTo(clients);
			System.out.println("refresh of Spring Cloud while etcd is paused: " + took.toMillis() + " ms");

			cluster.resume();
			put("config/refresher/demo.text", "new");
			awaitText(app, "new", AFTER_OUTAGE);
			Moments.soon().until(() -> refreshes(app) == 2);
			Moments.soon().until(() -> app.events().count(RefreshScopeRefreshedEvent.class) == 3);
		}
	}

	@Test
	void p9ClosesInTimeWhenEtcdIsGone(EtcdCluster cluster) {
		Set<String> before = NoClientLeft.clients();
		put("config/gone/demo.text", "old");
		App app = start(cluster, "gone");
		cluster.pause();

		Duration took = Moments.timed(() -> SpringApplication.exit(app.context()));

		System.out.println("close while etcd is paused: " + took.toMillis() + " ms");
		assertThat(took).isLessThan(Duration.ofSeconds(6));
		Moments.within(Duration.ofSeconds(2)).until(() -> NoClientLeft.clients().equals(before));
	}

	private void put(String key, String value) {
		this.client.kv().put(key, value);
	}

	/** A client of those that are left when the first member is gone. */
	private static EtcdClient others(EtcdCluster cluster) {
		assertThat(cluster.leader()).isNotEqualTo(cluster.member(0));
		return EtcdClient.create(cluster.endpoints().get(1), cluster.endpoints().get(2));
	}

	private static void compact(EtcdClient client) {
		long revision = client.kv().put("elsewhere", "1").revision();
		client.kv().compact(CompactRequest.of(revision).withPhysical());
	}

	private static App start(EtcdCluster cluster, String name) {
		return start(String.join(",", cluster.endpoints()), name);
	}

	private static App start(String endpoints, String name) {
		return App.of(endpoints, name).importing("etcd:").with(Settings.class).start();
	}

	private static int refreshes(App app) {
		return app.events().count(EtcdConfigChangedEvent.class);
	}

	private static void awaitText(App app, String text, Duration time) {
		Moments.within(time)
			.until(() -> app.bean(Settings.Scoped.class).text().equals(text)
					&& app.bean(Settings.JavaBean.class).getText().equals(text));
	}

	/** Is not made before some writes have come after the import. */
	static class TakesItsTime {

		private static final AtomicInteger written = new AtomicInteger();

		TakesItsTime() {
			int atImport = written.get();
			Moments.soon().until(() -> written.get() > atImport + 20);
		}

	}

}
