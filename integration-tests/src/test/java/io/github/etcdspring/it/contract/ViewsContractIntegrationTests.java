/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Views of a client, the namespace aside.
 */
@Contract
class ViewsContractIntegrationTests {

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	ViewsContractIntegrationTests(ContractServer server) {
		this.client = server.connect();
	}

	@Test
	void readsNothingOlderThanWhatWasSeenWhenReadsAreOrdered() {
		EtcdClient ordered = this.client.withOrdering();
		RangeRequest serializable = RangeRequest.builder(this.keys.range()).serializable().build();

		for (int i = 0; i < 30; i++) {
			String value = "" + i;
			long written = this.client.kv().put(this.keys.name("k"), value).revision();

			RangeResult found = ordered.kv().get(serializable);

			assertThat(found.revision()).isGreaterThanOrEqualTo(written);
			assertThat(found.first().orElseThrow().value().toUtf8()).isEqualTo(value);
		}
	}

	@Test
	void readsAndWritesWhenThereIsTheLeaderThatIsRequired() {
		EtcdClient led = this.client.withRequireLeader();

		led.kv().put(this.keys.name("k"), "v");

		assertThat(led.kv().get(this.keys.name("k")).count()).isEqualTo(1);
	}

	@Test
	void endsCallsOfViewAloneWhenItsTimeoutIsShort() {
		EtcdClient hurried = this.client.withTimeout(Duration.ofNanos(1));

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> hurried.kv().put(this.keys.name("k"), "v"));

		// not even a connection is ready so soon
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(failure.isRetryable()).isTrue();
		assertThat(this.client.kv().get(this.keys.name("k")).count()).isZero();
	}

}
