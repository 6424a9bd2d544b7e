/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class EtcdMemberIntegrationTests {

	private static EtcdCluster cluster;

	@BeforeAll
	static void startCluster() {
		cluster = EtcdCluster.builder().members(3).start();
	}

	@AfterEach
	void healCluster() {
		cluster.heal();
	}

	@AfterAll
	static void closeCluster() {
		cluster.close();
	}

	@Test
	void electsOtherLeaderAndServesAgainWithDataWhenLeaderIsKilled() {
		EtcdMember killed = cluster.leader();
		cluster.etcdctl("put", "before", "1");

		killed.kill();

		assertThat(killed.isRunning()).isFalse();
		assertThat(ProcessHandle.of(killed.process().pid())).isEmpty();
		assertThat(cluster.leader()).isNotSameAs(killed);
		assertThat(cluster.etcdctl("put", "while", "2")).isEqualTo("OK");

		killed.restart();

		assertThat(killed.isRunning()).isTrue();
		assertThat(getFrom(killed, "before")).isEqualTo("before\n1");
		assertThat(getFrom(killed, "while")).isEqualTo("while\n2");
	}

	@Test
	void electsOtherLeaderWhenLeaderIsPausedAndFollowsItWhenResumed() {
		EtcdMember paused = cluster.leader();

		paused.pause();

		assertThat(paused.isRunning()).isTrue();
		EtcdMember leader = cluster.leader();
		assertThat(leader).isNotSameAs(paused);
		assertThat(putTo(leader, "key", "new")).isEqualTo("OK");

		paused.resume();

		await().until(() -> cluster.leader() != paused);
		assertThat(getFrom(paused, "key")).isEqualTo("key\nnew");
	}

	@Test
	void answersNothingWhileAllArePausedAndServesWhenTheyAreResumed() {
		cluster.etcdctl("put", "kept", "still");

		cluster.pause();

		assertThatIllegalStateException()
			.isThrownBy(() -> cluster.startEtcdctl("get", "kept").awaitOutput("kept", Duration.ofMillis(500)));

		cluster.resume();

		assertThat(cluster.members()).allMatch(EtcdMember::isRunning);
		assertThat(cluster.etcdctl("get", "kept")).isEqualTo("kept\nstill");
	}

	@Test
	void pausesTheOthersWhenAMemberDoesNotRun() {
		cluster.member(0).kill();

		cluster.pause();
		cluster.resume();

		assertThat(cluster.members()).extracting(EtcdMember::isRunning).containsExactly(false, true, true);
		assertThat(putTo(cluster.member(1), "quorum", "yes")).isEqualTo("OK");
	}

	@Test
	void stopsMemberWhenItIsPaused() {
		EtcdMember member = cluster.member(1);
		member.pause();

		member.stop();

		assertThat(member.isRunning()).isFalse();
		assertThat(member.log()).content().contains("terminated");
		assertThatIllegalStateException().isThrownBy(member::pause).withMessage(member + " is not running");
	}

	@Test
	void keepsPortsWhenRestartedWhileRunning() {
		EtcdMember member = cluster.member(2);
		long pid = member.process().pid();
		List<String> endpoints = cluster.endpoints();

		member.restart();

		assertThat(member.process().pid()).isNotEqualTo(pid);
		assertThat(cluster.endpoints()).isEqualTo(endpoints);
		assertThat(getFrom(member, "none")).isEmpty();
	}

	@Test
	void returnsFromRestartWhenThereIsNoQuorum() {
		cluster.kill();

		cluster.member(0).restart();

		assertThat(cluster.member(0).isRunning()).isTrue();
		assertThat(cluster.members()).extracting(EtcdMember::isRunning).containsExactly(true, false, false);
		cluster.member(1).restart();
		assertThat(putTo(cluster.member(1), "quorum", "yes")).isEqualTo("OK");
	}

	@Test
	void keepsDataWhenAllAreKilledAndRestarted() {
		cluster.etcdctl("put", "kept", "yes");

		cluster.kill();

		assertThat(cluster.members()).noneMatch(EtcdMember::isRunning);
		assertThatIllegalStateException()
			.isThrownBy(() -> cluster.startEtcdctl("get", "kept").awaitOutput("kept", Duration.ofMillis(500)));

		cluster.restart();

		assertThat(cluster.members()).allMatch(EtcdMember::isRunning);
		assertThat(cluster.etcdctl("get", "kept")).isEqualTo("kept\nyes");
	}

	@Test
	void keepsDataWhenAllAreRestartedWhileRunning() {
		cluster.etcdctl("put", "kept", "again");

		cluster.restart();

		assertThat(cluster.etcdctl("get", "kept")).isEqualTo("kept\nagain");
	}

	@Test
	void seesMemberEndWhenItDiesByItself() {
		EtcdMember member = cluster.member(0);

		ProcessHandle.of(member.process().pid()).orElseThrow().destroyForcibly();

		await().until(() -> !member.isRunning());
		assertThat(ProcessHandle.of(member.process().pid())).isEmpty();
	}

	@Test
	void servesThroughProxyUnlessItIsBroken() {
		EtcdMember member = cluster.member(0);
		MemberProxy proxy = member.proxy();
		assertThat(member.proxy()).isSameAs(proxy);
		assertThat(cluster.etcdctl("--endpoints=" + proxy.endpoint(), "put", "way", "long")).isEqualTo("OK");

		proxy.blackHole();

		assertThatExceptionOfType(EtcdctlException.class)
			.isThrownBy(() -> cluster.etcdctl("--command-timeout=1s", "--endpoints=" + proxy.endpoint(), "get", "way"));
		assertThat(getFrom(member, "way")).isEqualTo("way\nlong");
		proxy.cut();
		assertThatExceptionOfType(EtcdctlException.class)
			.isThrownBy(() -> cluster.etcdctl("--command-timeout=1s", "--endpoints=" + proxy.endpoint(), "get", "way"));

		cluster.heal();

		assertThat(cluster.etcdctl("--endpoints=" + proxy.endpoint(), "get", "way")).isEqualTo("way\nlong");
	}

	private static String getFrom(EtcdMember member, String key) {
		return cluster.etcdctl("--endpoints=" + member.endpoint(), "get", key);
	}

	private static String putTo(EtcdMember member, String key, String value) {
		return cluster.etcdctl("--endpoints=" + member.endpoint(), "put", key, value);
	}

}
