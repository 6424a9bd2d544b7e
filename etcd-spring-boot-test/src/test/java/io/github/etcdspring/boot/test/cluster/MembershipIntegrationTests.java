/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class MembershipIntegrationTests {

	// changes at once, rather than after 5 s
	private static EtcdCluster.Builder builder() {
		return EtcdCluster.builder().serverArguments("--strict-reconfig-check=false");
	}

	@Test
	void addsMembersThatVoteAndRemovesThem() {
		try (EtcdCluster cluster = builder().members(2).start()) {
			EtcdMember first = cluster.member(0);
			EtcdMember second = cluster.member(1);
			cluster.etcdctl("put", "greeting", "hello");

			EtcdMember third = cluster.addMember();

			assertThat(cluster.members()).containsExactly(first, second, third);
			assertThat(cluster.members()).extracting(EtcdMember::name).containsExactly("n1", "n2", "n3");
			assertThat(cluster.endpoints()).containsExactly(first.endpoint(), second.endpoint(), third.endpoint());
			assertThat(cluster.etcdctl("--endpoints=" + third.endpoint(), "get", "greeting"))
				.isEqualTo("greeting\nhello");
			first.kill();
			assertThat(cluster.leader()).isNotSameAs(first);
			cluster.heal();

			cluster.removeMember(first);

			assertThat(cluster.members()).containsExactly(second, third);
			assertThat(first.isRunning()).isFalse();
			assertThatIllegalStateException().isThrownBy(first::restart).withMessage(first + " is removed");
			assertThat(cluster.etcdctl("member", "list").lines()).hasSize(2);
			cluster.restart();
			assertThat(cluster.etcdctl("get", "greeting")).isEqualTo("greeting\nhello");
			assertThat(cluster.addMember().name()).isEqualTo("n4");
		}
	}

	@Test
	void addsLearnerThatVotesOncePromoted() {
		try (EtcdCluster cluster = builder().start()) {
			EtcdMember voter = cluster.member(0);

			EtcdMember learner = cluster.addLearner();

			assertThat(cluster.members()).containsExactly(voter, learner);
			assertThat(cluster.endpoints()).containsExactly(voter.endpoint(), learner.endpoint());
			assertThatExceptionOfType(EtcdctlException.class)
				.isThrownBy(() -> cluster.etcdctl("--endpoints=" + learner.endpoint(), "put", "key", "value"))
				.withMessageContaining("learner");
			for (int i = 0; i < 4; i++) {
				assertThat(cluster.etcdctl("put", "key", "value")).isEqualTo("OK");
			}
			learner.kill();
			voter.restart();
			assertThat(cluster.etcdctl("put", "key", "without")).isEqualTo("OK");
			learner.restart();

			cluster.etcdctl("member", "promote", id(cluster, learner));

			assertThat(cluster.etcdctl("--endpoints=" + learner.endpoint(), "get", "key")).isEqualTo("key\nwithout");
			learner.kill();
			// returns though there is no quorum, since it knows that two vote
			voter.restart();
			cluster.heal();
			assertThat(cluster.etcdctl("get", "key")).isEqualTo("key\nwithout");
		}
	}

	@Test
	void removesLearnerThatDoesNotRun() {
		try (EtcdCluster cluster = builder().start()) {
			EtcdMember learner = cluster.addLearner();
			learner.kill();

			cluster.removeMember(learner);

			assertThat(cluster.members()).containsExactly(cluster.member(0));
			assertThat(cluster.etcdctl("member", "list").lines()).hasSize(1);
		}
	}

	@Test
	void waitsUntilEtcdAllowsChangeAndKeepsTlsAndUser() {
		EtcdCluster.Builder builder = EtcdCluster.builder().members(3).mutualTls().enableAuth("secret");
		try (EtcdCluster cluster = builder.start()) {
			EtcdMember removed = cluster.leader();

			cluster.removeMember(removed);

			assertThat(cluster.leader()).isNotSameAs(removed);
			assertThat(cluster.etcdctl("put", "greeting", "hello")).isEqualTo("OK");

			EtcdMember added = cluster.addMember();

			assertThat(cluster.etcdctl("--endpoints=" + added.endpoint(), "get", "greeting"))
				.isEqualTo("greeting\nhello");
		}
	}

	@Test
	void refusesToRemoveStrangerAndLastThatVotes() {
		try (EtcdCluster cluster = builder().start(); EtcdCluster other = EtcdCluster.start()) {
			assertThatIllegalArgumentException().isThrownBy(() -> cluster.removeMember(other.member(0)))
				.withMessage("member: " + other.member(0) + " (expected: one of this cluster)");

			cluster.addLearner();

			assertThatIllegalStateException().isThrownBy(() -> cluster.removeMember(cluster.member(0)))
				.withMessage("cannot remove " + cluster.member(0) + ", the last that votes");
		}
	}

	private static String id(EtcdCluster cluster, EtcdMember member) {
		return cluster.etcdctl("member", "list")
			.lines()
			.filter((line) -> line.contains(", " + member.name() + ", "))
			.map((line) -> line.substring(0, line.indexOf(',')))
			.findFirst()
			.orElseThrow();
	}

}
