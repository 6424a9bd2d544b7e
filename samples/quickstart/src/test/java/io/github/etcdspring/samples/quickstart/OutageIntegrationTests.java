/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All of etcd is away for a while.
 */
class OutageIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private static final Duration OUTAGE = Duration.ofSeconds(20);

	private static final Duration RECOVERY = Duration.ofSeconds(5);

	private static final String BY_HAND = """
			{"id":"by-hand","service":"quickstart","host":"localhost","port":1,"status":"UP"}""";

	@Test
	void worksAgainWithinFiveSecondsAndShowsTheOutageMeanwhile(EtcdCluster cluster) throws IOException {
		try (RunningQuickstart one = RunningQuickstart.start(cluster);
				RunningQuickstart two = RunningQuickstart.start(cluster);
				OpenPage page = new OpenPage(one);
				EtcdClient client = EtcdClient.create(EtcdClientOptions.builder(cluster.endpoints()).build())) {
			Awaitility.await().until(() -> leads(one) != leads(two));
			Awaitility.await().until(() -> page.shows("\"connected\":true"));
			cluster.etcdctl("put", "config/quickstart/demo.greeting", "before");
			Awaitility.await().until(one::greeting, "before"::equals);
			long counted = one.increment();
			long token = one.leader().path("fencingToken").asLong();
			List<LeaseId> leases = instances(client).stream().map(KeyValue::lease).toList();
			assertThat(leases).hasSize(2);

			cluster.kill();
			Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> page.shows("\"connected\":false"));
			Awaitility.await("nobody claims to lead").until(() -> !leads(one) && !leads(two));
			Throughout.holds(OUTAGE, "the last known stays", () -> one.greeting().equals("before")
					&& one.instanceIds().size() == 2 && page.shows("\"connected\":false"));
			cluster.restart();
			long servingAt = System.nanoTime();

			cluster.etcdctl("put", "config/quickstart/demo.greeting", "after");
			cluster.etcdctl("put", "services/quickstart/by-hand", BY_HAND);
			Awaitility.await()
				.atMost(RECOVERY)
				.ignoreException(IllegalStateException.class)
				.until(() -> one.increment() > counted);
			Awaitility.await()
				.atMost(remaining(servingAt))
				.until(() -> one.greeting().equals("after") && two.greeting().equals("after"));
			Awaitility.await("both are told of a change")
				.atMost(remaining(servingAt))
				.until(() -> one.instanceIds().size() == 3 && two.instanceIds().equals(one.instanceIds()));
			Awaitility.await("both stand on new leases")
				.atMost(remaining(servingAt))
				.until(() -> instances(client).stream().filter((kv) -> isAlive(client, kv, leases)).count() == 2);
			Awaitility.await().atMost(remaining(servingAt)).until(() -> leads(one) != leads(two));
			Awaitility.await().atMost(remaining(servingAt)).until(() -> page.shows("\"connected\":true"));
			assertThat((leads(one) ? one : two).leader().path("fencingToken").asLong()).isGreaterThan(token);
			System.out.println("Everything worked again " + (System.nanoTime() - servingAt) / 1_000_000
					+ " ms after etcd served again");
			assertThat(one.isAlive()).isTrue();
		}
		finally {
			cluster.etcdctl("del", "--prefix", "config/");
			cluster.etcdctl("del", "--prefix", "services/");
		}
	}

	@Test
	void servesPageThatListensAndSaysWhenItIsDisconnected(EtcdCluster cluster) throws IOException {
		try (RunningQuickstart quickstart = RunningQuickstart.start(cluster)) {
			URLConnection page = quickstart.uri("/").toURL().openConnection();

			assertThat(page.getContentType()).startsWith("text/html");
			assertThat(page.getInputStream()).asString(StandardCharsets.UTF_8)
				.contains("new EventSource('/api/events')")
				.contains("view.connected ? 'connected to etcd' : 'disconnected from etcd'");
		}
	}

	private static List<KeyValue> instances(EtcdClient client) {
		return client.kv().get(KeyRange.prefix("services/quickstart/")).kvs();
	}

	private static boolean isAlive(EtcdClient client, KeyValue instance, List<LeaseId> before) {
		return !instance.lease().isNone() && !before.contains(instance.lease())
				&& client.lease().timeToLive(instance.lease()).remaining().isPresent();
	}

	private static Duration remaining(long servingAt) {
		return RECOVERY.minusNanos(System.nanoTime() - servingAt);
	}

	private static boolean leads(RunningQuickstart quickstart) {
		return quickstart.leader().path("leader").asBoolean();
	}

	/** What the page is told. */
	private static final class OpenPage implements AutoCloseable {

		private final BufferedReader events;

		private final AtomicReference<String> last = new AtomicReference<>("");

		OpenPage(RunningQuickstart quickstart) throws IOException {
			this.events = new BufferedReader(
					new InputStreamReader(quickstart.uri("/api/events").toURL().openStream(), StandardCharsets.UTF_8));
			Thread reader = new Thread(this::read, "open-page");
			reader.setDaemon(true);
			reader.start();
		}

		private void read() {
			try {
				for (String line = this.events.readLine(); line != null; line = this.events.readLine()) {
					if (line.startsWith("data:")) {
						this.last.set(line);
					}
				}
			}
			catch (IOException ex) {
				this.last.set("closed: " + ex);
			}
		}

		boolean shows(String text) {
			return this.last.get().contains(text);
		}

		@Override
		public void close() throws IOException {
			this.events.close();
		}

	}

}
