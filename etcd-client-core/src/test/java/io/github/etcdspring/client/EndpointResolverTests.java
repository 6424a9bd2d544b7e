/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.List;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EndpointResolver}.
 */
class EndpointResolverTests {

	/** Longer than a label of a host name may be, so that no name server is asked. */
	private static final String UNKNOWN = "http://" + "a".repeat(64) + ":2379";

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@Test
	void reachesAMemberByItsNameAndNamesItSo() {
		ScriptedEtcd member = this.cluster.member();
		String address = member.address().replace("127.0.0.1", "localhost");

		client(Duration.ofSeconds(10), address).kv().get("key");

		assertThat(member.range().calls()).extracting(ScriptedCall::authority).containsExactly(address);
	}

	@Test
	void namesEachMemberByItsOwnAuthority() {
		ScriptedEtcd first = this.cluster.member();
		ScriptedEtcd second = this.cluster.member();
		EtcdClient client = this.cluster.client(first, second);

		await().until(() -> {
			client.kv().get("key");
			return first.range().count() > 0 && second.range().count() > 0;
		});

		assertThat(first.range().calls()).extracting(ScriptedCall::authority).containsOnly(first.address());
		assertThat(second.range().calls()).extracting(ScriptedCall::authority).containsOnly(second.address());
	}

	/** Where the machine has no IPv6, nobody can be there, and that is said. */
	@Test
	void reachesAMemberByItsIpv6Address() throws Exception {
		ScriptedEtcd member = this.cluster.member();
		String address = member.address().replace("127.0.0.1", "[::1]");
		EtcdClient client = client(Duration.ofSeconds(1), "http://" + address);

		byte[] loopback = new byte[16];
		loopback[15] = 1;
		if (NetworkInterface.getByInetAddress(InetAddress.getByAddress(loopback)) != null) {
			client.kv().get("key");
			assertThat(member.range().calls()).extracting(ScriptedCall::authority).containsExactly(address);
		}
		else {
			assertThatExceptionOfType(EtcdUnavailableException.class).isThrownBy(() -> client.kv().get("key"))
				.withMessageContaining("http://" + address);
		}
	}

	@Test
	void leavesOutAMemberWhoseNameIsUnknown() {
		ScriptedEtcd member = this.cluster.member();

		client(Duration.ofSeconds(10), UNKNOWN, member.endpoint()).kv().get("key");

		assertThat(member.range().count()).isEqualTo(1);
	}

	@Test
	void failsWithinTheTimeoutWhenNoNameIsKnown() {
		EtcdClient client = client(Duration.ofMillis(500), UNKNOWN);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class)
			.hasMessageContaining("within 500 ms")
			.hasMessageContaining(UNKNOWN);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
	}

	private EtcdClient client(Duration timeout, String... endpoints) {
		return this.cluster
			.closing(EtcdClient.create(EtcdClientOptions.builder(List.of(endpoints)).requestTimeout(timeout).build()));
	}

}
