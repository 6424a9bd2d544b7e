/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.maintenance.HashKvResult;
import io.github.etcdspring.maintenance.MaintenanceClient;
import io.github.etcdspring.maintenance.MemberStatus;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * The Maintenance service of three members: whom a call reaches.
 */
class MaintenanceMembersIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private final MaintenanceClient maintenance = this.client.maintenance();

	private static EtcdMember follower() {
		EtcdMember leader = etcd.cluster().leader();
		return etcd.cluster().members().stream().filter((member) -> member != leader).findFirst().orElseThrow();
	}

	private MemberId idOf(EtcdMember member) {
		return this.maintenance.status(member.endpoint()).member();
	}

	@Test
	void asksEachMemberByItsEndpoint() {
		EtcdMember leader = etcd.cluster().leader();

		List<MemberStatus> all = etcd.cluster()
			.endpoints()
			.stream()
			.map((endpoint) -> this.maintenance.status(endpoint))
			.toList();

		assertThat(all).extracting(MemberStatus::member).doesNotHaveDuplicates().hasSize(3);
		assertThat(all).extracting(MemberStatus::leader).containsOnly(idOf(leader));
		assertThat(all).filteredOn(MemberStatus::isLeader).hasSize(1);
	}

	@Test
	void asksOneMemberAfterTheOther() {
		Set<MemberId> asked = ConcurrentHashMap.newKeySet();

		await().atMost(SOON).until(() -> {
			asked.add(this.maintenance.status().member());
			return asked.size() == 3;
		});
	}

	@Test
	void findsTheSameHashAtAllMembers() {
		long revision = this.client.kv().put(this.keys.name("k"), "v").revision();

		for (EtcdMember member : etcd.cluster().members()) {
			// one that lags behind reaches it soon
			await().atMost(SOON)
				.until(() -> this.maintenance.status(member.endpoint()).header().revision() >= revision);
		}
		List<HashKvResult> all = etcd.cluster()
			.endpoints()
			.stream()
			.map((endpoint) -> this.maintenance.hashKv(endpoint, revision))
			.toList();

		assertThat(all).extracting((hash) -> hash.header().member()).doesNotHaveDuplicates();
		assertThat(all).extracting(HashKvResult::hash).containsOnly(all.get(0).hash());
		assertThat(all).extracting(HashKvResult::compactRevision).containsOnly(all.get(0).compactRevision());
	}

	@Test
	void movesLeadershipToAMember() {
		EtcdMember target = follower();

		this.maintenance.moveLeader(idOf(target));

		assertThat(etcd.cluster().leader()).isEqualTo(target);
		assertThat(this.client.kv().put(this.keys.name("k"), "v").revision()).isPositive();
	}

	@Test
	void movesLeadershipThoughAMemberHangs() {
		EtcdMember leader = etcd.cluster().leader();
		EtcdMember target = follower();
		EtcdMember hung = etcd.cluster()
			.members()
			.stream()
			.filter((member) -> member != leader && member != target)
			.findFirst()
			.orElseThrow();
		MemberId id = idOf(target);
		hung.pause();

		this.maintenance.moveLeader(id);

		assertThat(this.maintenance.status(target.endpoint()).isLeader()).isTrue();
	}

	@Test
	void movesNoLeaderThatItDoesNotKnow() {
		EtcdMember follower = follower();
		MemberId id = idOf(follower);
		try (EtcdClient stranger = EtcdClients.connectTo(follower)) {
			assertThatExceptionOfType(EtcdRequestException.class)
				.isThrownBy(() -> stranger.maintenance().moveLeader(id))
				.withMessageContaining("is none of [" + follower.endpoint() + "]")
				.satisfies((failure) -> assertThat(failure.code()).isEqualTo(StatusCode.FAILED_PRECONDITION));
		}
	}

	@Test
	void endsACallOfAMemberThatHangsAtItsDeadline() {
		EtcdMember hung = follower();
		hung.pause();
		long begin = this.client.ticker().nanoTime();

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> this.client.withTimeout(Duration.ofMillis(500)).maintenance().status(hung.endpoint()));

		assertThat(failure.isRetryable()).isTrue();
		assertThat(Duration.ofNanos(this.client.ticker().nanoTime() - begin)).isBetween(Duration.ofMillis(500), SOON);
		assertThat(this.maintenance.alarms().alarms()).isEmpty();
	}

	@Test
	void defragmentsEachMemberWhileTheOthersServe() {
		for (String endpoint : etcd.cluster().endpoints()) {
			this.maintenance.defragment(endpoint);
			assertThat(this.client.kv().put(this.keys.name("k"), "v").revision()).isPositive();
		}
	}

	@Test
	void savesASnapshotOfEachMember(@TempDir Path folder) {
		long revision = this.client.kv().put(this.keys.name("k"), "v").revision();

		for (EtcdMember member : etcd.cluster().members()) {
			await().atMost(SOON)
				.until(() -> this.maintenance.status(member.endpoint()).header().revision() >= revision);
			Path file = folder.resolve(member.name() + ".db");
			this.maintenance.snapshot(member.endpoint()).saveTo(file);

			EtcdctlJson status = new EtcdctlJson(
					etcd.cluster().etcdctl("snapshot", "status", file.toString(), "-w", "json"));
			assertThat(status.number("revision")).as(member.name()).isEqualTo(revision);
		}
	}

}
