/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.naming.Endpoint;
import io.github.etcdspring.naming.EndpointCache;
import io.github.etcdspring.naming.EndpointChange;
import io.github.etcdspring.naming.EndpointRegistration;
import io.github.etcdspring.naming.EndpointSnapshot;
import io.github.etcdspring.naming.EndpointUpdate;
import io.github.etcdspring.naming.Naming;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Endpoints that this client and others write and read (P6, D5, R8).
 */
class NamingIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(5);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private final KeySpace keys = KeySpace.unique();

	private final Naming naming = Naming.of(this.client, this.keys.name("echo"));

	private final List<EndpointChange> changes = new CopyOnWriteArrayList<>();

	private EndpointCache open() {
		EndpointCache cache = this.naming.cache(this.changes::add);
		assertThat(cache.ready()).succeedsWithin(SOON);
		awaitChanges(1);
		return cache;
	}

	private void awaitChanges(int number) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> this.changes.size() >= number);
	}

	private static void awaitIds(EndpointCache cache, String... ids) {
		await().atMost(SOON)
			.pollInterval(Duration.ofMillis(5))
			.untilAsserted(() -> assertThat(cache.snapshot().endpoints()).containsOnlyKeys(ids));
	}

	@Test
	@DisplayName("etcdctl sees the bytes that Go's endpoints.Manager writes")
	void writesWhatGoReads() {
		this.naming.add("10.0.0.1:80", Endpoint.of("10.0.0.1:80"));

		assertThat(etcd.cluster().etcdctl("get", "--print-value-only", this.keys.name("echo/10.0.0.1:80")).strip())
			.isEqualTo("{\"Op\":0,\"Addr\":\"10.0.0.1:80\",\"Metadata\":null}");
	}

	@Test
	void readsWhatEtcdctlPutAndPassesOverWhatIsBroken() {
		etcd.cluster()
			.etcdctl("put", this.keys.name("echo/a"),
					"{\"Op\":0,\"Addr\":\"10.0.0.1:80\",\"Metadata\":{\"zone\":\"b\"}}");
		etcd.cluster().etcdctl("put", this.keys.name("echo/b"), "no endpoint");
		etcd.cluster().etcdctl("put", this.keys.name("echoes/c"), "{\"Addr\":\"10.0.0.3:80\"}");

		try (EndpointCache cache = open()) {
			awaitIds(cache, "a");
			assertThat(cache.snapshot().endpoints()).containsEntry("a",
					Endpoint.of("10.0.0.1:80").withMetadata(Map.of("zone", "b")));
			assertThat(this.naming.list().endpoints()).isEqualTo(cache.snapshot().endpoints());

			etcd.cluster().etcdctl("put", this.keys.name("echo/b"), "{\"addr\":\"10.0.0.2:80\",\"Weight\":5}");

			awaitIds(cache, "a", "b");
		}
	}

	@Test
	void changesSeveralEntriesAtOneRevision() {
		this.naming.add("old", Endpoint.of("10.0.0.1:80"));
		try (EndpointCache cache = open()) {
			long revision = this.naming.update(EndpointUpdate.delete("old"),
					EndpointUpdate.add("new", Endpoint.of("10.0.0.2:80")),
					EndpointUpdate.add("other", Endpoint.of("10.0.0.3:80")));

			awaitChanges(2);
			awaitIds(cache, "new", "other");
			assertThat(this.changes).hasSize(2).last().satisfies((change) -> {
				assertThat(change.current().revision()).isEqualTo(revision);
				assertThat(change.added()).containsExactlyInAnyOrder("new", "other");
				assertThat(change.removed()).containsOnlyKeys("old");
			});
			EndpointSnapshot listed = this.naming.list();
			assertThat(listed.endpoints()).isEqualTo(cache.snapshot().endpoints());
			assertThat(this.naming.delete("new")).isTrue();
			assertThat(this.naming.delete("new")).isFalse();
			awaitIds(cache, "other");
		}
	}

	@Test
	void losesAnEntryWithItsLease() {
		LeaseGrant lease = this.client.lease().grant(TTL);
		this.naming.add("a", Endpoint.of("10.0.0.1:80"), lease.id());
		try (EndpointCache cache = open()) {
			awaitIds(cache, "a");

			this.client.lease().revoke(lease.id());

			awaitIds(cache);
		}
	}

	@Test
	@DisplayName("P6: an instance that loses its lease while alive is back within 2 s")
	void writesARegisteredEntryAgainWhenItsLeaseIsLost() throws InterruptedException {
		try (Session session = Session.open(this.client, TTL);
				EndpointRegistration registration = this.naming.add("a", Endpoint.of("10.0.0.1:80"), session);
				EndpointCache cache = open()) {
			assertThat(registration.isRegistered()).isTrue();
			LeaseId first = session.lease().orElseThrow().lease();

			this.client.lease().revoke(first);
			long revoked = System.nanoTime();

			awaitChanges(3);
			Duration away = Duration.ofNanos(System.nanoTime() - revoked);
			System.out.printf("naming: back %d ms after its lease was revoked%n", away.toMillis());
			// its next renewal, after a third of the TTL, tells that the lease is lost
			assertThat(away).isLessThan(TTL.dividedBy(3).plusSeconds(2));
			assertThat(cache.snapshot().endpoints()).containsOnlyKeys("a");
			await().atMost(SOON).until(registration::isRegistered);
		}
		assertThat(this.naming.list().endpoints()).isEmpty();
	}

	@Test
	@DisplayName("R8: what a newer process registered stays when the older one closes")
	void leavesTheEntryOfTheProcessThatTookItsPlace() throws InterruptedException {
		Session older = Session.open(this.client, TTL);
		EndpointRegistration first = this.naming.add("a", Endpoint.of("10.0.0.1:80"), older);
		try (Session newer = Session.open(this.client, TTL);
				EndpointRegistration second = this.naming.add("a", Endpoint.of("10.0.0.2:80"), newer)) {
			first.close();
			older.close();

			assertThat(this.naming.list().endpoints()).containsEntry("a", Endpoint.of("10.0.0.2:80"));
			assertThat(second.isRegistered()).isTrue();
		}
	}

}
