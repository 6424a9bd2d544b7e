/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs {@link LocksGuide}.
 */
class LocksGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final Session session = LocksGuide.session(this.client);

	private String count() {
		return this.client.kv().get("billing/count").first().orElseThrow().value().toUtf8();
	}

	@Test
	void worksUnderTheLockOnly() throws Exception {
		AtomicLong token = new AtomicLong();

		assertThat(LocksGuide.bill(this.session, token::set)).isTrue();

		assertThat(token.get()).isPositive();
		assertThat(this.client.kv().get("locks/billing/").count()).isZero();
	}

	@Test
	void writesThroughTheFence() {
		EtcdLock lock = EtcdLock.of(this.session, "locks/billing");
		LocksGuide.count(lock, 1);
		assertThat(count()).isEqualTo("1");

		assertThat(LocksGuide.countLater(lock, this.session, ByteSequence.of("2")))
			.succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo(true);

		assertThat(count()).isEqualTo("2");
		assertThat(lock.tryLock()).isTrue();
		lock.unlock();
	}

}
