/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.SteppedExecutor;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.keyValue;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EndpointCache}: differences, broken entries, outages (D3, D5).
 */
class EndpointCacheTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final List<EndpointChange> changes = new CopyOnWriteArrayList<>();

	private ScriptedEtcd member;

	private Naming naming;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.naming = Naming.of(this.cluster.client(this.member), "echo");
	}

	private EndpointCache open(EndpointListener... listeners) {
		return this.cluster.closing(this.naming.cache(listeners));
	}

	private static String value(String address) {
		return "{\"Op\":0,\"Addr\":\"" + address + "\",\"Metadata\":null}";
	}

	/** Each entry is {@code id=value}. */
	private static RangeResponse page(long revision, String... entries) {
		return RangeResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setRevision(revision))
			.addAllKvs(Stream.of(entries)
				.map((entry) -> entry.split("=", 2))
				.map((entry) -> keyValue("echo/" + entry[0], ByteString.copyFromUtf8(entry[1]), 50))
				.toList())
			.build();
	}

	private EndpointChange awaitChange(int number) {
		await().until(() -> this.changes.size() > number);
		return this.changes.get(number);
	}

	@Test
	void tellsTheFirstReadAndThenDifferences() {
		this.member.range().thenAnswer(page(100, "a=" + value("h:1"), "b=" + value("h:2"), "c=" + value("h:3")));
		EndpointCache cache = open(this.changes::add);

		assertThat(resultOf(cache.ready()).endpoints()).containsOnlyKeys("a", "b", "c");
		EndpointChange first = awaitChange(0);
		assertThat(first.previous().revision()).isZero();
		assertThat(first.added()).isEqualTo(Set.of("a", "b", "c"));
		createdOn(this.member, 0).send(events(0,
				List.of(delete("echo/a", 101), put("echo/b", value("h:9"), 101), put("echo/d", value("h:4"), 101))));

		EndpointChange change = awaitChange(1);
		assertThat(change.removed()).isEqualTo(Map.of("a", Endpoint.of("h:1")));
		assertThat(change.changed()).isEqualTo(Set.of("b"));
		assertThat(change.added()).isEqualTo(Set.of("d"));
		assertThat(change.previous()).isEqualTo(first.current());
		assertThat(change.current()).isEqualTo(cache.snapshot());
		assertThat(cache.snapshot().revision()).isEqualTo(101);
		assertThat(cache.snapshot().endpoints()).containsOnlyKeys("b", "c", "d").containsEntry("b", Endpoint.of("h:9"));
	}

	@Test
	void tellsOfTheFirstReadAlsoWhenNobodyIsThere() {
		this.member.range().thenAnswer(page(100));

		EndpointCache cache = open(this.changes::add);

		assertThat(resultOf(cache.ready()).revision()).isEqualTo(100);
		assertThat(awaitChange(0).isEmpty()).isTrue();
	}

	@Test
	void isReadyAlsoWhenItIsClosedBeforeItsListenersAreTold() {
		SteppedExecutor users = new SteppedExecutor();
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(users), this.member);
		this.member.range().thenAnswer(page(100, "a=" + value("h:1")));
		EndpointCache cache = this.cluster.closing(Naming.of(client, "echo").cache(this.changes::add));
		await().until(() -> cache.ready().isDone());

		cache.close();

		assertThat(cache.ready().getNow(EndpointSnapshot.EMPTY)).isEqualTo(cache.snapshot());
		users.runUntil(users::isEmpty);
		assertThat(this.changes).isEmpty();
	}

	@Test
	void hidesNobodyBehindABrokenEntry() {
		this.member.range().thenAnswer(page(100, "a=" + value("h:1"), "b=broken"));
		EndpointCache cache = open(this.changes::add);
		assertThat(resultOf(cache.ready()).endpoints()).containsOnlyKeys("a");
		awaitChange(0);
		var stream = createdOn(this.member, 0);

		stream.send(events(0, List.of(put("echo/c", "broken", 101))));
		await().until(() -> cache.snapshot().revision() == 101);
		stream.send(events(0, List.of(put("echo/b", value("h:2"), 102))));
		assertThat(awaitChange(1).added()).isEqualTo(Set.of("b"));
		stream.send(events(0, List.of(put("echo/a", "broken", 103))));

		assertThat(awaitChange(2).removed()).containsOnlyKeys("a");
		assertThat(cache.snapshot().endpoints()).containsOnlyKeys("b");
		assertThat(this.changes).extracting((change) -> change.current().revision()).containsExactly(100L, 102L, 103L);
	}

	@Test
	void keepsTheLastEndpointsWhileTheStreamIsLost() {
		this.member.range().thenAnswer(page(100, "a=" + value("h:1"))).otherwiseFail(Status.UNAVAILABLE);
		EndpointCache cache = open(this.changes::add);
		awaitChange(0);

		createdOn(this.member, 0).fail(Status.UNAVAILABLE);

		await().until(() -> cache.disconnectedFor().isPresent());
		assertThat(cache.snapshot().endpoints()).containsOnlyKeys("a");
		assertThat(this.changes).hasSize(1);
	}

	@Test
	void tellsTheDifferenceWhenTheRangeIsReadAnew() {
		this.member.range()
			.thenAnswer(page(100, "a=" + value("h:1"), "b=" + value("h:2")))
			.thenAnswer(page(200, "b=" + value("h:2"), "c=" + value("h:3")));
		open(this.changes::add);
		awaitChange(0);

		createdOn(this.member, 0).send(compacted(0, 150));

		EndpointChange change = awaitChange(1);
		assertThat(change.added()).isEqualTo(Set.of("c"));
		assertThat(change.removed()).containsOnlyKeys("a");
		assertThat(change.changed()).isEmpty();
	}

	@Test
	void goesOnWhenAListenerFails() {
		this.member.range().thenAnswer(page(100, "a=" + value("h:1")));

		EndpointCache cache = open((change) -> {
			throw new IllegalStateException("thrown on purpose");
		}, this.changes::add);

		resultOf(cache.ready());
		assertThat(awaitChange(0).added()).isEqualTo(Set.of("a"));
	}

	@Test
	void endsItsWatchWhenClosed() {
		this.member.range().thenAnswer(page(100, "a=" + value("h:1")));
		EndpointCache cache = open();
		resultOf(cache.ready());
		var stream = createdOn(this.member, 0);

		cache.close();
		cache.close();

		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(cache.snapshot().endpoints()).containsOnlyKeys("a");
	}

	@Test
	void failsWhenItIsClosedBeforeItsFirstRead() {
		this.member.range().otherwiseHold();
		EndpointCache cache = open();

		cache.close();

		assertThat(failureOf(cache.ready())).isInstanceOf(EtcdClosedException.class);
		assertThat(cache.snapshot().revision()).isZero();
	}

}
