/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;

import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of the views of {@link EtcdClient} that change how calls are made.
 */
class ClientViewTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@Test
	void endsACallAtTheTimeoutOfTheView() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		client.kv().get("key");
		member.range().thenHold();

		assertThatExceptionOfType(EtcdTimeoutException.class)
			.isThrownBy(() -> client.withTimeout(Duration.ofMillis(100)).kv().get("key"))
			.withMessageContaining("no answer within 100 ms");
	}

	@Test
	void keepsTheTimeoutWhenAnotherViewIsMadeOfIt() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member).withTimeout(Duration.ofMillis(100)).withRequireLeader();
		member.range().thenHold();

		assertThatExceptionOfType(EtcdTimeoutException.class).isThrownBy(() -> client.kv().get("key"))
			.withMessageContaining("no answer within 100 ms");
	}

	@Test
	void refusesATimeoutThatIsNotAboveZero() {
		EtcdClient client = this.cluster.client(this.cluster.member());

		assertThatIllegalArgumentException().isThrownBy(() -> client.withTimeout(Duration.ZERO))
			.withMessage("request timeout: PT0S (expected: above zero, and at most 36500 days)");
	}

	@Test
	void asksForALeaderOnlyWhereItIsRequired() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);

		client.kv().get("key");
		client.withRequireLeader().kv().get("key");

		assertThat(member.range().calls()).extracting((call) -> call.header("hasleader")).containsExactly(null, "true");
	}

	@Test
	void namesTheVersionOfTheApi() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member).kv().get("key");

		assertThat(member.range().calls()).extracting((call) -> call.header("client-api-version"))
			.containsExactly("3.7");
	}

	@Test
	void offersNoCompression() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member).kv().get("key");

		assertThat(member.range().calls()).extracting((call) -> call.header("grpc-accept-encoding"))
			.containsOnlyNulls();
	}

	@Test
	void leavesTheConnectionAloneWhenAViewIsClosed() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);

		client.withRequireLeader().close();

		assertThat(client.kv().get("key").revision()).isEqualTo(ScriptedEtcd.REVISION);
	}

}
