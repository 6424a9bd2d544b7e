/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link QueueEntry}: what it makes of the key that an earlier process left
 * under the lease that was adopted.
 */
class AdoptedKeyTests {

	private static final ByteSequence PREFIX = ByteSequence.of("lock/");

	private static final String LEFT = "lock/7";

	private static final long TOKEN = ScriptedEtcd.REVISION + 1;

	private static final ByteSequence NOW = ByteSequence.of("now");

	private static final Status LOST = Status.UNAVAILABLE.withDescription("etcdserver: request timed out");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private QueueStore store;

	private Session session;

	@BeforeEach
	void adopt() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		this.member.keepAlive()
			.onMessage((stream, request) -> stream
				.send(LeaseKeepAliveResponse.newBuilder().setID(request.getID()).setTTL(60).build()));
		this.session = this.cluster
			.closing(Session.adopt(this.cluster.client(this.member), new LeaseId(7), Duration.ofSeconds(60)));
		resultOf(this.session.leaseAsync());
	}

	private CompletableFuture<Optional<Ownership>> own(boolean onlyIfFree) {
		return onlyIfFree ? this.session.tryEnter(PREFIX, NOW)
				: this.session.enter(PREFIX, NOW).thenApply(Optional::of);
	}

	@ParameterizedTest(name = "only if free: {0}")
	@ValueSource(booleans = { true, false })
	void ownsAgainUnderTheSameTokenAndSaysWhatItIsToSay(boolean onlyIfFree) {
		this.store.put(LEFT, "before");

		Ownership ownership = resultOf(own(onlyIfFree)).orElseThrow();

		assertThat(ownership.token()).isEqualTo(TOKEN);
		assertThat(this.store.get(LEFT)).hasValueSatisfying((kv) -> {
			assertThat(kv.getValue().toStringUtf8()).isEqualTo("now");
			assertThat(kv.getCreateRevision()).isEqualTo(TOKEN);
			assertThat(kv.getLease()).isEqualTo(7);
		});
	}

	@ParameterizedTest(name = "only if free: {0}")
	@ValueSource(booleans = { true, false })
	void writesNothingWhenTheKeySaysTheSame(boolean onlyIfFree) {
		this.store.put(LEFT, "now");

		assertThat(resultOf(own(onlyIfFree))).isPresent();

		assertThat(this.store.get(LEFT)).hasValueSatisfying((kv) -> assertThat(kv.getVersion()).isEqualTo(1));
		assertThat(this.member.txn().count()).isEqualTo(1);
	}

	@ParameterizedTest(name = "only if free: {0}")
	@ValueSource(booleans = { true, false })
	void saysItOnceWhenTheAnswerIsLost(boolean onlyIfFree) {
		this.store.put(LEFT, "before");
		this.member.txn().then((call) -> call.answer(this.store.commit(call.request()))).then((call) -> {
			this.store.commit(call.request());
			call.fail(LOST);
		});

		assertThat(resultOf(own(onlyIfFree))).isPresent();

		assertThat(this.store.get(LEFT)).hasValueSatisfying((kv) -> {
			assertThat(kv.getValue().toStringUtf8()).isEqualTo("now");
			assertThat(kv.getVersion()).isEqualTo(2);
		});
	}

	@ParameterizedTest(name = "only if free: {0}")
	@ValueSource(booleans = { true, false })
	void entersAnewWhenTheKeyGoesBeforeItSaysIt(boolean onlyIfFree) {
		this.store.put(LEFT, "before");
		this.member.txn().then((call) -> call.answer(this.store.commit(call.request()))).then((call) -> {
			this.store.delete(LEFT);
			call.answer(this.store.commit(call.request()));
		});

		Ownership ownership = resultOf(own(onlyIfFree)).orElseThrow();

		assertThat(ownership.token()).isGreaterThan(TOKEN);
		assertThat(this.store.get(LEFT))
			.hasValueSatisfying((kv) -> assertThat(kv.getValue().toStringUtf8()).isEqualTo("now"));
	}

}
