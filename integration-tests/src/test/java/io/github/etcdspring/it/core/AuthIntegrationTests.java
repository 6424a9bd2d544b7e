/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A cluster with authentication, whose tokens live for 3 s (C6, C7).
 */
class AuthIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final EtcdCredentials ROOT = new EtcdCredentials("root", "S3CR3T-root");

	private static final EtcdCredentials APP = new EtcdCredentials("app", "S3CR3T-app");

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().serverArguments("--auth-token-ttl=3", "--bcrypt-cost=4"));

	private final KeySpace keys = new KeySpace("/app" + KeySpace.unique().prefix());

	@AutoClose
	private final TcpProxy proxy = TcpProxy.to(etcd.cluster().member(0).clientPort());

	@AutoClose
	private final EtcdClient root = connect(ROOT);

	@AutoClose
	private final EtcdClient app = connect(APP);

	@BeforeAll
	static void enableAuthentication() {
		EtcdCluster cluster = etcd.cluster();
		cluster.etcdctl("user", "add", "root:" + ROOT.password());
		cluster.etcdctl("user", "grant-role", "root", "root");
		cluster.etcdctl("role", "add", "app");
		cluster.etcdctl("role", "grant-permission", "app", "--prefix=true", "readwrite", "/app/");
		cluster.etcdctl("user", "add", "app:" + APP.password());
		cluster.etcdctl("user", "grant-role", "app", "app");
		cluster.etcdctl("auth", "enable");
	}

	private EtcdClient connect(EtcdCredentials credentials) {
		return EtcdClients.connect(List.of(this.proxy.endpoint()), (options) -> options.credentials(credentials));
	}

	/** Waits until a token that nobody uses meanwhile has expired. */
	private void letTokenExpire() {
		long begin = this.root.ticker().nanoTime();
		await().atMost(SOON).until(() -> this.root.ticker().nanoTime() - begin > Duration.ofMillis(4_500).toNanos());
	}

	@Test
	void readsAndWritesWhenPasswordIsRight() {
		this.app.kv().put(this.keys.name("k"), "v");

		assertThat(this.app.kv().get(this.keys.name("k")).first().orElseThrow().value().toUtf8()).isEqualTo("v");
	}

	@Test
	void refusesSoonWhenPasswordIsWrong() {
		// C7, S7
		try (EtcdClient wrong = connect(new EtcdCredentials("app", "S3CR3T-wrong"))) {
			long begin = wrong.ticker().nanoTime();
			for (int i = 0; i < 20; i++) {
				assertThatExceptionOfType(EtcdAuthenticationException.class)
					.isThrownBy(() -> wrong.kv().put(this.keys.name("k"), "v"))
					.satisfies((ex) -> {
						assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
						assertThat(ex.isRetryable()).isFalse();
						assertThat(ex.toString()).doesNotContain("S3CR3T");
					});
			}
			assertThat(Duration.ofNanos(wrong.ticker().nanoTime() - begin)).isLessThan(Duration.ofSeconds(2));
		}
	}

	@Test
	void refusesWhenClientHasNoUser() {
		try (EtcdClient nobody = EtcdClients.connect(etcd.cluster())) {
			assertThatExceptionOfType(EtcdAuthenticationException.class)
				.isThrownBy(() -> nobody.kv().get(this.keys.name("k")))
				.satisfies((ex) -> assertThat(ex.serverMessage()).contains("etcdserver: user name is empty"));
		}
	}

	@Test
	void refusesWhenUserMayNot() {
		assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(() -> this.app.kv().put("/other/k", "v"))
			.satisfies((ex) -> {
				assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
				assertThat(ex.isRetryable()).isFalse();
			});
		assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(() -> this.app.kv().get("/other/k"));
	}

	@Test
	void endsWatchWhenUserMayNot() {
		RecordingListener listener = new RecordingListener();

		this.app.watch().open(WatchRequest.of(KeyRange.prefix("/other/")).from(1), listener);

		listener.awaitClosed();
		assertThat(listener.cause()).containsInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void endsWatchThatComesBackWhenUserMayNoLonger() {
		EtcdCluster cluster = etcd.cluster();
		cluster.etcdctl("--user=root:" + ROOT.password(), "role", "grant-permission", "app", "--prefix=true", "read",
				"/lent/");
		RecordingListener listener = new RecordingListener();
		this.app.watch().open(WatchRequest.of(KeyRange.prefix("/lent/")), listener);
		listener.awaitRevision(this.root.kv().put("/lent/k", "v").revision(), SOON);
		cluster.etcdctl("--user=root:" + ROOT.password(), "role", "revoke-permission", "app", "--prefix=true",
				"/lent/");
		double before = logins();

		this.proxy.cut();
		this.proxy.restore();

		listener.awaitClosed();
		assertThat(listener.cause()).containsInstanceOf(EtcdPermissionException.class);
		// its token is good, or ran out meanwhile
		assertThat(logins() - before).isLessThanOrEqualTo(1);
	}

	@Test
	void goesOnWhenTokenHasExpired() {
		// C6
		this.app.kv().put(this.keys.name("k"), "before");
		letTokenExpire();

		this.app.kv().put(this.keys.name("k"), "after");

		assertThat(this.app.kv().get(this.keys.name("k")).first().orElseThrow().version()).isEqualTo(2);
	}

	@Test
	void asksForOneTokenWhenHundredCallsFindItExpired() {
		// C6
		this.app.kv().put(this.keys.name("k"), "before");
		letTokenExpire();
		double before = ServerMetrics.sum(etcd.cluster().member(0), "grpc_server_handled_total",
				"grpc_method=\"Authenticate\"");

		List<CompletableFuture<?>> calls = IntStream.range(0, 100)
			.<CompletableFuture<?>>mapToObj((i) -> this.app.kv().putAsync(this.keys.name("k" + i), "v"))
			.toList();

		assertThat(calls).allSatisfy((call) -> assertThat(call).succeedsWithin(SOON));
		double after = ServerMetrics.sum(etcd.cluster().member(0), "grpc_server_handled_total",
				"grpc_method=\"Authenticate\"");
		assertThat(after - before).isBetween(1.0, 2.0);
	}

	@Test
	void followsAPasswordThatItsSupplierRotates() {
		// S9
		EtcdCluster cluster = etcd.cluster();
		AtomicReference<String> password = new AtomicReference<>("S3CR3T-first");
		cluster.etcdctl("--user=root:" + ROOT.password(), "user", "add", "rotating:" + password.get());
		cluster.etcdctl("--user=root:" + ROOT.password(), "user", "grant-role", "rotating", "app");
		try (EtcdClient client = EtcdClients.connect(List.of(this.proxy.endpoint()),
				(options) -> options.credentials(() -> new EtcdCredentials("rotating", password.get())))) {
			client.kv().put(this.keys.name("k"), "before");

			// as a vault does: the new one is known before the old one ends
			password.set("S3CR3T-second");
			String answer = Gateway.post(cluster.member(0), "/v3/auth/user/changepw",
					Gateway.logIn(cluster.member(0), ROOT),
					"{\"name\":\"rotating\",\"password\":\"" + password.get() + "\"}");
			assertThat(answer).contains("header");

			client.kv().put(this.keys.name("k"), "after");
			assertThat(client.kv().get(this.keys.name("k")).first().orElseThrow().version()).isEqualTo(2);
		}
	}

	@Test
	void logsInOnceForFiftyFirstCalls() {
		double before = logins();
		try (EtcdClient client = connect(APP)) {
			List<CompletableFuture<?>> calls = IntStream.range(0, 50)
				.<CompletableFuture<?>>mapToObj((i) -> client.kv().putAsync(this.keys.name("k" + i), "v"))
				.toList();

			assertThat(calls).allSatisfy((call) -> assertThat(call).succeedsWithin(SOON));
		}
		assertThat(logins() - before).isEqualTo(1);
	}

	private static double logins() {
		return ServerMetrics.sum(etcd.cluster().member(0), "grpc_server_handled_total", "grpc_method=\"Authenticate\"");
	}

	@Test
	void resumesWatchWhenTokenHasExpiredMeanwhile() {
		RecordingListener listener = new RecordingListener();
		this.app.watch().open(WatchRequest.of(this.keys.range()), listener);
		listener.awaitRevision(this.app.kv().put(this.keys.name("k"), "before").revision(), SOON);
		letTokenExpire();

		this.proxy.cut();
		await().atMost(SOON).until(() -> listener.disconnections() == 1);
		this.proxy.restore();

		await().atMost(SOON).until(() -> listener.resumptions() == 1);
		listener.awaitRevision(this.app.kv().put(this.keys.name("k"), "after").revision(), SOON);
		assertThat(listener.events()).hasSize(2);
	}

	@Test
	void keepsLeaseAliveWhenTokenHasExpiredMeanwhile() {
		try (Session session = Session.open(this.app, Duration.ofSeconds(5))) {
			KeepAlive lease = session.leaseAsync().join();
			letTokenExpire();

			this.proxy.cut();
			this.proxy.restore();

			await().during(Duration.ofSeconds(5)).atMost(Duration.ofSeconds(20)).until(lease::isAlive);
			assertThat(session.lease()).contains(lease);
		}
	}

	@Test
	void locksWhenUserMayWriteBelowTheLockAlone() {
		try (Session session = Session.open(this.app, Duration.ofSeconds(5))) {
			EtcdLock lock = EtcdLock.of(session, this.keys.name("lock"));

			assertThat(lock.tryLock()).isTrue();
			lock.unlock();
		}
	}

	@Test
	void worksWithoutTokenWhenAuthenticationIsTurnedOff() {
		this.app.kv().put(this.keys.name("k"), "before");
		etcd.cluster().etcdctl("--user=root:" + ROOT.password(), "auth", "disable");
		try {
			this.app.kv().put(this.keys.name("k"), "without");
			try (EtcdClient late = connect(APP)) {
				late.kv().put(this.keys.name("k"), "never had one");
			}
		}
		finally {
			etcd.cluster().etcdctl("auth", "enable");
		}

		this.app.kv().put(this.keys.name("k"), "after");
		assertThat(this.app.kv().get(this.keys.name("k")).first().orElseThrow().version()).isEqualTo(4);
	}

}
