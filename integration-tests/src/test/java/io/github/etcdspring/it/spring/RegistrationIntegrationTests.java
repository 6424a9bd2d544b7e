/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.InstancePreRegisteredEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.context.event.EventListener;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When an application stands in etcd as an instance of its service, and as what.
 */
@ExtendWith(NoClientLeft.class)
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
	void doesNotRegisterBeforeRunnersAreDone(EtcdCluster cluster) throws InterruptedException {
		SlowRunner.reset();
		CompletableFuture<App> starting = CompletableFuture
			.supplyAsync(() -> App.of(cluster, "slow").web().with(SlowRunner.class).start());
		SlowRunner.running.await();
		assertThat(isOpen(SlowRunner.port)).isTrue();

		Moments.throughout(Duration.ofMillis(700)).until(() -> instances("slow").isEmpty());
		SlowRunner.mayEnd.countDown();

		try (App app = starting.join()) {
			awaitInstance("slow");
			assertThat(app.port()).isEqualTo(SlowRunner.port);
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
		App app = App.of(cluster, "closing").web().set("server.shutdown", "graceful").start();
		awaitInstance("closing");
		int port = app.port();

		long begin = System.nanoTime();
		CompletableFuture<Void> closing = CompletableFuture.runAsync(app::close);
		long gone = 0;
		boolean open = true;
		while (open) {
			open = isOpen(port);
			boolean listed = !instances("closing").isEmpty();
			// asked for after the port was seen closed
			assertThat(open || !listed).as("the port is closed, the instance is listed").isTrue();
			gone = (gone == 0 && !listed) ? System.nanoTime() - begin : gone;
		}
		long closed = System.nanoTime() - begin;
		closing.join();

		System.out
			.println("key gone after " + gone / 1_000_000 + " ms, port closed after " + closed / 1_000_000 + " ms");
		assertThat(gone).isPositive().isLessThan(Duration.ofSeconds(2).toNanos());
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
			Moments.throughout(Duration.ofMillis(500)).until(() -> instances("portless").isEmpty());

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

	/** Does not end before it may. */
	static class SlowRunner implements ApplicationRunner {

		private static CountDownLatch running = new CountDownLatch(1);

		private static CountDownLatch mayEnd = new CountDownLatch(1);

		private static volatile int port;

		static void reset() {
			running = new CountDownLatch(1);
			mayEnd = new CountDownLatch(1);
		}

		@EventListener
		void on(WebServerInitializedEvent event) {
			port = event.getWebServer().getPort();
		}

		@Override
		public void run(ApplicationArguments arguments) throws InterruptedException {
			running.countDown();
			mayEnd.await();
		}

	}

}
