/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.ChildJvm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.SpringApplication;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an import has to say before there is a log. In a JVM of its own, since the log of
 * this one is there already.
 */
class BootstrapWarningsIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@Test
	void s13NamesKeysThatItLeavesOutAtTheStart(EtcdCluster cluster) {
		try (EtcdClient client = EtcdClient.create(cluster.endpoints().get(0))) {
			client.kv().put("config/warned/demo.text", "#{1+1}");
			client.kv().put("config/warned/spring.main.banner-mode", "log");
		}

		String output = run("--spring.config.import=etcd:", "--etcd.endpoints=" + cluster.endpoints().get(0));

		assertThat(output).containsOnlyOnce("etcd key 'config/warned/demo.text' at revision 2 is left out: its value")
			.containsOnlyOnce("etcd key 'config/warned/spring.main.banner-mode' at revision 3 is left out: a remote")
			.doesNotContain("1+1");
	}

	@Test
	void s2WarnsOnceOfThePasswordThatGoesInPlaintext() {
		String output = run("--spring.config.import=optional:etcd:", "--etcd.endpoints=http://192.0.2.2:2379",
				"--etcd.username=warned", "--etcd.password=S3CR3T-canary", "--etcd.config.startup-timeout=1s",
				"--etcd.request-timeout=1s");

		assertThat(output).containsOnlyOnce("the password goes to [http://192.0.2.2:2379] in plaintext")
			.doesNotContain("S3CR3T-canary");
	}

	private static String run(String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--spring.application.name=warned");
		all.add("--spring.main.web-application-type=none");
		try (ChildJvm child = ChildJvm.start(Main.class, all)) {
			assertThat(child.awaitExit(Duration.ofSeconds(60))).as(child.output()).isZero();
			return child.output();
		}
	}

	/** What a user's main class looks like. */
	static final class Main {

		private Main() {
		}

		public static void main(String[] arguments) {
			SpringApplication.run(App.Base.class, arguments);
		}

	}

}
