/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.MvccProto.Event;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.canceled;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.fragment;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a watch whose listener falls behind by more than its buffer holds. Another
 * watch shares the stream.
 */
class WatchSlowListenerTests {

	private static final ByteString MEGABYTE = ByteString.copyFrom(new byte[1024 * 1024]);

	private static final long SLOW_ID = 0;

	private static final long QUICK_ID = 1;

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener slow = new RecordingListener();

	private final RecordingListener quick = new RecordingListener();

	private ScriptedEtcd member;

	private Watch slowWatch;

	private ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream;

	@BeforeEach
	void openBothAndBlockOne() {
		this.member = this.cluster.member();
		EtcdClient client = this.cluster.client(this.member);
		this.slow.block();
		this.slowWatch = client.watch().open(WatchRequest.of(KeyRange.key("slow")).from(5), this.slow);
		client.watch().open(WatchRequest.of(KeyRange.key("quick")).from(5), this.quick);
		this.stream = this.member.watch().awaitStream(0);
		this.stream.awaitMessage(0);
		this.stream.send(created(SLOW_ID, 100));
		this.stream.awaitMessage(1);
		this.stream.send(created(QUICK_ID, 100));
	}

	@Test
	@DisplayName("etcd-java: what a slow listener has not taken piles up without bound")
	void isCancelledOnTheServerAndGoesOnAtItsPlaceWhenItHasCaughtUp() {
		sendMegabytes(5, 20);
		assertThat(this.stream.awaitMessage(2).hasCancelRequest()).isTrue();
		assertThat(this.stream.awaitMessage(2).getCancelRequest().getWatchId()).isEqualTo(SLOW_ID);
		this.stream.send(canceled(SLOW_ID, ""));
		this.stream.send(events(QUICK_ID, 6, 7));
		this.quick.awaitCalls("events [6, 7]");

		this.slow.unblock();

		WatchProto.WatchCreateRequest create = this.stream.awaitMessage(3).getCreateRequest();
		assertThat(create.getKey()).isEqualTo(ByteString.copyFromUtf8("slow"));
		assertThat(create.getStartRevision()).isEqualTo(13);
		this.stream.send(created(2, 100));
		sendMegabytes(2, create.getStartRevision(), 21);
		this.slow.awaitRevisions(LongStream.range(5, 21).boxed().toArray(Long[]::new));
		assertThat(this.slow.signals()).isEmpty();
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	@Test
	void isNotCancelledWhenItsBufferIsNotFull() {
		sendMegabytes(5, 12);
		this.stream.send(events(QUICK_ID, 6));
		this.quick.awaitRevisions(6L);

		this.slow.unblock();

		this.slow.awaitRevisions(LongStream.range(5, 12).boxed().toArray(Long[]::new));
		assertThat(this.stream.messages()).hasSize(2);
	}

	@Test
	void deliversARevisionOnceWhenItsBufferFillsInTheMiddleOfIt() {
		List<Event> first = new ArrayList<>();
		for (int i = 0; i < 9; i++) {
			first.add(put("slow" + i, MEGABYTE, 5));
		}
		first.add(put("slow0", "a", 6));
		this.stream.send(fragment(events(SLOW_ID, first)));
		assertThat(this.stream.awaitMessage(2).hasCancelRequest()).isTrue();
		this.stream.send(events(SLOW_ID, List.of(put("slow1", "b", 6))));

		this.slow.unblock();

		assertThat(this.stream.awaitMessage(3).getCreateRequest().getStartRevision()).isEqualTo(6);
		this.stream.send(created(2, 100));
		this.stream.send(events(2, List.of(put("slow0", "a", 6), put("slow1", "b", 6))));
		this.slow
			.awaitRevisions(Stream.concat(Stream.generate(() -> 5L).limit(9), Stream.of(6L, 6L)).toArray(Long[]::new));
	}

	@Test
	void staysAwayFromTheServerWhenTheStreamBreaksUntilItHasCaughtUp() {
		sendMegabytes(5, 20);
		this.stream.awaitMessage(2);
		this.stream.fail(Status.UNAVAILABLE);
		var next = this.member.watch().awaitStream(1);
		assertThat(next.awaitMessage(0).getCreateRequest().getKey()).isEqualTo(ByteString.copyFromUtf8("quick"));
		next.send(created(0, 100));
		next.send(events(0, 6));
		this.quick.awaitRevisions(6L);
		assertThat(next.messages()).hasSize(1);

		this.slow.unblock();

		assertThat(next.awaitMessage(1).getCreateRequest().getStartRevision()).isEqualTo(13);
		next.send(created(1, 100));
		next.send(events(1, 13));
		this.slow.awaitRevisions(LongStream.rangeClosed(5, 13).boxed().toArray(Long[]::new));
		assertThat(this.slow.signals()).containsExactly("disconnected", "resumed");
	}

	@Test
	void isNotOpenedAgainWhenItIsClosedMeanwhile() {
		sendMegabytes(5, 20);
		this.stream.awaitMessage(2);

		this.slowWatch.close();
		this.slow.unblock();

		this.slow.awaitCalls("events [5]", "closed");
		this.stream.send(events(QUICK_ID, 6));
		this.quick.awaitRevisions(6L);
		assertThat(this.stream.messages()).hasSize(3);
	}

	private void sendMegabytes(long from, long to) {
		sendMegabytes(SLOW_ID, from, to);
	}

	private void sendMegabytes(long id, long from, long to) {
		for (long revision = from; revision < to; revision++) {
			this.stream.send(events(id, List.of(put("slow", MEGABYTE, revision))));
		}
	}

}
