/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.canceled;
import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.put;
import static io.github.etcdspring.fixture.WatchAnswers.refused;
import static io.github.etcdspring.fixture.WatchBarrier.awaitTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link WatchStream}: what ends a watch, and what that leaves alone.
 */
class WatchEndTests {

	private static final String DENIED = "rpc error: code = PermissionDenied desc = etcdserver: permission denied";

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener first = new RecordingListener();

	private final RecordingListener second = new RecordingListener();

	@AfterEach
	void unblock() {
		this.first.unblock();
	}

	@Test
	void endsOnceWithTheLowestRevisionLeftWhenItsPlaceIsCompacted() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		Watch watch = open(client, "a", this.first);
		var stream = createdOn(member, 0);

		stream.send(events(0, 5));
		stream.send(compacted(0, 42));
		stream.send(compacted(0, 42));
		stream.send(events(0, 50));
		awaitTaken(client, stream);
		stream.fail(Status.UNAVAILABLE);

		this.first.awaitCalls("events [5]", "closed by CompactedException");
		assertThat(watch.isOpen()).isFalse();
		assertThat(this.first.causes()).singleElement().isInstanceOfSatisfying(CompactedException.class, (cause) -> {
			assertThat(cause.compactRevision()).isEqualTo(42);
			assertThat(cause.code()).isEqualTo(StatusCode.OUT_OF_RANGE);
			assertThat(cause.isRetryable()).isFalse();
			assertThat(cause).hasMessageContaining("the revisions before 42 that the watch needs are compacted");
		});
	}

	@Test
	void endsWhenItsPlaceTurnsOutCompactedOnItsReturn() {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "a", this.first);
		createdOn(member, 0).fail(Status.UNAVAILABLE);
		this.first.awaitCalls("disconnected");

		var stream = createdOn(member, 1);
		stream.send(compacted(0, 42));

		this.first.awaitCalls("disconnected", "resumed", "closed by CompactedException");
	}

	@Test
	void endsWhenTheServerCallsItsStartCompactedWithoutSayingWhatIsLeft() {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "a", this.first);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);

		stream.send(refused(-1, "etcdserver: mvcc: required revision has been compacted"));

		this.first.awaitCalls("closed by CompactedException");
		assertThat(((CompactedException) this.first.causes().get(0)).compactRevision()).isZero();
	}

	@Test
	void leavesOtherWatchesAloneWhenOneIsCompacted() {
		ScriptedEtcd member = this.cluster.member();
		var stream = openBoth(member);

		stream.send(compacted(0, 42));
		stream.send(events(1, 6));

		this.first.awaitCalls("closed by CompactedException");
		this.second.awaitCalls("events [6]");
		assertThat(member.watch().count()).isEqualTo(1);
	}

	@Test
	@DisplayName("jetcd: a denied permission is taken for an expired token, over and over")
	void endsWhenPermissionIsDeniedAndLeavesOthersAlone() {
		ScriptedEtcd member = this.cluster.member();
		var stream = openBoth(member);

		stream.send(canceled(0, DENIED));
		stream.send(events(1, 6));

		this.second.awaitCalls("events [6]");
		this.first.awaitCalls("closed by EtcdPermissionException");
		EtcdException cause = this.first.causes().get(0);
		assertThat(cause).isInstanceOf(EtcdPermissionException.class);
		assertThat(cause.serverMessage()).contains("etcdserver: permission denied");
		assertThat(cause.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(member.watch().count()).isEqualTo(1);
	}

	@Test
	void endsWhenTheServerCancelsItWithoutSayingWhy() {
		ScriptedEtcd member = this.cluster.member();
		var stream = openBoth(member);

		stream.send(canceled(0, ""));

		this.first.awaitCalls("closed by EtcdRequestException");
		assertThat(this.first.causes().get(0)).hasMessageStartingWith("Watch failed: no reason given");
	}

	@Test
	void cancelsOnTheServerAndSaysSoOnceWhenClosed() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		Watch watch = open(client, "a", this.first);
		var stream = createdOn(member, 0);
		stream.send(events(0, 5));
		this.first.awaitRevisions(5L);

		watch.close();
		watch.close();

		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(stream.awaitMessage(1).getCancelRequest().getWatchId()).isZero();
		stream.send(events(0, 6));
		stream.send(canceled(0, ""));
		awaitTaken(client, stream);
		assertThat(watch.isOpen()).isFalse();
		this.first.awaitCalls("events [5]", "closed");
	}

	@Test
	void cancelsOnTheServerWhenItsListenerClosesIt() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		ClosingListener listener = new ClosingListener(this.first);
		listener.watch = open(client, "a", listener);
		open(client, "b", this.second);
		var stream = createdOn(member, 0);
		stream.awaitMessage(1);
		stream.send(created(1, 100));

		stream.send(events(0, 5));
		await().until(() -> stream.messages().stream().anyMatch((message) -> message.hasCancelRequest()));
		stream.send(events(0, 6));
		stream.send(events(1, 6));

		this.second.awaitCalls("events [6]");
		this.first.awaitCalls("events [5]", "closed");
	}

	@Test
	void dropsWhatWaitsForABlockedListenerWhenClosed() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		Watch watch = open(client, "a", this.first);
		var stream = createdOn(member, 0);
		this.first.block();
		stream.send(events(0, 5));
		this.first.awaitBlocked();
		stream.send(events(0, 6));
		awaitTaken(client, stream);

		watch.close();
		this.first.unblock();

		this.first.awaitCalls("events [5]", "closed");
	}

	@Test
	void dropsWhatWaitsForABlockedListenerWhenClosedAfterItsEnd() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		Watch watch = open(client, "a", this.first);
		var stream = createdOn(member, 0);
		this.first.block();
		stream.send(events(0, 5));
		this.first.awaitBlocked();
		stream.send(events(0, 6));
		stream.send(compacted(0, 42));
		awaitTaken(client, stream);
		assertThat(watch.isOpen()).isFalse();

		watch.close();
		this.first.unblock();

		this.first.awaitCalls("events [5]", "closed by CompactedException");
	}

	private ScriptedStream<WatchProto.WatchRequest, WatchResponse> openBoth(ScriptedEtcd member) {
		EtcdClient client = this.cluster.client(member);
		open(client, "a", this.first);
		open(client, "b", this.second);
		var stream = createdOn(member, 0);
		stream.awaitMessage(1);
		stream.send(created(1, 100));
		return stream;
	}

	private static Watch open(EtcdClient client, String key, WatchListener listener) {
		return client.watch().open(WatchRequest.of(KeyRange.key(key)).from(5), listener);
	}

	private static final class ClosingListener implements WatchListener {

		private final RecordingListener record;

		private volatile @Nullable Watch watch;

		ClosingListener(RecordingListener record) {
			this.record = record;
		}

		@Override
		public void onEvents(List<WatchEvent> events) {
			this.record.onEvents(events);
			Watch watch = this.watch;
			if (watch != null) {
				watch.close();
			}
		}

		@Override
		public void onClosed(@Nullable EtcdException cause) {
			this.record.onClosed(cause);
		}

	}

}
