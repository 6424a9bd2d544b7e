/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;

import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.lease.KeepAlive;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of leases kept alive where other clients of etcd are known to fail.
 */
class PeerFailureLeaseTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	@Test
	@DisplayName("jetcd: a renewal that is not answered yet is sent again every 500 ms")
	void sendsARenewalOnceWhileItsAnswerIsUnderWay() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(this.clock, member);
		KeepAlive lease = client.lease().keepAlive(client.lease().grant(Duration.ofSeconds(9)));
		var stream = member.keepAlive().awaitStream(0);
		this.clock.advance(Duration.ofSeconds(3));
		stream.awaitMessage(0);

		this.clock.advance(Duration.ofMillis(500));
		this.clock.advance(Duration.ofMillis(900));
		client.kv().get("barrier");

		assertThat(stream.messages()).hasSize(1);
		assertThat(member.keepAlive().count()).isEqualTo(1);
		assertThat(lease.isAlive()).isTrue();
	}

}
