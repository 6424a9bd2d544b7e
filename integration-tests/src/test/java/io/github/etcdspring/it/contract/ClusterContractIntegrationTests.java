/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdctlException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.cluster.ClusterClient;
import io.github.etcdspring.cluster.Member;
import io.github.etcdspring.cluster.MemberAddRequest;
import io.github.etcdspring.cluster.MemberAddResult;
import io.github.etcdspring.cluster.MemberUpdateRequest;
import io.github.etcdspring.cluster.MembersResult;
import org.awaitility.core.ConditionFactory;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Changes of the members: learners come and go, and none of them is started.
 */
@Contract
class ClusterContractIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	/** The id of a member is made of its URLs, and no id is ever used again. */
	private static final AtomicInteger PORT = new AtomicInteger();

	private static final MemberId UNKNOWN = new MemberId(4711);

	private final ContractServer server;

	private final String url = "http://127.0.0.1:" + PORT.incrementAndGet();

	private final String otherUrl = "http://127.0.0.1:" + PORT.incrementAndGet();

	@AutoClose
	private final EtcdClient client;

	private final ClusterClient cluster;

	ClusterContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
		this.cluster = this.client.cluster();
	}

	@AfterEach
	void removeAddedMembers() {
		listed().stream().filter((member) -> !member.isStarted()).forEach((added) -> this.cluster.remove(added.id()));
		soon().until(() -> listed().stream().allMatch(Member::isStarted));
	}

	private static ConditionFactory soon() {
		return await().atMost(SOON).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
	}

	private List<Member> listed() {
		return this.cluster.list().members();
	}

	private Member voter() {
		return listed().stream().filter(Member::isStarted).findFirst().orElseThrow();
	}

	private Member addLearner() {
		Member learner = add(MemberAddRequest.of(this.url).asLearner()).member();
		awaitEverywhere(learner.id(), true);
		return learner;
	}

	/** Three members must have been connected for 5 s before etcd takes another. */
	private MemberAddResult add(MemberAddRequest request) {
		return soon()
			.ignoreExceptionsMatching((failure) -> failure instanceof EtcdException refusal
					&& refusal.error().equals(Optional.of(EtcdError.UNHEALTHY)))
			.until(() -> this.cluster.add(request), (added) -> true);
	}

	/** Lists of etcd 3.4 may lag behind. */
	private void awaitEverywhere(MemberId id, boolean listed) {
		for (String endpoint : this.server.cluster().endpoints()) {
			try (EtcdClient local = this.server.connectTo(endpoint)) {
				soon().until(() -> local.cluster().list().member(id).isPresent() == listed);
			}
		}
	}

	/**
	 * Followers ask the leader for a promotion, without credentials, and pass on few of
	 * its refusals: a call of theirs may end in a timeout.
	 */
	private void assertRefusedByLeader(EtcdError error, MemberId promoted) {
		try (EtcdClient leader = this.server.connectTo(this.server.cluster().leader().endpoint())) {
			assertRefused(error, () -> leader.cluster().promote(promoted));
		}
	}

	private static void assertRefused(EtcdError error, ThrowingCallable call) {
		assertThatExceptionOfType(EtcdRequestException.class).isThrownBy(call).satisfies((ex) -> {
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
		soon().untilAsserted(
				() -> assertThat(this.server.etcdctl("member", "list").lines()).containsExactlyInAnyOrderElementsOf(
						listed().stream().map(ClusterContractIntegrationTests::line).toList()));
	}

	@Test
	void listsMembersAsEtcdctlDoes() {
		List<Member> members = listed();

		assertThat(members).hasSize(this.server.kind().members()).allSatisfy((member) -> {
			assertThat(member.isStarted()).isTrue();
			assertThat(member.learner()).isFalse();
		});
		assertThat(members).extracting((member) -> member.name() + member.clientUrls())
			.containsExactlyInAnyOrderElementsOf(this.server.cluster()
				.members()
				.stream()
				.map((member) -> member.name() + List.of(member.endpoint()))
				.toList());
		assertThat(members).extracting(Member::id).contains(this.cluster.list().header().member());
		assertThat(this.cluster.list().header().revision()).isZero();
		assertThat(this.cluster.listSerializable().members()).containsExactlyInAnyOrderElementsOf(members);
		assertEtcdctlListsTheSame();
	}

	@Test
	void addsLearnerThatEtcdctlSees() {
		MemberAddResult added = add(MemberAddRequest.of(this.url).asLearner());

		assertThat(added.member().learner()).isTrue();
		assertThat(added.member().isStarted()).isFalse();
		assertThat(added.member().peerUrls()).containsExactly(this.url);
		assertThat(added.member().clientUrls()).isEmpty();
		assertThat(added.members()).hasSize(this.server.kind().members() + 1).contains(added.member());
		awaitEverywhere(added.member().id(), true);
		assertEtcdctlListsTheSame();
	}

	@Test
	void removesLearnerThatEtcdctlAdded() {
		soon().ignoreExceptionsInstanceOf(EtcdctlException.class)
			.until(() -> this.server.etcdctl("member", "add", "n9", "--peer-urls=" + this.url, "--learner"),
					(added) -> true);
		Member learner = soon().until(() -> listed().stream().filter(Member::learner).findFirst(), Optional::isPresent)
			.orElseThrow();

		assertThat(this.cluster.remove(learner.id()).member(learner.id())).isEmpty();
		assertEtcdctlListsTheSame();
	}

	@Test
	void addsMemberThatEtcdctlRemoves() {
		Member learner = addLearner();

		this.server.etcdctl("member", "remove", learner.id().toString());

		awaitEverywhere(learner.id(), false);
	}

	@Test
	void changesUrlsOfMember() {
		Member learner = addLearner();

		MembersResult updated = this.cluster.update(MemberUpdateRequest.of(learner.id(), this.url, this.otherUrl));

		// whether it learns on depends on the server
		assertThat(updated.member(learner.id()).orElseThrow().peerUrls()).containsExactlyInAnyOrder(this.url,
				this.otherUrl);
		awaitEverywhere(learner.id(), true);
		assertEtcdctlListsTheSame();
	}

	@Test
	void refusesToPromoteLearnerThatLagsBehind() {
		Member learner = addLearner();

		assertRefusedByLeader(EtcdError.LEARNER_NOT_READY, learner.id());
	}

	@Test
	void refusesToPromoteVoter() {
		Member voter = voter();

		assertRefusedByLeader(EtcdError.MEMBER_NOT_LEARNER, voter.id());
	}

	@Test
	void refusesSecondLearner() {
		addLearner();

		assertRefused(EtcdError.TOO_MANY_LEARNERS,
				() -> this.cluster.add(MemberAddRequest.of(this.otherUrl).asLearner()));
	}

	@Test
	void refusesUrlsOfAnotherMember() {
		String taken = voter().peerUrls().get(0);
		Member learner = addLearner();

		assertRefused(EtcdError.PEER_URL_EXISTS, () -> this.cluster.add(MemberAddRequest.of(taken).asLearner()));
		assertRefused(EtcdError.PEER_URL_EXISTS,
				() -> this.cluster.update(MemberUpdateRequest.of(learner.id(), taken)));
	}

	@Test
	void refusesMemberThatDoesNotExist() {
		assertRefused(EtcdError.MEMBER_NOT_FOUND, () -> this.cluster.remove(UNKNOWN));
		assertRefusedByLeader(EtcdError.MEMBER_NOT_FOUND, UNKNOWN);
		assertRefused(EtcdError.MEMBER_NOT_FOUND, () -> this.cluster.update(MemberUpdateRequest.of(UNKNOWN, this.url)));
	}

	@Test
	void refusesMemberThatWasRemoved() {
		Member learner = addLearner();
		this.cluster.remove(learner.id());
		awaitEverywhere(learner.id(), false);

		assertRefused(EtcdError.MEMBER_NOT_FOUND, () -> this.cluster.remove(learner.id()));
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		// so that the members are ready for it
		this.cluster.remove(add(MemberAddRequest.of(this.otherUrl).asLearner()).member().id());
		MemberId learner = this.cluster.addAsync(MemberAddRequest.of(this.url).asLearner()).join().member().id();

		assertThat(this.cluster.updateAsync(MemberUpdateRequest.of(learner, this.otherUrl))
			.thenCompose((updated) -> this.cluster.removeAsync(learner))
			.thenApply((removed) -> removed.member(learner))).succeedsWithin(SOON).isEqualTo(Optional.empty());
		awaitEverywhere(learner, false);
		assertThat(this.cluster.listAsync().thenApply(MembersResult::members)).succeedsWithin(SOON)
			.isEqualTo(this.cluster.listSerializableAsync().join().members());
	}

}
