/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Reads that go on while a member is lost (C4), and calls while all are (C3).
 */
class ReadThroughLossIntegrationTests {

	private static final Duration LONGEST = Duration.ofSeconds(4);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	/** Reads again and again until a fault is over and some more, and times each read. */
	private void assertReadsGoOnWhile(Runnable fault) {
		this.client.kv().put(this.keys.name("k"), "v");
		CompletableFuture<Void> faulty = CompletableFuture.runAsync(fault);
		Duration longest = Duration.ZERO;
		int after = 0;
		while (after < 200) {
			long begin = this.client.ticker().nanoTime();
			assertThat(this.client.kv().get(this.keys.name("k")).count()).isEqualTo(1);
			Duration taken = Duration.ofNanos(this.client.ticker().nanoTime() - begin);
			longest = (taken.compareTo(longest) > 0) ? taken : longest;
			after += faulty.isDone() ? 1 : 0;
		}
		faulty.join();
		assertThat(longest).isLessThan(LONGEST);
	}

	private EtcdMember follower() {
		EtcdMember leader = etcd.cluster().leader();
		return etcd.cluster().members().stream().filter((member) -> member != leader).findFirst().orElseThrow();
	}

	@Test
	void readsGoOnWhenFollowerIsKilled() {
		EtcdMember follower = follower();

		assertReadsGoOnWhile(follower::kill);
	}

	@Test
	void readsGoOnWhenLeaderIsKilled() {
		EtcdMember leader = etcd.cluster().leader();

		assertReadsGoOnWhile(leader::kill);
	}

	@Test
	void readsGoOnWhenMembersAreKilledAndRestartedOneByOne() {
		assertReadsGoOnWhile(() -> {
			for (EtcdMember member : etcd.cluster().members()) {
				member.kill();
				member.restart();
			}
		});
	}

	@Test
	void failsWithinTimeoutAndNamesEndpointsWhenAllMembersAreKilled() {
		// C3, P1
		etcd.cluster().kill();
		try (EtcdClient impatient = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(1))) {
			long begin = impatient.ticker().nanoTime();

			assertThatExceptionOfType(EtcdUnavailableException.class)
				.isThrownBy(() -> impatient.kv().put(this.keys.name("k"), "v"))
				.withMessageContaining(etcd.cluster().member(2).endpoint())
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED));
			assertThat(Duration.ofNanos(impatient.ticker().nanoTime() - begin)).isBetween(Duration.ofSeconds(1),
					Duration.ofSeconds(2));
		}
	}

	@Test
	void failsWithinTimeoutWhenAllMembersArePaused() {
		// C3, P1
		try (EtcdClient impatient = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(1))) {
			impatient.kv().get(this.keys.name("k"));
			etcd.cluster().members().forEach(EtcdMember::pause);
			long begin = impatient.ticker().nanoTime();

			assertThat(impatient.kv().putAsync(this.keys.name("k"), "v")).failsWithin(Duration.ofSeconds(2))
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(EtcdTimeoutException.class,
						(ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.UNKNOWN));
			assertThat(Duration.ofNanos(impatient.ticker().nanoTime() - begin))
				.isGreaterThanOrEqualTo(Duration.ofSeconds(1));
		}
	}

}
