/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A cluster whose tokens are JSON Web Tokens that live for 3 s (C6): they tell when they
 * expire, and so are replaced before.
 */
class JwtIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final EtcdCredentials ROOT = new EtcdCredentials("root", "S3CR3T-root");

	private static EtcdCluster cluster;

	private final KeySpace keys = KeySpace.unique();

	@BeforeAll
	static void start(@TempDir Path folder) throws GeneralSecurityException, IOException {
		KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
		generator.initialize(2048);
		KeyPair pair = generator.generateKeyPair();
		Path publicKey = pem(folder.resolve("public.pem"), "PUBLIC KEY", pair.getPublic().getEncoded());
		Path privateKey = pem(folder.resolve("private.pem"), "PRIVATE KEY", pair.getPrivate().getEncoded());
		cluster = EtcdCluster.builder()
			.serverArguments("--bcrypt-cost=4",
					"--auth-token=jwt,pub-key=" + publicKey + ",priv-key=" + privateKey + ",sign-method=RS256,ttl=3s")
			.start();
		cluster.etcdctl("user", "add", "root:" + ROOT.password());
		cluster.etcdctl("user", "grant-role", "root", "root");
		cluster.etcdctl("auth", "enable");
	}

	private static Path pem(Path file, String type, byte[] content) throws IOException {
		return Files.write(file, List.of("-----BEGIN " + type + "-----",
				Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content), "-----END " + type + "-----"));
	}

	@AfterAll
	static void close() {
		cluster.close();
	}

	private static EtcdClient connect() {
		return EtcdClients.connect(cluster.endpoints(), (options) -> options.credentials(ROOT));
	}

	private static double logins() {
		return ServerMetrics.sum(cluster.member(0), "grpc_server_handled_total", "grpc_method=\"Authenticate\"");
	}

	private static double refusals() {
		return ServerMetrics.sum(cluster.member(0), "grpc_server_handled_total", "grpc_code=\"Unauthenticated\"");
	}

	@Test
	void replacesTokensBeforeTheyExpireUnderSteadyCalls() {
		double loginsBefore = logins();
		double refusalsBefore = refusals();
		try (EtcdClient client = connect()) {
			long begin = client.ticker().nanoTime();
			long versions = 0;
			while (client.ticker().nanoTime() - begin < Duration.ofSeconds(8).toNanos()) {
				client.kv().put(this.keys.name("k"), "v");
				versions++;
			}

			assertThat(client.kv().get(this.keys.name("k")).first().orElseThrow().version()).isEqualTo(versions);
		}
		assertThat(refusals() - refusalsBefore).isZero();
		assertThat(logins() - loginsBefore).isBetween(3.0, 8.0);
	}

	@Test
	void logsInOnceForFiftyFirstCalls() {
		double before = logins();
		try (EtcdClient client = connect()) {
			List<CompletableFuture<?>> calls = IntStream.range(0, 50)
				.<CompletableFuture<?>>mapToObj((i) -> client.kv().putAsync(this.keys.name("k" + i), "v"))
				.toList();

			assertThat(calls).allSatisfy((call) -> assertThat(call).succeedsWithin(SOON));
		}
		assertThat(logins() - before).isEqualTo(1);
	}

	@Test
	void resumesWatchWithAFreshTokenWhenTheFirstHasExpired() {
		RecordingListener listener = new RecordingListener();
		try (TcpProxy proxy = TcpProxy.to(cluster.member(0).clientPort());
				EtcdClient client = EtcdClients.connect(List.of(proxy.endpoint()),
						(options) -> options.credentials(ROOT))) {
			client.watch().open(WatchRequest.of(this.keys.range()), listener);
			listener.awaitRevision(client.kv().put(this.keys.name("k"), "before").revision(), SOON);
			long begin = client.ticker().nanoTime();
			await().atMost(SOON).until(() -> client.ticker().nanoTime() - begin > Duration.ofSeconds(4).toNanos());
			double before = refusals();

			proxy.cut();
			proxy.restore();

			await().atMost(SOON).until(() -> listener.resumptions() == 1);
			listener.awaitRevision(client.kv().put(this.keys.name("k"), "after").revision(), SOON);
			assertThat(listener.events()).hasSize(2);
			assertThat(refusals() - before).isZero();
		}
	}

	@Test
	void goesOnWhenRolesChangeSinceThatMakesEveryTokenOld() {
		try (EtcdClient client = connect()) {
			for (int i = 0; i < 5; i++) {
				client.kv().put(this.keys.name("k"), "v");
				cluster.etcdctl("--user=root:" + ROOT.password(), "role", "add", "role-" + i);
			}

			assertThat(client.kv().get(this.keys.name("k")).first().orElseThrow().version()).isEqualTo(5);
		}
	}

	@Test
	void takesTokensOfTheUsersOwn() {
		AtomicReference<String> token = new AtomicReference<>("not.a.token");
		try (EtcdClient client = EtcdClients.connect(cluster.endpoints(), (options) -> options.token(token::get))) {
			assertThatExceptionOfType(EtcdAuthenticationException.class)
				.isThrownBy(() -> client.kv().put(this.keys.name("k"), "v"))
				.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(2));

			token.set(freshToken());
			client.kv().put(this.keys.name("k"), "v");
		}
		try (EtcdClient fixed = EtcdClients.connect(cluster.endpoints(), (options) -> options.token(freshToken()))) {
			fixed.kv().put(this.keys.name("k"), "v");
			fixed.kv().get(this.keys.name("k"));
		}
		try (EtcdClient fixed = EtcdClients.connect(cluster.endpoints(), (options) -> options.token("not.a.token"))) {
			assertThatExceptionOfType(EtcdAuthenticationException.class)
				.isThrownBy(() -> fixed.kv().put(this.keys.name("k"), "v"))
				.withMessageContaining("the client's token is fixed");
		}
	}

	/** Logs in over etcd's gateway, as one does who has a token from elsewhere. */
	private static String freshToken() {
		return Gateway.logIn(cluster.member(0), ROOT);
	}

}
