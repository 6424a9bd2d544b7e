/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.boot.config.EtcdConfigChangedEvent;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.context.config.annotation.RefreshScope;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.scope.refresh.RefreshScopeRefreshedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How an application follows changes of its configuration while etcd is well.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConfigRefreshIntegrationTests {

	private static final Duration PROMISED = Duration.ofSeconds(1);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final EtcdClient client;

	ConfigRefreshIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(cluster.endpoints().get(0));
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void g2FollowsPutWithOneRefresh(EtcdCluster cluster) {
		this.client.kv().put("config/put/demo.text", "old");
		try (App app = start(cluster, "put")) {
			long revision = this.client.kv().put("config/put/demo.text", "new").revision();

			Duration took = Moments.timed(() -> awaitText(app, "new", PROMISED));

			System.out.println("refresh after put: " + took.toMillis() + " ms");
			assertThat(app.bean(Settings.JavaBean.class).getText()).isEqualTo("new");
			assertThat(app.property("demo.text")).isEqualTo("new");
			assertOneRefresh(app);
			EtcdConfigChangedEvent event = app.events().of(EtcdConfigChangedEvent.class).get(0);
			assertThat(event.names()).containsExactly("demo.text");
			assertThat(event.revision()).isGreaterThanOrEqualTo(revision);
		}
	}

	@Test
	void g4ShowsDefaultAgainAfterDelete(EtcdCluster cluster) {
		this.client.kv().put("config/del/demo.text", "old");
		this.client.kv().put("config/del/demo.number", "5");
		try (App app = start(cluster, "del")) {
			this.client.kv().delete("config/del/demo.text");

			awaitText(app, "default", PROMISED);

			assertThat(app.bean(Settings.JavaBean.class).getText()).isEqualTo("default");
			assertThat(app.bean(Settings.JavaBean.class).getNumber()).isEqualTo(5);
			assertOneRefresh(app);
		}
	}

	@Test
	void g4FollowsContextThatHadNoKeys(EtcdCluster cluster) {
		try (App app = start(cluster, "appears")) {
			this.client.kv().put("config/appears/demo.text", "new");

			awaitText(app, "new", PROMISED);

			assertOneRefresh(app);
		}
	}

	@Test
	void showsSharedValueWhenOwnOneIsDeleted(EtcdCluster cluster) {
		this.client.kv().put("config/application/demo.text", "shared");
		this.client.kv().put("config/override/demo.text", "own");
		try (App app = start(cluster, "override")) {
			this.client.kv().delete("config/override/demo.text");

			awaitText(app, "shared", PROMISED);
		}
		this.client.kv().delete("config/application/demo.text");
	}

	@Test
	void g5DoesNotRefreshWhenValueIsTheSame(EtcdCluster cluster) {
		this.client.kv().put("config/equal/demo.text", "same");
		try (App app = start(cluster, "equal")) {
			this.client.kv().put("config/equal/demo.text", "same");
			this.client.kv().put("config/equal/demo.number", "1");

			Moments.soon().until(() -> app.bean(Settings.JavaBean.class).getNumber() == 1);

			assertOneRefresh(app);
			assertThat(app.events().of(EtcdConfigChangedEvent.class).get(0).names()).containsExactly("demo.number");
		}
	}

	@Test
	void g5DoesNotRefreshWhenChangeIsTakenBackAtOnce(EtcdCluster cluster) {
		this.client.kv().put("config/back/demo.text", "same");
		try (App app = App.of(cluster, "back")
			.importing("etcd:")
			.set("etcd.config.watch.debounce", "2s")
			.set("etcd.config.watch.max-delay", "10s")
			.with(Settings.class)
			.start()) {
			this.client.kv().put("config/back/demo.text", "other");
			this.client.kv().put("config/back/demo.text", "same");
			this.client.kv().put("config/back/demo.number", "1");

			Moments.soon().until(() -> app.bean(Settings.JavaBean.class).getNumber() == 1);

			assertOneRefresh(app);
			assertThat(app.events().of(EtcdConfigChangedEvent.class).get(0).names()).containsExactly("demo.number");
		}
	}

	@Test
	void g5RefreshesRarelyDuringBurst(EtcdCluster cluster) {
		try (App app = start(cluster, "burst")) {
			List<CompletableFuture<?>> puts = new ArrayList<>();
			Duration took = Moments.timed(() -> {
				for (int i = 0; i < 200; i++) {
					puts.add(this.client.kv().putAsync("config/burst/key" + i, Integer.toString(i)));
				}
				CompletableFuture.allOf(puts.toArray(CompletableFuture<?>[]::new)).join();
				this.client.kv().put("config/burst/demo.text", "last");
			});

			awaitText(app, "last", PROMISED.plus(took));

			for (int i = 0; i < 200; i++) {
				assertThat(app.property("key" + i)).isEqualTo(Integer.toString(i));
			}
			// told after the values can be seen
			Moments.soon().until(() -> app.events().count(RefreshScopeRefreshedEvent.class) >= 1);
			assertThat(app.events().count(RefreshScopeRefreshedEvent.class))
				.isLessThanOrEqualTo(2 + (int) (took.toMillis() / 100));
		}
	}

	@Test
	void g1NeverShowsHalfOfTransactionOverTwoContexts(EtcdCluster cluster) {
		writeBoth(0);
		try (App app = App.of(cluster, "atomic")
			.importing("etcd:")
			.set("etcd.config.watch.debounce", "1ms")
			.set("etcd.config.watch.max-delay", "5ms")
			.with(ListenerThatReads.class)
			.start()) {
			List<String> seen = app.bean(ListenerThatReads.class).seen;
			CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> {
				int written = 0;
				while (written < 500 || seen.size() <= 20) {
					writeBoth(++written);
				}
				return written;
			});
			int checked = 0;
			while (!writer.isDone() || checked == 0) {
				String before = app.property("demo.first");
				String second = app.property("demo.second");
				if (String.valueOf(before).equals(app.property("demo.first"))) {
					// the first has not changed meanwhile: the second is of the same
					// revision
					assertThat(second).isEqualTo(before);
					checked++;
				}
			}
			String last = String.valueOf(writer.join());

			Moments.soon().until(() -> last.equals(app.property("demo.second")));
			System.out.println("transactions over two contexts: " + seen.size() + " refreshes, " + checked + " reads");
			assertThat(seen).hasSizeGreaterThan(20)
				.doesNotHaveDuplicates()
				.allMatch((both) -> both.matches("(\\d+)=\\1"));
		}
	}

	@Test
	void g3KeepsOldValuesEverywhereWhenBeanDoesNotTakeNewOnes(EtcdCluster cluster, CapturedOutput output) {
		this.client.kv().put("config/bad/demo.text", "old");
		this.client.kv().put("config/bad/demo.number", "1");
		try (App app = start(cluster, "bad")) {
			this.client.kv()
				.txn()
				.then(PutRequest.of("config/bad/demo.text", "new"), PutRequest.of("config/bad/demo.number", "many"))
				.commit();

			Moments.soon().until(() -> output.toString().contains("is refused"));
			Moments.soon().until(() -> app.bean(Settings.JavaBean.class).getNumber() == 1);
			assertThat(app.property("demo.text")).isEqualTo("old");
			assertThat(app.property("demo.number")).isEqualTo("1");
			assertThat(app.bean(Settings.JavaBean.class).getText()).isEqualTo("old");
			assertThat(app.bean(Settings.Scoped.class).text()).isEqualTo("old");
			assertThat(app.events().count(EtcdConfigChangedEvent.class)).isZero();

			this.client.kv().put("config/bad/demo.number", "2");

			awaitText(app, "new", PROMISED);
			assertThat(app.bean(Settings.JavaBean.class).getNumber()).isEqualTo(2);
			Moments.soon().until(() -> app.events().count(EtcdConfigChangedEvent.class) == 1);
		}
	}

	@Test
	void g3p10KeepsOldValueWhenBeanInRefreshScopeDoesNotTakeTheNewOneAndLogsNoValue(EtcdCluster cluster,
			CapturedOutput output) {
		this.client.kv().put("config/badscope/demo.count", "1");
		try (App app = App.of(cluster, "badscope").importing("etcd:").with(ScopedCount.class).start()) {
			long revision = this.client.kv().put("config/badscope/demo.count", "S3CR3T").revision();

			Moments.soon().until(() -> output.toString().contains("is refused"));
			Moments.soon().until(() -> "1".equals(app.property("demo.count")));
			assertThat(app.bean(Settings.Scoped.class).text()).isEqualTo("count 1");
			assertThat(output)
				.contains("changed were [demo.count] by [etcd key 'config/badscope/demo.count' at revision " + revision
						+ "]")
				.contains("of bean 'scopedTarget.count'")
				.contains("NumberFormatException");
			assertThat(app.events().count(EtcdConfigChangedEvent.class)).isZero();

			this.client.kv().put("config/badscope/demo.count", "2");

			Moments.within(PROMISED).until(() -> app.bean(Settings.Scoped.class).text().equals("count 2"));
		}
		assertThat(output).doesNotContain("S3CR3T");
	}

	@Test
	void g3FollowsOnWhenBeanThrowsError(EtcdCluster cluster, CapturedOutput output) {
		this.client.kv().put("config/error/demo.text", "old");
		try (App app = App.of(cluster, "error")
			.importing("etcd:")
			.with(Settings.class, ListenerWithError.class)
			.start()) {
			this.client.kv().put("config/error/demo.text", "one");
			Moments.soon().until(() -> output.toString().contains("is refused"));
			Moments.soon().until(() -> "old".equals(app.property("demo.text")));
			awaitText(app, "old", PROMISED);

			this.client.kv().put("config/error/demo.text", "two");

			awaitText(app, "two", PROMISED);
		}
	}

	@Test
	void followsOnWhenListenerFails(EtcdCluster cluster) {
		try (App app = App.of(cluster, "failing")
			.importing("etcd:")
			.with(Settings.class, FailingListener.class)
			.start()) {
			this.client.kv().put("config/failing/demo.text", "one");
			awaitText(app, "one", PROMISED);

			this.client.kv().put("config/failing/demo.text", "two");

			awaitText(app, "two", PROMISED);
		}
	}

	@Test
	void doesNotFollowWhenSwitchedOff(EtcdCluster cluster) {
		this.client.kv().put("config/still/demo.text", "old");
		try (App app = App.of(cluster, "still")
			.importing("etcd:")
			.set("etcd.config.watch.enabled", "false")
			.with(Settings.class)
			.start()) {
			this.client.kv().put("config/still/demo.text", "new");

			Moments.throughout(Duration.ofMillis(700)).holds(() -> "old".equals(app.property("demo.text")));
		}
	}

	@Test
	void publishesEventWithoutRefreshScope(EtcdCluster cluster) {
		try (App app = App.of(cluster, "noscope")
			.importing("etcd:")
			.set("spring.cloud.refresh.enabled", "false")
			.start()) {
			this.client.kv().put("config/noscope/demo.text", "new");

			Moments.within(PROMISED).until(() -> app.events().count(EtcdConfigChangedEvent.class) == 1);
			assertThat(app.property("demo.text")).isEqualTo("new");
		}
	}

	private static App start(EtcdCluster cluster, String name) {
		return App.of(cluster, name).importing("etcd:").with(Settings.class).start();
	}

	private static void awaitText(App app, String text, Duration time) {
		Moments.within(time)
			.until(() -> app.bean(Settings.Scoped.class).text().equals(text)
					&& app.bean(Settings.JavaBean.class).getText().equals(text));
	}

	private static void assertOneRefresh(App app) {
		Moments.soon()
			.until(() -> app.events().count(EtcdConfigChangedEvent.class) >= 1
					&& app.events().count(RefreshScopeRefreshedEvent.class) >= 1);
		Moments.throughout(Duration.ofMillis(400))
			.holds(() -> app.events().count(EtcdConfigChangedEvent.class) == 1
					&& app.events().count(RefreshScopeRefreshedEvent.class) == 1);
	}

	private void writeBoth(int i) {
		this.client.kv()
			.txn()
			.then(PutRequest.of("config/application/demo.first", Integer.toString(i)),
					PutRequest.of("config/atomic/demo.second", Integer.toString(i)))
			.commit();
	}

	/** Reads both in the moment that a revision is shown. */
	static class ListenerThatReads {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private final Environment environment;

		ListenerThatReads(Environment environment) {
			this.environment = environment;
		}

		@EventListener
		void on(EtcdConfigChangedEvent event) {
			this.seen
				.add(this.environment.getProperty("demo.first") + "=" + this.environment.getProperty("demo.second"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedCount {

		@Bean
		@RefreshScope
		Settings.Scoped count(@Value("${demo.count}") int count) {
			return new Settings.Scoped("count " + count);
		}

	}

	static class ListenerWithError implements ApplicationListener<EnvironmentChangeEvent> {

		private final Environment environment;

		ListenerWithError(Environment environment) {
			this.environment = environment;
		}

		@Override
		public void onApplicationEvent(EnvironmentChangeEvent event) {
			if ("one".equals(this.environment.getProperty("demo.text"))) {
				throw new NoClassDefFoundError("on purpose");
			}
		}

	}

	static class FailingListener {

		@EventListener
		void on(EtcdConfigChangedEvent event) {
			throw new IllegalStateException("on purpose, at revision " + event.revision());
		}

	}

}
