/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a listener of changes may do.
 */
@ExtendWith(OutputCaptureExtension.class)
class DiscoveryListenerIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@Test
	void answersListenerOfTheFirstChangeAtOnce(EtcdCluster cluster, CapturedOutput output) {
		try (EtcdClient client = EtcdClient.create(cluster.endpoints().get(0))) {
			client.kv().put("services/listened/a", "{\"id\":\"a\",\"host\":\"10.0.0.1\",\"port\":8080}");
		}
		try (App app = App.of(cluster, "listening")
			.set("etcd.discovery.register", "false")
			.with(AskingListener.class)
			.start()) {
			List<List<String>> answers = app.bean(AskingListener.class).answers;

			Moments.within(Duration.ofSeconds(5)).until(() -> !answers.isEmpty());

			assertThat(answers.get(0)).contains("listened");
			assertThat(output).doesNotContain("etcd did not answer");
		}
	}

	static class AskingListener {

		private final List<List<String>> answers = new CopyOnWriteArrayList<>();

		private final DiscoveryClient discovery;

		AskingListener(DiscoveryClient discovery) {
			this.discovery = discovery;
		}

		@EventListener
		void on(HeartbeatEvent event) {
			this.answers.add(this.discovery.getServices());
		}

	}

}
