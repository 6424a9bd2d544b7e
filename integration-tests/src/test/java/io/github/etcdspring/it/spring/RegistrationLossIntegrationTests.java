/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How an instance holds its place in etcd against lost leases, lost members and others.
 */
@ExtendWith(OutputCaptureExtension.class)
class RegistrationLossIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final EtcdClient client;

	RegistrationLossIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(EtcdClientOptions.builder(cluster.endpoints()).build());
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void r2ComesBackUnderSameKeyWhenLeaseIsRevoked(EtcdCluster cluster) {
		try (App app = start(cluster, "revoked")) {
			KeyValue before = awaitInstance("revoked");

			cluster.etcdctl("lease", "revoke", before.lease().toString());

			Duration took = Moments
				.timed(() -> Moments.within(Duration.ofSeconds(3)).until(() -> standsAnew("revoked", before)));
			System.out.println("registered again after a revoked lease: " + took.toMillis() + " ms");
			assertThat(instances("revoked")).singleElement().satisfies((after) -> {
				assertThat(after.key()).isEqualTo(before.key());
				assertThat(after.value()).isEqualTo(before.value());
			});
			assertThat(app.context().isRunning()).isTrue();
		}
		assertThat(instances("revoked")).isEmpty();
	}

	@Test
	void r2ComesBackOutOfServiceWhenItWasThatBefore(EtcdCluster cluster) {
		try (App app = start(cluster, "away")) {
			KeyValue before = awaitInstance("away");
			AvailabilityChangeEvent.publish(app.context(), ReadinessState.REFUSING_TRAFFIC);
			Moments.soon().until(() -> value("away").contains("OUT_OF_SERVICE"));

			cluster.etcdctl("lease", "revoke", before.lease().toString());

			Moments.within(Duration.ofSeconds(3)).until(() -> standsAnew("away", before));
			assertThat(value("away")).contains("OUT_OF_SERVICE");
		}
	}

	@Test
	void r2ComesBackWhenKeyIsDeletedAndItsStatusChanges(EtcdCluster cluster) {
		try (App app = start(cluster, "deleted")) {
			KeyValue before = awaitInstance("deleted");
			this.client.kv().delete(before.key().toUtf8());

			AvailabilityChangeEvent.publish(app.context(), ReadinessState.REFUSING_TRAFFIC);

			Moments.soon().until(() -> value("deleted").contains("OUT_OF_SERVICE"));
		}
	}

	@Test
	void r2ComesBackAfterOutageLongerThanItsLease(EtcdCluster cluster) {
		try (App app = App.of(cluster, "long")
			.set("etcd.discovery.port", "9090")
			.set("etcd.discovery.heartbeat.ttl", "2s")
			.start()) {
			KeyValue before = awaitInstance("long");
			cluster.pause();
			Moments.throughout(Duration.ofSeconds(4)).holds(() -> app.context().isRunning());
			cluster.resume();

			// P6: 2 s from when the cluster answers
			instances("long");
			Duration took = Moments
				.timed(() -> Moments.within(Duration.ofSeconds(2)).until(() -> standsAnew("long", before)));
			System.out.println("registered again after an outage of 2 TTL: " + took.toMillis() + " ms");
			assertThat(instances("long")).hasSize(1);
		}
	}

	@Test
	void r1StaysWhileLeaderDies(EtcdCluster cluster) {
		try (App app = App.of(cluster, "steady")
			.set("etcd.discovery.port", "9090")
			.set("etcd.discovery.heartbeat.ttl", "8s")
			.start()) {
			KeyValue before = awaitInstance("steady");

			cluster.leader().kill();
			assertThat(cluster.leader().isRunning()).isTrue();

			Moments.throughout(Duration.ofSeconds(9)).holds(() -> lease("steady").equals(before.lease()));
			assertThat(instances("steady")).containsExactly(before);
			assertThat(app.context().isRunning()).isTrue();
		}
	}

	@Test
	void r8DoesNotOverwriteAnotherProcessThatTookItsIdMeanwhile(EtcdCluster cluster, CapturedOutput output) {
		try (App app = App.of(cluster, "taken")
			.set("etcd.discovery.port", "9090")
			.set("etcd.discovery.instance-id", "1")
			.start()) {
			KeyValue before = awaitInstance("taken");
			this.client.kv().put("services/taken/1", "of another");
			cluster.etcdctl("lease", "revoke", before.lease().toString());

			Moments.soon().until(() -> output.toString().contains("services/taken/1 is held by another process"));

			assertThat(value("taken")).isEqualTo("of another");
			AvailabilityChangeEvent.publish(app.context(), ReadinessState.REFUSING_TRAFFIC);
			Moments.throughout(Duration.ofMillis(500)).holds(() -> value("taken").equals("of another"));
		}
		assertThat(value("taken")).isEqualTo("of another");
	}

	@Test
	void r8ComesBackWhenTheProcessThatTookItsIdGoes(EtcdCluster cluster, CapturedOutput output) {
		try (App app = App.of(cluster, "given")
			.set("etcd.discovery.port", "9090")
			.set("etcd.discovery.instance-id", "1")
			.set("etcd.discovery.heartbeat.ttl", "2s")
			.start()) {
			KeyValue before = awaitInstance("given");
			this.client.kv().put("services/given/1", "of another");
			cluster.etcdctl("lease", "revoke", before.lease().toString());
			Moments.soon().until(() -> output.toString().contains("services/given/1 is held by another process"));
			// longer than the first pauses between two looks
			Moments.throughout(Duration.ofSeconds(3)).holds(() -> value("given").equals("of another"));

			this.client.kv().delete("services/given/1");

			Moments.within(Duration.ofSeconds(4)).until(() -> value("given").contains("9090"));
			assertThat(app.context().isRunning()).isTrue();
			assertThat(output.toString().lines().filter((line) -> line.contains("given/1 is held by another")))
				.hasSize(1);
		}
	}

	@Test
	void takesPlaceOfProcessBeforeItWithSameId(EtcdCluster cluster) {
		this.client.kv().put("services/restarted/1", "of the process before");

		try (App app = App.of(cluster, "restarted")
			.set("etcd.discovery.port", "9090")
			.set("etcd.discovery.instance-id", "1")
			.start()) {
			Moments.soon().until(() -> value("restarted").contains("9090"));
			assertThat(app.context().isRunning()).isTrue();
		}
	}

	@Test
	void knowsItsOwnWriteWhoseAnswerWasLost(EtcdCluster cluster) {
		try (App app = start(cluster, "unknown")) {
			KeyValue before = awaitInstance("unknown");
			// what etcd holds after a write of its own that was applied and not answered
			cluster.etcdctl("put", "--lease=" + before.lease(), before.key().toUtf8(), before.value().toUtf8());

			AvailabilityChangeEvent.publish(app.context(), ReadinessState.REFUSING_TRAFFIC);

			Moments.soon().until(() -> value("unknown").contains("OUT_OF_SERVICE"));
		}
	}

	@Test
	void showsLastStatusAfterManyChanges(EtcdCluster cluster) {
		try (App app = start(cluster, "many")) {
			KeyValue before = awaitInstance("many");
			for (int i = 0; i < 50; i++) {
				AvailabilityChangeEvent.publish(app.context(), ReadinessState.REFUSING_TRAFFIC);
				AvailabilityChangeEvent.publish(app.context(), ReadinessState.ACCEPTING_TRAFFIC);
			}
			AvailabilityChangeEvent.publish(app.context(), ReadinessState.REFUSING_TRAFFIC);

			// an earlier one of the changes may show for a moment
			Moments.soon().during(Duration.ofMillis(500)).until(() -> value("many").contains("OUT_OF_SERVICE"));
			assertThat(lease("many")).isEqualTo(before.lease());
		}
	}

	@Test
	void r4DoesNotHoldUpShutdownWhenEtcdIsPaused(EtcdCluster cluster) {
		App app = start(cluster, "paused");
		awaitInstance("paused");
		cluster.pause();

		Duration took = Moments.timed(app::close);

		System.out.println("close of a registered application while etcd is paused: " + took.toMillis() + " ms");
		assertThat(took).isLessThan(Duration.ofSeconds(5));
	}

	private static App start(EtcdCluster cluster, String name) {
		return App.of(cluster, name)
			.set("etcd.discovery.port", "9090")
			.set("etcd.discovery.heartbeat.ttl", "5s")
			.start();
	}

	private KeyValue awaitInstance(String service) {
		Moments.soon().until(() -> instances(service).size() == 1);
		return instances(service).get(0);
	}

	private List<KeyValue> instances(String service) {
		return this.client.kv().get(KeyRange.prefix("services/" + service + "/")).kvs();
	}

	private Optional<KeyValue> first(String service) {
		return instances(service).stream().findFirst();
	}

	private String value(String service) {
		return first(service).map((kv) -> kv.value().toUtf8()).orElse("");
	}

	/** Whether it stands, on another lease than before. */
	private boolean standsAnew(String service, KeyValue before) {
		return first(service).filter((kv) -> !kv.lease().equals(before.lease())).isPresent();
	}

	private LeaseId lease(String service) {
		return first(service).map(KeyValue::lease).orElse(LeaseId.NONE);
	}

}
