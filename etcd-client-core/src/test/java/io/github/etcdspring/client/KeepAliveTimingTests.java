/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.Arrays;

import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.lease.LeaseGrant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link KeepAliveStream}: which renewals share a wake-up.
 */
class KeepAliveTimingTests {

	private static final Duration TTL = Duration.ofSeconds(9);

	private static final Duration THIRD = Duration.ofSeconds(3);

	/** A sixtieth. */
	private static final Duration SOON = Duration.ofMillis(150);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private EtcdClient client;

	private LeaseGrant first;

	@BeforeEach
	void keepTheFirst() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.clock, this.member);
		this.first = keep();
		this.member.keepAlive().awaitStream(0);
	}

	private LeaseGrant keep() {
		LeaseGrant grant = this.client.lease().grant(TTL);
		this.client.lease().keepAlive(grant);
		return grant;
	}

	private void awaitRenewals(LeaseGrant... grants) {
		var stream = this.member.keepAlive().awaitStream(0);
		await().until(() -> stream.messages().size() >= grants.length);
		// what was sent before this read was seen
		this.client.kv().get("barrier");
		assertThat(stream.messages()).extracting((renewal) -> renewal.getID())
			.containsExactly(Arrays.stream(grants).map((grant) -> grant.id().value()).toArray(Long[]::new));
	}

	@Test
	void renewsWithALeaseThoseThatAreDueSoonAfterIt() {
		this.clock.advance(SOON);
		LeaseGrant second = keep();

		this.clock.advance(THIRD.minus(SOON));

		awaitRenewals(this.first, second);
	}

	@Test
	void waitsWithALeaseThatIsDueLater() {
		this.clock.advance(SOON.plusMillis(1));
		LeaseGrant second = keep();

		this.clock.advance(THIRD.minus(SOON).minusMillis(1));
		awaitRenewals(this.first);

		this.clock.advance(SOON.plusMillis(1));
		awaitRenewals(this.first, second);
	}

}
