/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.session.SessionListener;
import io.github.etcdspring.session.SessionState;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

class SessionIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	/** By then the pauses between grants have grown to their longest. */
	private static final Duration OUTAGE = Duration.ofSeconds(6);

	/** Is not lost in any stall of this machine. */
	private static final Duration SHORT = Duration.ofSeconds(2);

	private static final Duration TTL = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final RecordingSessionListener listener = new RecordingSessionListener();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private KeepAlive lease(Session session) {
		return session.leaseAsync().orTimeout(10, TimeUnit.SECONDS).join();
	}

	private void attach(LeaseId lease) {
		this.client.kv().put(PutRequest.of(this.keys.key("k"), ByteSequence.EMPTY).withLease(lease));
	}

	@Test
	void becomesActiveWhenOpened() {
		try (Session session = Session.open(this.client, Duration.ofSeconds(5), this.listener)) {
			KeepAlive lease = lease(session);

			assertThat(session.state()).isEqualTo(SessionState.ACTIVE);
			assertThat(session.lease()).contains(lease);
			assertThat(lease.ttl()).isEqualTo(Duration.ofSeconds(5));
			await().atMost(SOON)
				.untilAsserted(() -> assertThat(this.listener.told()).containsExactly("active " + lease.lease()));
		}
	}

	@Test
	void grantsAnotherLeaseWhenEtcdctlRevokesIt() {
		try (Session session = Session.open(this.client, TTL, this.listener)) {
			LeaseId first = lease(session).lease();

			etcd.cluster().etcdctl("lease", "revoke", first.toString());

			await().atMost(SOON).until(() -> this.listener.told().size() == 3);
			LeaseId second = lease(session).lease();
			assertThat(second).isNotEqualTo(first);
			assertThat(this.listener.told()).containsExactly("active " + first,
					"lost " + first + " " + LeaseEnd.NOT_FOUND, "active " + second);
			assertThat(this.client.lease().timeToLive(second).remaining()).isPresent();
		}
	}

	@Test
	void losesLeaseOnTimeAndIsActiveSoonAfterRestartWhenClusterIsDownForLong() {
		// P4, P8
		try (Session session = Session.open(this.client, Duration.ofSeconds(2), this.listener)) {
			KeepAlive first = lease(session);
			etcd.cluster().kill();
			long killed = this.client.ticker().nanoTime();
			Duration remaining = first.remaining();
			await().atMost(SOON).until(() -> this.client.ticker().nanoTime() - killed > remaining.toNanos());
			boolean alive = first.isAlive();
			SessionState state = session.state();

			assertThat(remaining).isLessThan(Duration.ofSeconds(2));
			assertThat(alive).isFalse();
			assertThat(state).isEqualTo(SessionState.PENDING);
			await().atMost(SOON).until(() -> this.listener.told().size() == 2);
			await().atMost(Duration.ofSeconds(20))
				.until(() -> this.client.ticker().nanoTime() - killed > OUTAGE.toNanos());

			etcd.cluster().restart();
			long restarted = this.client.ticker().nanoTime();

			await().atMost(Duration.ofSeconds(5)).until(() -> session.state() == SessionState.ACTIVE);
			System.out.printf("session: lost %d ms after the cluster, active %d ms after its restart%n",
					remaining.toMillis(), Duration.ofNanos(this.client.ticker().nanoTime() - restarted).toMillis());
			await().during(Duration.ofSeconds(1))
				.atMost(SOON)
				.untilAsserted(() -> assertThat(this.listener.told()).containsExactly("active " + first.lease(),
						"lost " + first.lease() + " " + LeaseEnd.EXPIRED, "active " + lease(session).lease()));
		}
	}

	@Test
	void revokesLeaseAndKeysWhenClosed() {
		// P9
		Session session = Session.open(this.client, Duration.ofMinutes(1), this.listener);
		LeaseId lease = lease(session).lease();
		attach(lease);
		await().atMost(SOON).until(() -> this.listener.told().size() == 1);

		session.close();

		assertThat(this.client.lease().timeToLive(lease).remaining()).isEmpty();
		assertThat(this.client.kv().get(this.keys.range()).count()).isZero();
		assertThat(session.state()).isEqualTo(SessionState.CLOSED);
		assertThat(session.lease()).isEmpty();
		assertThat(this.listener.told()).containsExactly("active " + lease);
	}

	@Test
	void leavesItsLeaseToTheSessionThatAdoptsIt() {
		Session first = Session.open(this.client, SHORT, this.listener);
		LeaseId lease = lease(first).lease();
		attach(lease);

		assertThat(first.orphan()).contains(lease);

		try (Session second = Session.adopt(this.client, lease, SHORT)) {
			KeepAlive adopted = lease(second);
			assertThat(adopted.lease()).isEqualTo(lease);
			await().during(adopted.ttl().multipliedBy(2))
				.atMost(SOON)
				.until(() -> this.client.kv().get(this.keys.range()).count() == 1 && adopted.isAlive());
		}
		assertThat(this.client.kv().get(this.keys.range()).count()).isZero();
	}

	@Test
	void leavesItsLeaseToExpireWhenNobodyAdoptsIt() {
		Session session = Session.open(this.client, SHORT, this.listener);
		LeaseId lease = lease(session).lease();
		attach(lease);

		assertThat(session.orphan()).contains(lease);

		assertThat(this.client.lease().timeToLive(lease).remaining()).isPresent();
		await().atMost(SOON).until(() -> this.client.kv().get(this.keys.range()).count() == 0);
		try (Session late = Session.adopt(this.client, lease, SHORT)) {
			assertThat(lease(late).lease()).isNotEqualTo(lease);
		}
	}

	@Test
	void failsWaitersWhenClosed() {
		etcd.cluster().pause();
		Session session = Session.open(this.client, TTL);
		CompletableFuture<KeepAlive> waiting = session.leaseAsync();

		session.close();

		assertThat(waiting).failsWithin(SOON).withThrowableThat().havingCause().isInstanceOf(EtcdClosedException.class);
	}

	@Test
	void leavesNoLeaseWhenClosedWhileBeingGranted() {
		// R7
		String before = etcd.cluster().etcdctl("lease", "list");
		for (int i = 0; i < 50; i++) {
			Session.open(this.client, Duration.ofMinutes(10)).close();
		}

		await().atMost(SOON)
			.untilAsserted(() -> assertThat(etcd.cluster().etcdctl("lease", "list").lines())
				.hasSameSizeAs(before.lines().toList()));
	}

	@Test
	void closesSoonWhenClusterIsDown() {
		Session session = Session.open(this.client, Duration.ofMinutes(1));
		lease(session);
		etcd.cluster().kill();
		long begin = this.client.ticker().nanoTime();

		session.close();

		assertThat(Duration.ofNanos(this.client.ticker().nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
	}

	@Test
	void closesWhenClientIsClosed() {
		Session session = Session.open(this.client, Duration.ofSeconds(5), this.listener);
		LeaseId lease = lease(session).lease();

		this.client.close();

		await().atMost(SOON).until(() -> session.state() == SessionState.CLOSED);
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.listener.told()).containsExactly("active " + lease,
					"lost " + lease + " " + LeaseEnd.CLIENT_CLOSED));
	}

	@Test
	void keepsLeaseWhenListenerBlocks() {
		// R5
		CountDownLatch release = new CountDownLatch(1);
		SessionListener blocking = new SessionListener() {

			@Override
			public void onActive(KeepAlive lease) {
				try {
					release.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		};
		try (Session session = Session.open(this.client, Duration.ofSeconds(3), blocking)) {
			KeepAlive lease = lease(session);

			await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(20)).until(lease::isAlive);

			release.countDown();
			assertThat(session.lease()).contains(lease);
		}
	}

	@Test
	void refusesWhenTtlIsBelowOneSecond() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> Session.open(this.client, Duration.ofMillis(999)))
			.withMessage("ttl: PT0.999S (expected: at least 1 s)");
	}

	@Test
	void tellsLateListenerOnlyWhatFollowsWhenAdded() {
		try (Session session = Session.open(this.client, TTL)) {
			LeaseId first = lease(session).lease();
			session.addListener(this.listener);

			etcd.cluster().etcdctl("lease", "revoke", first.toString());

			await().atMost(SOON).until(() -> this.listener.told().size() == 2);
			assertThat(this.listener.told())
				.isEqualTo(List.of("lost " + first + " " + LeaseEnd.NOT_FOUND, "active " + lease(session).lease()));
		}
	}

}
