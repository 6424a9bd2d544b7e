/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link GrpcWatchClient}: where watches begin that are opened at the same time.
 */
class WatchOpeningTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.member.range().otherwiseHold();
	}

	private static CompletableFuture<Watch> open(EtcdClient client, int key) {
		return client.watch().openAsync(WatchRequest.of(KeyRange.key("k" + key)), new RecordingListener());
	}

	private static List<CompletableFuture<Watch>> open(EtcdClient client, int from, int to) {
		return IntStream.range(from, to).mapToObj((key) -> open(client, key)).toList();
	}

	private static void answer(ScriptedCall<RangeRequest, RangeResponse> read, long revision) {
		read.answer(RangeResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(revision)).build());
	}

	/** Where the watch begins that is created as number so and so. */
	private long begin(int number) {
		var stream = this.member.watch().awaitStream(0);
		var message = stream.awaitMessage(number).getCreateRequest();
		stream.send(created(message.getWatchId(), 1000));
		return message.getStartRevision();
	}

	@Test
	void readsOnceForAllThatAskWhileAnotherReadIsUnderWay() {
		EtcdClient client = this.cluster.client(this.member);
		CompletableFuture<Watch> first = open(client, 0);
		var underWay = this.member.range().awaitCall(0);
		List<CompletableFuture<Watch>> others = open(client, 1, 4);

		answer(underWay, 100);

		resultOf(first);
		answer(this.member.range().awaitCall(1), 105);
		others.forEach((other) -> assertThat(resultOf(other).isOpen()).isTrue());
		assertThat(this.member.range().count()).isEqualTo(2);
		assertThat(IntStream.range(0, 4).mapToLong(this::begin)).containsExactly(101L, 106L, 106L, 106L);
	}

	@Test
	void givesNobodyAnAnswerThatMayBeOlderThanTheQuestion() {
		EtcdClient client = this.cluster.client(this.member);
		CompletableFuture<Watch> first = open(client, 0);
		var underWay = this.member.range().awaitCall(0);
		CompletableFuture<Watch> later = open(client, 1);

		answer(underWay, 100);

		resultOf(first);
		this.member.range().awaitCall(1);
		assertThat(later).isNotDone();
	}

	@Test
	void readsForTheNextWhenAReadHasFailed() {
		EtcdClient client = this.cluster.client(this.member);
		CompletableFuture<Watch> first = open(client, 0);
		var underWay = this.member.range().awaitCall(0);
		CompletableFuture<Watch> later = open(client, 1);

		underWay.fail(Status.DATA_LOSS.withDescription("etcdserver: corrupt"));
		answer(this.member.range().awaitCall(1), 105);

		assertThat(failureOf(first)).isInstanceOf(EtcdServerException.class);
		assertThat(resultOf(later).isOpen()).isTrue();
	}

	@Test
	void failsAllThatShareAReadThatFails() {
		EtcdClient client = this.cluster.client(this.member);
		open(client, 0);
		var underWay = this.member.range().awaitCall(0);
		List<CompletableFuture<Watch>> others = open(client, 1, 4);
		answer(underWay, 100);

		this.member.range().awaitCall(1).fail(Status.DATA_LOSS.withDescription("etcdserver: corrupt"));

		others.forEach((other) -> assertThat(failureOf(other)).isInstanceOf(EtcdServerException.class));
	}

	@Test
	void goesOnForOthersWhenOneGivesUpAndSaysSoTwice() {
		EtcdClient client = this.cluster.client(this.member);
		open(client, 0);
		var underWay = this.member.range().awaitCall(0);
		List<CompletableFuture<Watch>> others = open(client, 1, 3);
		answer(underWay, 100);
		var shared = this.member.range().awaitCall(1);

		others.get(0).cancel(true);
		others.get(0).cancel(true);
		answer(shared, 105);

		assertThat(resultOf(others.get(1)).isOpen()).isTrue();
		assertThat(shared.isCancelled()).isFalse();
	}

	/** What one user may read another may not. */
	@Test
	void readsForEachWatchOfAUser() {
		EtcdClient client = this.cluster.client((options) -> options.token("token"), this.member);

		open(client, 0, 4);

		await().until(() -> this.member.range().count() == 4);
		assertThat(this.member.range().requests()).extracting((request) -> request.getKey().toStringUtf8())
			.containsExactlyInAnyOrder("k0", "k1", "k2", "k3");
	}

	@ParameterizedTest
	@EnumSource(TokenRenewal.class)
	void onlyAClientWithNeitherTokenNorCertificateHasNoUser(TokenRenewal renewal) {
		assertThat(renewal.isOfNobody()).isEqualTo(renewal == TokenRenewal.NONE);
	}

	@Test
	void failsToOpenAtARevisionThatMakesNoSense() {
		EtcdClient client = this.cluster.client(this.member);
		CompletableFuture<Watch> opening = open(client, 0);

		answer(this.member.range().awaitCall(0), -5);

		assertThat(failureOf(opening)).isInstanceOf(IllegalArgumentException.class);
	}

	@Test
	void failsAllThatWaitWhenTheClientIsClosed() {
		EtcdClient client = this.cluster.client(this.member);
		List<CompletableFuture<Watch>> openings = open(client, 0, 4);
		this.member.range().awaitCall(0);

		client.close();

		openings.forEach((opening) -> assertThat(failureOf(opening)).isInstanceOf(EtcdClosedException.class));
	}

}
