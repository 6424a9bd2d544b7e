/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import io.github.etcdspring.election.Leadership;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One election, contended for by this client and by etcdctl.
 */
class LeaderElectionInteropIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final Duration TTL = Duration.ofSeconds(3);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final String name = this.keys.name("election");

	@AutoClose
	private final Party first = Party.join(etcd.cluster(), TTL);

	@AutoClose
	private final Party third = Party.join(etcd.cluster(), TTL);

	private CompletableFuture<Leadership> campaign(Party party, String value) {
		return party.election(this.name).campaignAsync(ByteSequence.of(value));
	}

	private Leadership lead(Party party, String value) {
		return campaign(party, value).orTimeout(10, TimeUnit.SECONDS).join();
	}

	private long candidates() {
		return this.third.client().kv().get(KeyRange.prefix(this.name + "/")).count();
	}

	private void awaitCandidates(int number) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> candidates() == number);
	}

	private String leaderValue() {
		return this.third.election(this.name).leader().map((leader) -> leader.value().toUtf8()).orElse("nobody");
	}

	@Test
	void makesEtcdctlWaitWhileItLeads() {
		Leadership leading = lead(this.first, "java");
		try (EtcdctlProcess etcdctl = etcd.cluster().startEtcdctl("elect", this.name, "etcdctl")) {
			awaitCandidates(2);
			assertThat(etcdctl.output()).isEmpty();

			leading.resignAsync();

			etcdctl.awaitOutput("etcdctl", SOON);
			assertThat(leaderValue()).isEqualTo("etcdctl");
		}
	}

	@Test
	void waitsWhileEtcdctlLeads() {
		try (EtcdctlProcess etcdctl = etcd.cluster().startEtcdctl("elect", this.name, "etcdctl")) {
			etcdctl.awaitOutput("etcdctl", SOON);
			CompletableFuture<Leadership> waiting = campaign(this.first, "java");
			awaitCandidates(2);
			assertThat(waiting).isNotDone();

			etcdctl.interrupt();

			assertThat(waiting).succeedsWithin(SOON);
		}
	}

	@Test
	void showsItsValueToEtcdctlWhenItLeads() {
		lead(this.first, "java");

		try (EtcdctlProcess etcdctl = etcd.cluster().startEtcdctl("elect", "-l", this.name)) {
			assertThat(etcdctl.awaitOutput("java", SOON)).isEqualTo("java");
		}
	}

}
