/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.it.core.ChildJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Status;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.InstanceRegisteredEvent;
import org.springframework.cloud.client.discovery.health.DiscoveryClientHealthIndicator;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How an application finds instances that others registered.
 */
class DiscoveryIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final EtcdClient client;

	DiscoveryIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(EtcdClientOptions.builder(cluster.endpoints()).build());
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void findsInstancesOfOthers(EtcdCluster cluster) {
		register("found", "a", "10.0.0.1", 8080);
		try (App app = start(cluster, "finder")) {
			assertThat(instances(app, "found")).singleElement().satisfies((instance) -> {
				assertThat(instance.getInstanceId()).isEqualTo("a");
				assertThat(instance.getUri()).hasToString("http://10.0.0.1:8080");
			});
			assertThat(app.bean(DiscoveryClient.class).getServices()).contains("found");
		}
	}

	@Test
	void d1FollowsRecordsOfOthers(EtcdCluster cluster) {
		try (App app = start(cluster, "follower")) {
			assertThat(instances(app, "followed")).isEmpty();

			register("followed", "a", "10.0.0.1", 1);
			Duration put = Moments.timed(() -> awaitInstances(app, "followed", 1));
			register("followed", "b", "10.0.0.2", 2);
			awaitInstances(app, "followed", 2);
			this.client.kv().delete("services/followed/a");
			Duration deleted = Moments.timed(() -> awaitInstances(app, "followed", 1));

			assertThat(instances(app, "followed")).extracting(ServiceInstance::getHost).containsExactly("10.0.0.2");
			System.out
				.println("instance seen after " + put.toMillis() + " ms, gone after " + deleted.toMillis() + " ms");
		}
	}

	@Test
	void d3ServesLastKnownInstancesFromMemoryWhileEtcdIsPaused(EtcdCluster cluster) {
		register("kept", "a", "10.0.0.1", 8080);
		try (App app = start(cluster, "keeper")) {
			awaitInstances(app, "kept", 1);
			cluster.pause();

			Duration took = Moments.timed(() -> {
				for (int i = 0; i < 1000; i++) {
					assertThat(instances(app, "kept")).hasSize(1);
				}
			});

			assertThat(took).isLessThan(Duration.ofSeconds(1));
			Moments.throughout(Duration.ofSeconds(3)).holds(() -> instances(app, "kept").size() == 1);
			cluster.resume();
			register("kept", "b", "10.0.0.2", 8080);
			Moments.within(Duration.ofSeconds(5)).until(() -> instances(app, "kept").size() == 2);
		}
	}

	@Test
	void r3DropsDeadInstanceWhenTheLeaderOfEtcdDiesMeanwhile(EtcdCluster cluster) {
		Duration ttl = Duration.ofSeconds(3);
		ChildJvm instance = ChildJvm.start(Instance.class,
				List.of("--spring.application.name=mortal", "--etcd.endpoints=" + String.join(",", cluster.endpoints()),
						"--etcd.discovery.port=9090", "--etcd.discovery.heartbeat.ttl=" + ttl.toSeconds() + "s"));
		try (App app = start(cluster, "survivor")) {
			Moments.within(Duration.ofSeconds(60)).until(() -> instances(app, "mortal").size() == 1);
			LeaseId lease = this.client.kv().get(KeyRange.prefix("services/mortal/")).kvs().get(0).lease();

			instance.close();
			long died = System.nanoTime();
			// late: the next leader gives the lease its whole TTL again
			Moments.within(ttl).until(() -> remaining(lease).compareTo(Duration.ofSeconds(1)) <= 0);
			cluster.leader().kill();

			Moments.within(ttl.multipliedBy(2).plusSeconds(3).minusNanos(System.nanoTime() - died))
				.until(() -> instances(app, "mortal").isEmpty());
			System.out
				.println("dead instance gone after " + (System.nanoTime() - died) / 1_000_000 + " ms, TTL " + ttl);
		}
		finally {
			instance.close();
		}
	}

	@Test
	void d5HidesOnlyTheRecordThatIsBroken(EtcdCluster cluster) {
		register("broken", "good", "10.0.0.1", 8080);
		this.client.kv().put("services/broken/garbage", "\0\1 no json");
		this.client.kv().put("services/broken/evil", "{\"id\":\"x\",\"host\":\"h\\r\\nX: 1\",\"port\":80}");
		this.client.kv().put("services/broken/ipv6", "{\"id\":\"x\",\"host\":\"::::\",\"port\":80}");
		this.client.kv().put("services/", "no instance");
		try (App app = start(cluster, "robust")) {
			assertThat(instances(app, "broken")).extracting(ServiceInstance::getInstanceId).containsExactly("good");

			this.client.kv().put("services/broken/later", "{");
			register("broken", "good2", "10.0.0.2", 8080);

			awaitInstances(app, "broken", 2);
		}
	}

	@Test
	void publishesHeartbeatOnlyWhenInstancesChange(EtcdCluster cluster) {
		try (App app = start(cluster, "heart")) {
			awaitHeartbeatOf(app, register("beat", "a", "10.0.0.1", 1));
			int before = heartbeats(app);

			this.client.kv().put("services/beat/garbage", "no json");
			register("beat", "a", "10.0.0.1", 1);
			this.client.kv().put("elsewhere/beat/a", "1");
			Moments.throughout(Duration.ofMillis(700)).holds(() -> heartbeats(app) == before);

			assertThat(instances(app, "beat")).hasSize(1);
			this.client.kv().delete("services/beat/a");
			awaitInstances(app, "beat", 0);
			Moments.soon().until(() -> heartbeats(app) == before + 1);
			List<Object> values = app.events().of(HeartbeatEvent.class).stream().map(HeartbeatEvent::getValue).toList();
			assertThat(values).doesNotHaveDuplicates();
		}
	}

	@Test
	void discoversWithoutRegistering(EtcdCluster cluster) {
		register("seen", "a", "10.0.0.1", 8080);
		try (App app = App.of(cluster, "looker").web().set("etcd.discovery.register", "false").start()) {
			awaitInstances(app, "seen", 1);

			Moments.throughout(Duration.ofMillis(500))
				.holds(() -> this.client.kv().get(KeyRange.prefix("services/looker/")).kvs().isEmpty());
			assertThat(instances(app, "looker")).isEmpty();
			// of Spring Cloud: unknown until it is told that discovery has begun
			Moments.soon()
				.until(() -> app.bean(DiscoveryClientHealthIndicator.class).health().getStatus().equals(Status.UP));
			assertThat(app.events().count(InstanceRegisteredEvent.class)).isEqualTo(1);
		}
	}

	@Test
	void isHealthyWithoutPort(EtcdCluster cluster) {
		try (App app = start(cluster, "worker")) {
			Moments.soon()
				.until(() -> app.bean(DiscoveryClientHealthIndicator.class).health().getStatus().equals(Status.UP));
			assertThat(app.events().count(InstanceRegisteredEvent.class)).isEqualTo(1);
		}
	}

	@Test
	void tellsOnceThatItIsRegisteredWhenItIs(EtcdCluster cluster) {
		try (App app = App.of(cluster, "member").set("etcd.discovery.port", "9090").start()) {
			Moments.soon().until(() -> instances(app, "member").size() == 1);

			assertThat(app.events().count(InstanceRegisteredEvent.class)).isEqualTo(1);
		}
	}

	private long register(String service, String id, String host, int port) {
		return this.client.kv()
			.put("services/" + service + "/" + id,
					"{\"id\":\"" + id + "\",\"service\":\"" + service + "\",\"host\":\"" + host + "\",\"port\":" + port
							+ ",\"status\":\"UP\"}")
			.revision();
	}

	private Duration remaining(LeaseId lease) {
		return this.client.lease().timeToLive(lease).remaining().orElse(Duration.ZERO);
	}

	private static App start(EtcdCluster cluster, String name) {
		return App.of(cluster, name).start();
	}

	private static List<ServiceInstance> instances(App app, String service) {
		return app.bean(DiscoveryClient.class).getInstances(service);
	}

	private static void awaitInstances(App app, String service, int count) {
		Moments.within(Duration.ofSeconds(2)).until(() -> instances(app, service).size() == count);
	}

	/** The value of a heartbeat is the revision of what is seen with it. */
	private static void awaitHeartbeatOf(App app, long revision) {
		Moments.soon()
			.until(() -> app.events()
				.of(HeartbeatEvent.class)
				.stream()
				.anyMatch((heartbeat) -> ((Number) heartbeat.getValue()).longValue() >= revision));
	}

	private static int heartbeats(App app) {
		return app.events().count(HeartbeatEvent.class);
	}

	/** An application in a JVM of its own, that can be killed. */
	static final class Instance {

		private Instance() {
		}

		public static void main(String[] arguments) {
			new SpringApplicationBuilder(App.Base.class).web(WebApplicationType.NONE)
				.properties("spring.main.keep-alive=true")
				.run(arguments);
		}

	}

}
