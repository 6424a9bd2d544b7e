/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.Optional;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.cluster.ClusterClient;
import io.github.etcdspring.cluster.Member;
import io.github.etcdspring.cluster.MemberAddRequest;
import io.github.etcdspring.cluster.MembersResult;
import io.github.etcdspring.kv.RangeRequest;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Changes of the voters of a cluster, which each test has for itself.
 */
@EachVersion
class MemberChangeIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	@RegisterExtension
	final EtcdClusterExtension etcd;

	@AutoClose
	private EtcdClient client;

	private ClusterClient cluster;

	MemberChangeIntegrationTests(String version) {
		this.etcd = EtcdClusterExtension.of(EtcdCluster.builder().version(version));
	}

	@BeforeEach
	void connect() {
		this.client = EtcdClients.connect(this.etcd.cluster());
		this.cluster = this.client.cluster();
	}

	@Test
	void promotesLearnerThatHasCaughtUp() {
		this.client.kv().put("key", "value");
		EtcdMember added = this.etcd.cluster().addLearner();
		Member learner = this.cluster.list().members().stream().filter(Member::learner).findFirst().orElseThrow();
		assertThat(learner.name()).isEqualTo(added.name());
		assertThat(learner.clientUrls()).containsExactly(added.endpoint());
		try (EtcdClient local = EtcdClients.connectTo(added)) {
			RangeRequest stale = RangeRequest.builder(KeyRange.key("key")).serializable().build();
			await().atMost(SOON).until(() -> local.kv().get(stale).count() == 1);
			assertThatExceptionOfType(EtcdUnavailableException.class).isThrownBy(() -> local.cluster().list())
				.satisfies((ex) -> assertThat(ex.error()).contains(EtcdError.NOT_SUPPORTED_FOR_LEARNER));

			MembersResult promoted = promote(learner.id());

			assertThat(promoted.member(learner.id()).orElseThrow().learner()).isFalse();
			// it may learn of it last
			await().atMost(SOON)
				.ignoreExceptionsInstanceOf(EtcdUnavailableException.class)
				.until(() -> local.cluster().list().header().member().equals(learner.id()));
			local.kv().put("key", "by the new voter");
		}
	}

	private MembersResult promote(MemberId id) {
		return await().atMost(SOON)
			.ignoreExceptionsMatching(MemberChangeIntegrationTests::isTooEarly)
			.until(() -> this.cluster.promote(id), (all) -> true);
	}

	private static boolean isTooEarly(Throwable failure) {
		return failure instanceof EtcdRequestException refusal
				&& refusal.error().equals(Optional.of(EtcdError.LEARNER_NOT_READY));
	}

	@Test
	void refusesChangesForWhichTooFewMembersAreStarted() {
		Member first = this.cluster.list().members().get(0);
		MemberId second = this.cluster.add(MemberAddRequest.of("http://127.0.0.1:1")).member().id();

		assertTooFewStarted(() -> this.cluster.add(MemberAddRequest.of("http://127.0.0.1:2")));
		assertTooFewStarted(() -> this.cluster.remove(first.id()));

		assertThat(this.cluster.listSerializable().members()).extracting(Member::id)
			.containsExactlyInAnyOrder(first.id(), second);
	}

	private static void assertTooFewStarted(ThrowingCallable change) {
		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(change).satisfies((ex) -> {
			assertThat(ex.error()).contains(EtcdError.MEMBER_NOT_ENOUGH_STARTED);
			assertThat(ex.code()).isEqualTo(StatusCode.FAILED_PRECONDITION);
			assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			assertThat(ex.isRetryable()).isTrue();
		});
	}

	@Test
	void listsWithoutQuorumOnlyWhenListMayBeStale() {
		this.cluster.add(MemberAddRequest.of("http://127.0.0.1:1"));
		try (EtcdClient brief = EtcdClients.connect(this.etcd.cluster(), Duration.ofSeconds(1))) {
			assertThat(brief.cluster().listSerializable().members()).hasSize(2);
			if (this.etcd.cluster().version().startsWith("3.4.")) {
				assertThat(brief.cluster().list().members()).hasSize(2);
			}
			else {
				assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> brief.cluster().list())
					.satisfies((ex) -> assertThat(ex.isRetryable()).isTrue());
			}
		}
	}

}
