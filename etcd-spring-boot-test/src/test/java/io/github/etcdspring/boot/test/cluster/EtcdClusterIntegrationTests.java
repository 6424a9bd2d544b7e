/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class EtcdClusterIntegrationTests {

	private static final Duration SHORT = Duration.ofMillis(200);

	@Test
	void servesKeysUntilClosedWhenSingleMember() {
		EtcdCluster cluster = EtcdCluster.start();
		EtcdMember member = cluster.member(0);
		Path folder = member.log().getParent();

		assertThat(cluster.members()).containsExactly(member);
		assertThat(cluster.endpoints()).containsExactly("http://127.0.0.1:" + member.clientPort());
		assertThat(member.clientPort()).isBetween(20_000, 29_999);
		assertThat(cluster.etcdctl("put", "greeting", "hello")).isEqualTo("OK");
		assertThat(cluster.etcdctl("get", "greeting")).isEqualTo("greeting\nhello");
		assertThat(cluster.leader()).isSameAs(member);
		assertThat(member.log()).content().contains("raft");
		assertThat(Folders.children(cluster)).containsExactly("n1.data", "n1.log");

		cluster.close();

		assertThat(member.isRunning()).isFalse();
		assertThat(ProcessHandle.of(member.process().pid())).isEmpty();
		assertThat(folder).doesNotExist();
		assertThatIllegalStateException().isThrownBy(member::restart).withMessage("cluster is closed");
		assertThatIllegalStateException().isThrownBy(() -> cluster.etcdctl("get", "greeting"))
			.withMessage("cluster is closed");
		cluster.close();
	}

	@Test
	void runsVersionThatIsWanted() {
		String found;
		try (EtcdCluster cluster = EtcdCluster.start()) {
			found = cluster.version();
		}
		assertThat(found + ".").startsWith(System.getProperty("etcd.version") + ".");

		try (EtcdCluster cluster = EtcdCluster.builder().version(found).start()) {
			assertThat(cluster.version()).isEqualTo(found);
			assertThat(cluster.etcdctl("version")).startsWith("etcdctl version: " + found);
			assertThat(cluster.leader()).isSameAs(cluster.member(0));
		}
	}

	@Test
	void saysWhatWasTriedWhenVersionCannotBeHad() {
		assertThatIllegalStateException().isThrownBy(() -> EtcdCluster.builder().version("3.4.999").start())
			.withMessageContaining("etcd: no etcd 3.4.999 to be had: ")
			.withMessageEndingWith("Install etcd 3.4.999 and set ETCD_BIN to its server binary.");
	}

	@Test
	void showsEndOfLogWhenServerRefusesToStart() {
		EtcdCluster.Builder builder = EtcdCluster.builder().electionTimeout(Duration.ofMinutes(1));

		assertThatIllegalStateException().isThrownBy(builder::start)
			.withMessageContaining("ended\n--- end of the log of n1")
			.withMessageContaining("60000ms] is too long");
	}

	@Test
	void givesUpAfterSomeAttemptsWhenPortsAreTaken() throws IOException {
		try (ServerSocket taken = new ServerSocket()) {
			taken.bind(MemberAddress.loopback(0));
			EtcdCluster.Builder builder = EtcdCluster.builder()
				.serverArguments("--listen-client-urls=http://127.0.0.1:" + taken.getLocalPort());

			assertThatIllegalStateException().isThrownBy(builder::start)
				.withMessageContaining(taken.getLocalPort() + ": bind: address already in use");
			assertThat(ProcessHandle.current().descendants()).isEmpty();
		}
	}

	@Test
	void passesTimingsAndFurtherArgumentsToServers() {
		EtcdCluster.Builder builder = EtcdCluster.builder()
			.heartbeatInterval(Duration.ofMillis(20))
			.electionTimeout(Duration.ofMillis(200))
			.serverArguments("--max-request-bytes=1000");
		try (EtcdCluster cluster = builder.start()) {
			assertThat(cluster.member(0).log()).content().contains("20ms").contains("200ms");
			assertThatExceptionOfType(EtcdctlException.class)
				.isThrownBy(() -> cluster.etcdctl("put", "key", "x".repeat(2000)))
				.withMessageContaining("request is too large");
		}
	}

	@Test
	void wantsUserAndServesThroughDeathOfLeaderWhenAuthenticationIsEnabled() {
		EtcdCluster.Builder builder = EtcdCluster.builder().members(3).enableAuth("secret");
		try (EtcdCluster cluster = builder.start()) {
			assertThat(cluster.etcdctl("put", "greeting", "hello")).isEqualTo("OK");
			assertThat(cluster.etcdctl("user", "get", "root")).contains("Roles: root");
			assertThatExceptionOfType(EtcdctlException.class)
				.isThrownBy(() -> cluster.etcdctl("--user=root:wrong", "get", "greeting"))
				.withMessageContaining("invalid user ID or password");
			EtcdMember killed = cluster.leader();

			killed.kill();

			assertThat(cluster.leader()).isNotSameAs(killed);
			cluster.heal();
			assertThat(cluster.etcdctl("get", "greeting")).isEqualTo("greeting\nhello");
			assertThatExceptionOfType(EtcdctlException.class).isThrownBy(() -> cluster.etcdctl("user", "get", "nobody"))
				.satisfies((ex) -> assertThat(ex.toString()).doesNotContain("secret"));
		}
	}

	@Test
	void throwsWithoutPasswordWhenEtcdctlFails() {
		try (EtcdCluster cluster = EtcdCluster.start()) {
			assertThatExceptionOfType(EtcdctlException.class)
				.isThrownBy(() -> cluster.etcdctl("--user", "me:secret", "user", "get", "nobody"))
				.satisfies((ex) -> {
					assertThat(ex.exitCode()).isBetween(1, 127);
					assertThat(ex.command()).isEqualTo("etcdctl --user me:*** user get nobody");
					assertThat(ex.errorOutput()).contains("user name not found");
					assertThat(ex).hasMessageContaining(ex.errorOutput()).hasMessageNotContaining("secret");
				});
		}
	}

	@Test
	void throwsAndKillsEtcdctlWhenItTakesTooLong() {
		try (EtcdCluster cluster = EtcdCluster.start()) {
			EtcdctlProcess watch = cluster.startEtcdctl("watch", "key");

			assertThatExceptionOfType(EtcdctlException.class).isThrownBy(() -> watch.awaitSuccess(SHORT))
				.withMessage("etcdctl took longer than PT0.2S: etcdctl watch key")
				.satisfies((ex) -> assertThat(ex.exitCode()).isEqualTo(128 + 9));
			assertThat(watch.isAlive()).isFalse();
		}
	}

	@Test
	void makesOtherLockWaitWhenLockIsHeld() {
		try (EtcdCluster cluster = EtcdCluster.start(); EtcdctlProcess holder = cluster.startEtcdctl("lock", "jobs")) {
			String held = holder.awaitOutput("jobs/", Duration.ofSeconds(10));
			try (EtcdctlProcess waiter = cluster.startEtcdctl("lock", "jobs")) {
				await().until(() -> cluster.etcdctl("get", "jobs/", "--prefix", "--keys-only").lines().count() >= 2);
				assertThat(holder.isAlive()).isTrue();
				assertThat(waiter.isAlive()).isTrue();
				assertThat(waiter.output()).isEmpty();

				holder.interrupt();

				assertThat(waiter.awaitOutput((line) -> line.startsWith("jobs/"), Duration.ofSeconds(10)))
					.isNotEqualTo(held);
				await().until(() -> !holder.isAlive());
				assertThat(holder.output()).first().isEqualTo(held);
			}
		}
	}

	@Test
	void throwsWithOutputWhenAwaitedLineDoesNotCome() {
		try (EtcdCluster cluster = EtcdCluster.start(); EtcdctlProcess watch = cluster.startEtcdctl("watch", "key")) {
			assertThatIllegalStateException().isThrownBy(() -> watch.awaitOutput("PUT", SHORT))
				.withMessageStartingWith("output missing after PT0.2S: etcdctl watch key");
			await().until(() -> {
				cluster.etcdctl("put", "key", "value");
				return watch.output().contains("value");
			});
		}
	}

	@Test
	void endsEtcdctlWhenClusterIsClosed() {
		EtcdCluster cluster = EtcdCluster.start();
		EtcdctlProcess watch = cluster.startEtcdctl("watch", "key");
		assertThat(watch.isAlive()).isTrue();

		cluster.close();

		assertThat(watch.isAlive()).isFalse();
	}

	@Test
	void leavesNoThreadWhenClosed() {
		Set<Thread> before = ownThreads();

		try (EtcdCluster cluster = EtcdCluster.builder().members(3).tls().start()) {
			String way = cluster.member(0).proxy().endpoint();
			cluster.etcdctl("--endpoints=" + way, "put", "key", "value");
			cluster.leader().kill();
			cluster.leader();
			cluster.etcdctl("put", "key", "value");
		}

		assertThat(ownThreads()).isSubsetOf(before);
	}

	@Test
	void leavesNothingWhenStartIsInterrupted() {
		EtcdCluster.start().close();
		assertThat(ProcessHandle.current().descendants()).isEmpty();
		Thread.currentThread().interrupt();

		assertThatIllegalStateException().isThrownBy(EtcdCluster::start).withMessageStartingWith("interrupted");

		assertThat(Thread.interrupted()).isTrue();
		assertThat(ProcessHandle.current().descendants()).isEmpty();
	}

	// the JDK keeps the threads that wait for processes for a minute
	private static Set<Thread> ownThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().startsWith("process reaper"))
			.collect(Collectors.toSet());
	}

}
