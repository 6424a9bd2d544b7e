/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class JvmDeathIntegrationTests {

	@ParameterizedTest
	@ValueSource(strings = { "kill -s TERM $0", "kill -s KILL $0", "kill -s KILL -- -$0" })
	void leavesNoProcessAndNoDataWhenJvmOrItsGroupIsKilled(String kill) throws Exception {
		Process jvm = startJvm();
		try (BufferedReader reader = jvm.inputReader()) {
			String jvmPid = reader.readLine();
			Path folder = Path.of(reader.readLine());
			List<Long> pids = Stream.of(reader.readLine().split(" ")).map(Long::valueOf).toList();
			assertThat(folder).isDirectory();
			assertThat(pids).hasSize(3).allMatch((pid) -> ProcessHandle.of(pid).isPresent());

			assertThat(new ProcessBuilder("bash", "-c", kill, jvmPid).start().waitFor()).isZero();
			assertThat(jvm.waitFor(20, TimeUnit.SECONDS)).isTrue();

			// the sweeper tries for some seconds while something is in its way
			await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
				assertThat(pids).noneMatch((pid) -> ProcessHandle.of(pid).isPresent());
				assertThat(commandsNaming(folder)).isEmpty();
				assertThat(folder).doesNotExist();
			});
		}
		finally {
			jvm.destroyForcibly();
		}
	}

	private static Process startJvm() throws IOException {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		// in a process group of its own, as a terminal starts it
		String inGroup = "set -m; \"$0\" \"$@\" & wait $!";
		return new ProcessBuilder("bash", "-c", inGroup, java, "-cp", classPath, ClusterHolder.class.getName())
			.redirectError(Redirect.INHERIT)
			.start();
	}

	// guards, sweeper, etcd and etcdctl all have the folder in their command line
	private static List<String> commandsNaming(Path folder) {
		return ProcessHandle.allProcesses()
			.map((process) -> process.info().commandLine().orElse(""))
			.filter((line) -> line.contains(folder.toString()))
			.toList();
	}

	/**
	 * Starts three members, of which one is paused, and an etcdctl that runs on; says
	 * where, and waits to be killed.
	 */
	static final class ClusterHolder {

		private ClusterHolder() {
		}

		public static void main(String[] arguments) throws InterruptedException {
			EtcdCluster cluster = EtcdCluster.builder().members(3).start();
			EtcdctlProcess watch = cluster.startEtcdctl("watch", "key");
			cluster.member(0).pause();
			System.out.println(ProcessHandle.current().pid());
			System.out.println(Folders.of(cluster));
			System.out.println(cluster.member(0).process().pid() + " " + cluster.member(1).process().pid() + " "
					+ cluster.member(2).process().pid());
			new CountDownLatch(1).await();
			watch.close();
		}

	}

}
