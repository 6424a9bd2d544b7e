/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.watch.WatchEvent;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.delete;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Mirror} into a {@link MirrorConsumer}: what it is handed, and what
 * becomes of the mirror when it fails or blocks.
 */
class MirrorConsumerTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final Consumer consumer = new Consumer();

	private ScriptedEtcd source;

	@BeforeEach
	void start() {
		this.source = this.cluster.member();
		this.source.rangeStream()
			.onOpen((stream) -> stream
				.fail(Status.UNIMPLEMENTED.withDescription("unknown method RangeStream for service etcdserverpb.KV")));
	}

	private Mirror open() {
		return this.cluster
			.closing(Mirror.open(this.cluster.client(this.source), MirrorRequest.of("s/"), this.consumer));
	}

	private static RangeResponse page(long revision, boolean more, String... keys) {
		return RangeResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setRevision(revision))
			.addAllKvs(Stream.of(keys).map((key) -> WatchAnswers.keyValue("s/" + key, ByteString.EMPTY, 50)).toList())
			.setMore(more)
			.build();
	}

	private void awaitTold(String... expected) {
		await().untilAsserted(() -> assertThat(this.consumer.told).containsExactly(expected));
	}

	@Test
	void handsOverAllKeysAndThenEachRevisionOnce() {
		this.source.range().thenAnswer(page(100, true, "a", "b")).thenAnswer(page(105, false, "c"));
		Mirror mirror = open();
		resultOf(mirror.ready());

		createdOn(this.source, 0).send(
				events(0, List.of(put("s/a", "", 101), delete("s/b", 101), put("s/c", "", 102), put("s/a", "", 104))));

		awaitTold("begin 100", "page [s/a, s/b]", "page [s/c]", "end 100", "101 [s/a, s/b]", "102 [s/c]", "104 [s/a]");
		await().until(() -> mirror.revision() == 104);
	}

	@Test
	void beginsAgainWhenChangesAreLost() {
		this.source.range().thenAnswer(page(100, false, "a")).thenAnswer(page(200, false));
		Mirror mirror = open();
		resultOf(mirror.ready());

		createdOn(this.source, 0).send(compacted(0, 150));

		awaitTold("begin 100", "page [s/a]", "end 100", "begin 200", "page []", "end 200");
	}

	@Test
	void endsWithWhatTheConsumerThrowsAndHasNotReachedThatRevision() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		resultOf(mirror.ready());
		// also if it looks like something that passes
		RuntimeException thrown = new EtcdUnavailableException(new FailureDetails("thrown on purpose", null,
				StatusCode.UNAVAILABLE, Outcome.NOT_APPLIED, true, null, 0), null);
		this.consumer.failure = thrown;
		var stream = createdOn(this.source, 0);

		stream.send(events(0, List.of(put("s/a", "", 101), put("s/b", "", 102))));

		assertThat(failureOf(mirror.end())).isSameAs(thrown);
		assertThat(mirror.revision()).isEqualTo(100);
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(this.consumer.told).doesNotContain("102 [s/b]");
	}

	@Test
	void handsNothingOverAfterItsClose() {
		this.source.range().thenAnswer(page(100, false));
		Mirror mirror = open();
		resultOf(mirror.ready());
		this.consumer.gate = new CountDownLatch(1);
		createdOn(this.source, 0).send(events(0, List.of(put("s/a", "", 101), put("s/b", "", 102))));
		await().until(() -> this.consumer.blocked);

		mirror.close();
		this.consumer.gate.countDown();

		await().until(() -> this.consumer.told.contains("101 [s/a]"));
		assertThat(resultOf(mirror.end())).isNull();
		assertThat(this.consumer.told).doesNotContain("102 [s/b]");
		assertThat(mirror.revision()).isEqualTo(100);
	}

	/** Remembers what it is handed, and can be made to block or to fail. */
	private static final class Consumer implements MirrorConsumer {

		private final List<String> told = new CopyOnWriteArrayList<>();

		private volatile CountDownLatch gate = new CountDownLatch(0);

		private volatile boolean blocked;

		private volatile @Nullable RuntimeException failure;

		@Override
		public void onBaseBegin(long revision) {
			this.told.add("begin " + revision);
		}

		@Override
		public void onBase(List<KeyValue> kvs) {
			this.told.add("page " + kvs.stream().map((kv) -> kv.key().toUtf8()).toList());
		}

		@Override
		public void onBaseEnd(long revision) {
			this.told.add("end " + revision);
		}

		@Override
		public void onChanges(long revision, List<WatchEvent> events) {
			RuntimeException failure = this.failure;
			if (failure != null) {
				throw failure;
			}
			this.blocked = this.gate.getCount() > 0;
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			assertThat(events).allMatch((event) -> event.revision() == revision);
			this.told.add(revision + " " + events.stream().map((event) -> event.key().toUtf8()).toList());
		}

	}

}
