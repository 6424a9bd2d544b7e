/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When an application stands in etcd as an instance of its service, and as what.
 */
class RegistrationIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final EtcdClient client;

	RegistrationIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(cluster.endpoints().get(0));
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void registersWhenReadyUnderItsNameAndId(EtcdCluster cluster) {
		try (App app = App.of(cluster, "orders").web().set("etcd.discovery.metadata.zone", "eu").start()) {
			KeyValue kv = awaitInstance("orders");

			String id = kv.key().toUtf8().substring("services/orders/".length());
			assertThat(id).matches("127\\.0\\.0\\.1-" + app.port() + "-[0-9a-f]{8}");
			assertThat(kv.value().toUtf8())
				.isEqualTo("{\"id\":\"" + id + "\",\"service\":\"orders\"," + "\"host\":\"127.0.0.1\",\"port\":"
						+ app.port() + ",\"secure\":false,\"status\":\"UP\"," + "\"metadata\":{\"zone\":\"eu\"}}");
			assertThat(kv.lease().isNone()).isFalse();
			assertThat(app.events().count(InstancePreRegisteredEvent.class)).isEqualTo(1);
			assertThat(app.events().count(InstanceRegisteredEvent.class)).isEqualTo(1);
		}
	}

	@Test
	void doesNotRegisterBeforeRunnersAreDone(EtcdCluster cluster) {
		CompletableFuture<App> starting = SlowRunner
			.startUntilItRuns(() -> App.of(cluster, "slow").web().with(SlowRunner.class).start());
		try {
			assertThat(isOpen(SlowRunner.port())).isTrue();
			Moments.throughout(Duration.ofMillis(700)).holds(() -> instances("slow").isEmpty());
		}
		finally {
			SlowRunner.letItEnd();
		}

		try (App app = starting.join()) {
			awaitInstance("slow");
			assertThat(app.port()).isEqualTo(SlowRunner.port());
		}
	}

	@Test
	void followsReadiness(EtcdCluster cluster) {
		try (App app = App.of(cluster, "readiness").web().start()) {
			awaitInstance("readiness");
			awaitListed(app, "readiness", 1);

			AvailabilityChangeEvent.publish(app.context(), ReadinessState.REFUSING_TRAFFIC);
			Moments.soon().until(() -> status("readiness").equals("OUT_OF_SERVICE"));
			awaitListed(app, "readiness", 0);

			AvailabilityChangeEvent.publish(app.context(), ReadinessState.ACCEPTING_TRAFFIC);
			Moments.soon().until(() -> status("readiness").equals("UP"));
			awaitListed(app, "readiness", 1);
			assertThat(app.events().count(InstanceRegisteredEvent.class)).isEqualTo(1);
		}
	}

	@Test
	void r4IsGoneBeforeThePortCloses(EtcdCluster cluster) {
		List<String> found;
		try (App app = App.of(cluster, "closing")
			.web()
			.set("server.shutdown", "graceful")
			.with(LastLookBeforeWebServerStops.class)
			.start()) {
			found = app.bean(LastLookBeforeWebServerStops.class).found;
			for (int i = 1; i < 30; i++) {
				awaitInstance("closing");
				app.context().stop();
				app.context().start();
			}
			awaitInstance("closing");
		}

		assertThat(found).hasSize(30).containsOnly("0 instances, port answers");
	}

	@Test
	void r7LeavesNoLeaseBehind(EtcdCluster cluster) {
		int before = leases(cluster);

		App app = App.of(cluster, "leases").web().start();
		awaitInstance("leases");
		app.close();

		assertThat(leases(cluster)).isEqualTo(before);
	}

	@Test
	void doesNotRegisterWithoutPort(EtcdCluster cluster) {
		try (App app = App.of(cluster, "portless").start()) {
			Moments.throughout(Duration.ofMillis(500)).holds(() -> instances("portless").isEmpty());

			assertThat(app.context().isRunning()).isTrue();
		}
	}

	@Test
	void registersWithoutWebServerWhenPortIsSet(EtcdCluster cluster) {
		try (App app = App.of(cluster, "grpc").set("etcd.discovery.port", "9090").start()) {
			assertThat(json(awaitInstance("grpc")).path("port").asInt()).isEqualTo(9090);
			awaitListed(app, "grpc", 1);
		}
		assertThat(instances("grpc")).isEmpty();
	}

	@Test
	void registersPortOfTheApplicationAndNotOfTheManagement(EtcdCluster cluster) {
		try (App app = App.of(cluster, "managed").web().set("management.server.port", "0").start()) {
			assertThat(json(awaitInstance("managed")).path("port").asInt()).isEqualTo(app.port());
		}
	}

	@Test
	void keepsServiceNameInItsSegment(EtcdCluster cluster) {
		try (App app = App.of(cluster, "evil").web().set("etcd.discovery.service-name", "../orders/x").start()) {
			awaitListed(app, "../orders/x", 1);

			assertThat(this.client.kv().get(KeyRange.prefix("services/..%2Forders%2Fx/")).kvs()).hasSize(1);
		}
	}

	private static void awaitListed(App app, String service, int count) {
		Moments.soon().until(() -> app.bean(DiscoveryClient.class).getInstances(service).size() == count);
	}

	private KeyValue awaitInstance(String service) {
		Moments.soon().until(() -> instances(service).size() == 1);
		return instances(service).get(0);
	}

	private List<KeyValue> instances(String service) {
		return this.client.kv().get(KeyRange.prefix("services/" + service + "/")).kvs();
	}

	private String status(String service) {
		return json(awaitInstance(service)).path("status").asString();
	}

	private static JsonNode json(KeyValue kv) {
		return JsonMapper.builder().build().readTree(kv.value().toUtf8());
	}

	private static int leases(EtcdCluster cluster) {
		return (int) cluster.etcdctl("lease", "list").lines().filter((line) -> line.matches("[0-9a-f]{10,}")).count();
	}

	private static boolean isOpen(int port) {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			return socket.isConnected();
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Looks, in the order in which things stop, between the registration and the web
	 * server's graceful shutdown.
	 */
	static class LastLookBeforeWebServerStops implements SmartLifecycle {

		private final List<String> found = new CopyOnWriteArrayList<>();

		private final EtcdClient client;

		private final ApplicationContext context;

		private volatile boolean running;

		LastLookBeforeWebServerStops(EtcdClient client, ApplicationContext context) {
			this.client = client;
			this.context = context;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
			long instances = this.client.kv().get(KeyRange.prefix("services/closing/")).count();
			this.found.add(instances + " instances, port " + (answers() ? "answers" : "closed"));
		}

		private boolean answers() {
			int port = Objects.requireNonNull(((WebServerApplicationContext) this.context).getWebServer()).getPort();
			try {
				URI uri = URI.create("http://127.0.0.1:" + port + "/");
				return ((HttpURLConnection) uri.toURL().openConnection()).getResponseCode() > 0;
			}
			catch (IOException ex) {
				return false;
			}
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
		}

	}

}
