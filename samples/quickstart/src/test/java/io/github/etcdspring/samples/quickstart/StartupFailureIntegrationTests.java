/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bad input ends with one explanation and exit code 1, in time.
 */
class StartupFailureIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	/**
	 * What a JVM needs to come to its end: no more than twice what a good start takes.
	 */
	private static Duration start = Duration.ZERO;

	@BeforeAll
	static void measureGoodStart() {
		try (EtcdCluster cluster = EtcdCluster.builder().start()) {
			long begin = System.nanoTime();
			RunningQuickstart.start(cluster).close();
			start = Duration.ofNanos(System.nanoTime() - begin).multipliedBy(2);
		}
	}

	@Test
	void explainsEndpointThatIsNone() throws InterruptedException {
		String output = outputOfFailedStart("etcd-0:port", start);

		assertThat(output).contains("'etcd-0:port' in 'etcd.endpoints' is not valid")
			.contains("Set 'etcd.endpoints' to the client addresses");
	}

	@Test
	void explainsClusterThatCanNotBeReached() throws InterruptedException {
		String output = outputOfFailedStart("http://127.0.0.1:9", start.plus(TIMEOUT));

		assertThat(output).contains("could not read")
			.contains("did not answer within 2000 ms")
			.contains("[http://127.0.0.1:9]")
			.contains("optional:etcd:");
	}

	@Test
	void explainsWrongPasswordWithoutShowingIt() throws InterruptedException {
		try (EtcdCluster cluster = EtcdCluster.builder().serverArguments("--bcrypt-cost", "4").start()) {
			cluster.etcdctl("user", "add", "root:right");
			cluster.etcdctl("user", "grant-role", "root", "root");
			cluster.etcdctl("auth", "enable");

			String output = outputOfFailedStart(cluster.endpoints().get(0), start.plus(TIMEOUT), "--etcd.username=root",
					"--etcd.password=S3CR3T-wrong", "--logging.level.io.github.etcdspring=TRACE");

			assertThat(output).contains("etcd refused the user 'root'")
				.contains("Check 'etcd.username' and 'etcd.password'")
				.doesNotContain("S3CR3T-wrong");
		}
	}

	@Test
	void explainsPropertyThatCanNotBeParsed() throws InterruptedException {
		String output = outputOfFailedStart("http://127.0.0.1:9", start, "--etcd.request-timeout=soon");

		assertThat(output).contains("etcd.request-timeout").contains("\"soon\"");
	}

	private static String outputOfFailedStart(String endpoints, Duration within, String... arguments)
			throws InterruptedException {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--etcd.config.startup-timeout=" + TIMEOUT.toSeconds() + "s");
		try (RunningQuickstart quickstart = RunningQuickstart.launch(endpoints, all.toArray(String[]::new))) {
			assertThat(quickstart.awaitExit(within)).isEqualTo(1);
			String output = quickstart.output();
			assertThat(output.split("APPLICATION FAILED TO START", -1)).as(output).hasSize(2);
			return output;
		}
	}

}
