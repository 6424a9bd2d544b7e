/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.github.etcdspring.MemberId;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdctlJson;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.maintenance.HashKvResult;
import io.github.etcdspring.maintenance.MaintenanceClient;
import io.github.etcdspring.maintenance.MemberStatus;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The Maintenance service of all members: whom a call reaches.
 */
@Contract
class MaintenanceMembersContractIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	private final MaintenanceClient maintenance;

	MaintenanceMembersContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
		this.maintenance = this.client.maintenance();
	}

	/** Returns a follower, or the only member. */
	private EtcdMember other() {
		EtcdMember leader = this.server.cluster().leader();
		return this.server.cluster().members().stream().filter((member) -> member != leader).findFirst().orElse(leader);
	}

	private MemberId idOf(EtcdMember member) {
		return this.maintenance.status(member.endpoint()).member();
	}

	@Test
	void asksEachMemberByItsEndpoint() {
		EtcdMember leader = this.server.cluster().leader();

		List<MemberStatus> all = this.server.cluster()
			.endpoints()
			.stream()
			.map((endpoint) -> this.maintenance.status(endpoint))
			.toList();

		assertThat(all).extracting(MemberStatus::member).doesNotHaveDuplicates().hasSize(this.server.kind().members());
		assertThat(all).extracting(MemberStatus::leader).containsOnly(idOf(leader));
		assertThat(all).filteredOn(MemberStatus::isLeader).hasSize(1);
	}

	@Test
	void asksOneMemberAfterTheOther() {
		Set<MemberId> asked = ConcurrentHashMap.newKeySet();

		await().atMost(SOON).until(() -> {
			asked.add(this.maintenance.status().member());
			return asked.size() == this.server.kind().members();
		});
	}

	@Test
	void findsTheSameHashAtAllMembers() {
		long revision = this.client.kv().put(this.keys.name("k"), "v").revision();

		this.server.awaitRevision(revision);
		List<HashKvResult> all = this.server.cluster()
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
		EtcdMember target = other();

		this.maintenance.moveLeader(idOf(target));

		assertThat(this.server.cluster().leader()).isEqualTo(target);
		assertThat(this.client.kv().put(this.keys.name("k"), "v").revision()).isPositive();
	}

	@Test
	void defragmentsEachMemberWhileTheOthersServe() {
		for (String endpoint : this.server.cluster().endpoints()) {
			this.maintenance.defragment(endpoint);
			assertThat(this.client.kv().put(this.keys.name("k"), "v").revision()).isPositive();
		}
	}

	@Test
	void savesASnapshotOfEachMember(@TempDir Path folder) {
		long revision = this.client.kv().put(this.keys.name("k"), "v").revision();

		this.server.awaitRevision(revision);
		for (EtcdMember member : this.server.cluster().members()) {
			Path file = folder.resolve(member.name() + ".db");
			this.maintenance.snapshot(member.endpoint()).saveTo(file);

			EtcdctlJson status = this.server.etcdctlJson(member.endpoint(), "snapshot", "status", file.toString());
			assertThat(status.number("revision")).as(member.name()).isGreaterThanOrEqualTo(revision);
		}
	}

}
