/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

class EtcdClusterExtensionIntegrationTests {

	// what the test classes below saw; they run in this thread
	private static final List<EtcdCluster> SEEN = new ArrayList<>();

	@BeforeEach
	void forget() {
		SEEN.clear();
	}

	@Test
	void healsMembersBetweenTestsAndClosesAfterNestedClassesWhenFieldIsStatic() {
		run(SharedCluster.class).assertStatistics((tests) -> tests.succeeded(3));

		assertThat(SEEN).hasSize(3).containsOnly(SEEN.get(0));
		assertThat(SEEN.get(0).members()).noneMatch(EtcdMember::isRunning);
		assertThatIllegalStateException().isThrownBy(SharedCluster.etcd::cluster).withMessage("no test is running");
	}

	@Test
	void startsClusterForEachTestWhenFieldIsOfInstance() {
		run(OwnCluster.class).assertStatistics((tests) -> tests.succeeded(2));

		assertThat(SEEN).hasSize(2).doesNotHaveDuplicates();
		assertThat(SEEN).allSatisfy((cluster) -> assertThat(cluster.member(0).isRunning()).isFalse());
	}

	@Test
	void startsSingleMemberWhenDeclaredOnClass() {
		run(DeclaredCluster.class).assertStatistics((tests) -> tests.succeeded(1));

		assertThat(SEEN).singleElement().satisfies((cluster) -> assertThat(cluster.members()).hasSize(1));
	}

	@Test
	void printsEndOfLogAndStillClosesWhenTestFails() {
		ByteArrayOutputStream printed = new ByteArrayOutputStream();
		PrintStream standardError = System.err;
		System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
		try {
			run(ClusterOfFailure.class).assertStatistics((tests) -> tests.failed(1));
		}
		finally {
			System.setErr(standardError);
		}

		assertThat(printed.toString(StandardCharsets.UTF_8)).contains("fails(EtcdCluster) failed",
				"--- end of the log of n1 (http://127.0.0.1:", "\"level\":\"info\"");

		assertThat(SEEN).singleElement().satisfies((cluster) -> assertThat(cluster.member(0).isRunning()).isFalse());
	}

	private static Events run(Class<?> testClass) {
		return EngineTestKit.engine("junit-jupiter").selectors(selectClass(testClass)).execute().testEvents();
	}

	@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
	static class SharedCluster {

		@RegisterExtension
		static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

		@Test
		@Order(1)
		void breaksMembers(EtcdCluster cluster) {
			SEEN.add(cluster);
			cluster.etcdctl("put", "key", "value");
			cluster.member(0).kill();
			cluster.member(1).pause();
			cluster.member(2).stop();
		}

		@Test
		@Order(2)
		void findsMembersHealed(EtcdCluster cluster) {
			SEEN.add(cluster);
			assertThat(etcd.cluster()).isSameAs(cluster);
			assertThat(cluster.members()).allMatch((member) -> member.process().isResponsive());
			assertThat(cluster.etcdctl("get", "key")).isEqualTo("key\nvalue");
		}

		@Nested
		class Inside {

			@Test
			void hasClusterOfOuterClass(EtcdCluster cluster) {
				SEEN.add(cluster);
				assertThat(cluster.etcdctl("get", "key")).isEqualTo("key\nvalue");
			}

		}

	}

	static class OwnCluster {

		@RegisterExtension
		final EtcdClusterExtension etcd = EtcdClusterExtension.of(EtcdCluster.builder());

		@Test
		void putsKey() {
			findsNoKey();
			this.etcd.cluster().etcdctl("put", "key", "value");
		}

		@Test
		void findsNoKey() {
			SEEN.add(this.etcd.cluster());
			assertThat(this.etcd.cluster().etcdctl("get", "key")).isEmpty();
		}

	}

	@ExtendWith(EtcdClusterExtension.class)
	static class DeclaredCluster {

		@Test
		void hasCluster(EtcdCluster cluster) {
			SEEN.add(cluster);
			assertThat(cluster.etcdctl("put", "key", "value")).isEqualTo("OK");
		}

	}

	static class ClusterOfFailure {

		@RegisterExtension
		static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

		@Test
		void fails(EtcdCluster cluster) {
			SEEN.add(cluster);
			assertThat(cluster.members()).isEmpty();
		}

	}

}
