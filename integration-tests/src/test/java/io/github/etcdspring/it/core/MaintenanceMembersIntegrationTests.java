/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.maintenance.MaintenanceClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The Maintenance service of three members, some of which hang or are not known.
 */
class MaintenanceMembersIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

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

}
