/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.cluster.ClusterClient;
import io.github.etcdspring.cluster.Member;
import io.github.etcdspring.cluster.MemberAddRequest;
import io.github.etcdspring.cluster.MemberAddResult;
import io.github.etcdspring.cluster.MemberUpdateRequest;
import io.github.etcdspring.cluster.MembersResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Changes of the members of a cluster of one: learners come and go, and none of them is
 * started.
 */
class ClusterIntegrationTests {

	/** The id of a member is made of its URLs, and no id is ever used again. */
	private static final AtomicInteger PORT = new AtomicInteger();

	private static final MemberId UNKNOWN = new MemberId(4711);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final String url = "http://127.0.0.1:" + PORT.incrementAndGet();

	private final String otherUrl = "http://127.0.0.1:" + PORT.incrementAndGet();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private final ClusterClient cluster = this.client.cluster();

	@AfterEach
	void removeAddedMembers() {
		this.cluster.list()
			.members()
			.stream()
			.filter((member) -> !member.isStarted())
			.forEach((added) -> this.cluster.remove(added.id()));
	}

	private Member voter() {
		return this.cluster.list().members().stream().filter(Member::isStarted).findFirst().orElseThrow();
	}

	private Member addLearner() {
		return this.cluster.add(MemberAddRequest.of(this.url).asLearner()).member();
	}

	private void assertRefused(EtcdError error, Function<ClusterClient, Object> call) {
		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(() -> call.apply(this.cluster))
			.satisfies((ex) -> {
				assertThat(ex.error()).contains(error);
				assertThat(ex.code()).isEqualTo(error.code());
				assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			});
	}

	/** A member as etcdctl prints it. */
	private static String line(Member member) {
		return String.join(", ", member.id().toString(), member.isStarted() ? "started" : "unstarted", member.name(),
				String.join(",", member.peerUrls()), String.join(",", member.clientUrls()),
				String.valueOf(member.learner()));
	}

	private void assertEtcdctlListsTheSame() {
		assertThat(etcd.cluster().etcdctl("member", "list").lines()).containsExactlyInAnyOrderElementsOf(
				this.cluster.list().members().stream().map(ClusterIntegrationTests::line).toList());
	}

	@Test
	void listsMembersAsEtcdctlDoes() {
		Member voter = voter();

		assertThat(voter.isStarted()).isTrue();
		assertThat(voter.name()).isEqualTo(etcd.cluster().member(0).name());
		assertThat(voter.clientUrls()).containsExactly(etcd.cluster().member(0).endpoint());
		assertThat(this.cluster.list().header().member()).isEqualTo(voter.id());
		assertThat(this.cluster.list().header().revision()).isZero();
		assertThat(this.cluster.listSerializable().members()).containsExactly(voter);
		assertEtcdctlListsTheSame();
	}

	@Test
	void addsLearnerThatEtcdctlSees() {
		MemberAddResult added = this.cluster.add(MemberAddRequest.of(this.url).asLearner());

		assertThat(added.member().learner()).isTrue();
		assertThat(added.member().isStarted()).isFalse();
		assertThat(added.member().peerUrls()).containsExactly(this.url);
		assertThat(added.member().clientUrls()).isEmpty();
		assertThat(added.members()).hasSize(2).contains(added.member());
		assertThat(this.cluster.list().member(added.member().id())).contains(added.member());
		assertEtcdctlListsTheSame();
	}

	@Test
	void removesLearnerThatEtcdctlAdded() {
		etcd.cluster().etcdctl("member", "add", "n9", "--peer-urls=" + this.url, "--learner");
		Member learner = this.cluster.list().members().stream().filter(Member::learner).findFirst().orElseThrow();

		assertThat(this.cluster.remove(learner.id()).members()).containsExactly(voter());
		assertEtcdctlListsTheSame();
	}

	@Test
	void addsMemberThatEtcdctlRemoves() {
		Member learner = addLearner();

		etcd.cluster().etcdctl("member", "remove", learner.id().toString());

		assertThat(this.cluster.list().members()).containsExactly(voter());
	}

	@Test
	void changesUrlsOfMember() {
		Member learner = addLearner();

		MembersResult updated = this.cluster.update(MemberUpdateRequest.of(learner.id(), this.url, this.otherUrl));

		// whether it learns on depends on the server
		assertThat(updated.member(learner.id()).orElseThrow().peerUrls()).containsExactlyInAnyOrder(this.url,
				this.otherUrl);
		assertEtcdctlListsTheSame();
	}

	@Test
	void refusesToPromoteLearnerThatLagsBehind() {
		Member learner = addLearner();

		assertRefused(EtcdError.LEARNER_NOT_READY, (cluster) -> cluster.promote(learner.id()));
	}

	@Test
	void refusesToPromoteVoter() {
		Member voter = voter();

		assertRefused(EtcdError.MEMBER_NOT_LEARNER, (cluster) -> cluster.promote(voter.id()));
	}

	@Test
	void refusesSecondLearner() {
		addLearner();

		assertRefused(EtcdError.TOO_MANY_LEARNERS,
				(cluster) -> cluster.add(MemberAddRequest.of(this.otherUrl).asLearner()));
	}

	@Test
	void refusesUrlsOfAnotherMember() {
		String taken = voter().peerUrls().get(0);
		Member learner = addLearner();

		assertRefused(EtcdError.PEER_URL_EXISTS, (cluster) -> cluster.add(MemberAddRequest.of(taken).asLearner()));
		assertRefused(EtcdError.PEER_URL_EXISTS,
				(cluster) -> cluster.update(MemberUpdateRequest.of(learner.id(), taken)));
	}

	@Test
	void refusesMemberThatDoesNotExist() {
		assertRefused(EtcdError.MEMBER_NOT_FOUND, (cluster) -> cluster.remove(UNKNOWN));
		assertRefused(EtcdError.MEMBER_NOT_FOUND, (cluster) -> cluster.promote(UNKNOWN));
		assertRefused(EtcdError.MEMBER_NOT_FOUND,
				(cluster) -> cluster.update(MemberUpdateRequest.of(UNKNOWN, this.url)));
	}

	@Test
	void refusesMemberThatWasRemoved() {
		Member learner = addLearner();
		this.cluster.remove(learner.id());

		assertRefused(EtcdError.MEMBER_NOT_FOUND, (cluster) -> cluster.remove(learner.id()));
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		MemberId learner = this.cluster.addAsync(MemberAddRequest.of(this.url).asLearner()).join().member().id();

		assertThat(this.cluster.updateAsync(MemberUpdateRequest.of(learner, this.otherUrl))
			.thenCompose((updated) -> this.cluster.removeAsync(learner))
			.thenCompose((removed) -> this.cluster.listAsync())
			.thenCombine(this.cluster.listSerializableAsync(), (list, serializable) -> list.members()))
			.succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo(List.of(voter()));
	}

}
