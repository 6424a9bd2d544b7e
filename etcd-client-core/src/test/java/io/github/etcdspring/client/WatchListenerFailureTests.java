/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.ListenerFailedException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.progress;
import static io.github.etcdspring.fixture.WatchBarrier.awaitTaken;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of a watch whose listener throws: it goes on, or ends, as the listener says
 * (W12).
 */
class WatchListenerFailureTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener told = new RecordingListener();

	private final ThrowingListener listener = new ThrowingListener(this.told);

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void connect() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.member);
	}

	@Test
	void goesOnWhenTheListenerThrowsAThousandTimes() {
		RecordingListener other = new RecordingListener();
		this.listener.throwsOn = "events";
		open("a", this.listener);
		open("b", other);
		var stream = createdOn(this.member, 0);
		stream.awaitMessage(1);
		stream.send(created(1, 100));

		LongStream.range(5, 1005).forEach((revision) -> {
			stream.send(events(0, revision));
			stream.send(events(1, revision));
		});

		Long[] all = LongStream.range(5, 1005).boxed().toArray(Long[]::new);
		this.told.awaitRevisions(all);
		other.awaitRevisions(all);
		await().until(() -> this.listener.failures.size() == 1000);
		assertThat(this.told.signals()).isEmpty();
		assertThat(stream.messages()).hasSize(2);
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	@Test
	void endsOnceWhenTheListenerSaysSo() {
		this.listener.throwsOn = "events";
		this.listener.goesOn = false;
		this.told.block();
		Watch watch = open("a", this.listener);
		var stream = createdOn(this.member, 0);
		stream.send(events(0, 5));
		this.told.awaitBlocked();
		stream.send(events(0, 6));
		stream.send(progress(0, 6));
		awaitTaken(this.client, stream);

		this.told.unblock();

		this.told.awaitCalls("events [5]", "closed by ListenerFailedException");
		assertThat(watch.isOpen()).isFalse();
		assertThat(this.listener.failures).singleElement().isSameAs(this.listener.thrown);
		await().until(() -> cancelled(stream));
		stream.send(events(0, 7));
		stream.send(compacted(0, 42));
		watch.close();
		awaitTaken(this.client, stream);
		this.told.awaitCalls("events [5]", "closed by ListenerFailedException");
		assertThat(this.member.watch().count()).isEqualTo(1);
	}

	@Test
	void saysWhatTheListenerThrew() {
		this.listener.throwsOn = "events";
		this.listener.goesOn = false;
		open("a", this.listener);

		createdOn(this.member, 0).send(events(0, 5));

		this.told.awaitCalls("events [5]", "closed by ListenerFailedException");
		EtcdException cause = this.told.causes().get(0);
		assertThat(cause).isInstanceOf(ListenerFailedException.class)
			.hasMessage("the watch ended: its listener failed: " + this.listener.thrown
					+ " [CANCELLED, outcome NOT_APPLIED]")
			.cause()
			.isSameAs(this.listener.thrown);
		assertThat(cause.code()).isEqualTo(StatusCode.CANCELLED);
		assertThat(cause.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(cause.isRetryable()).isFalse();
	}

	@Test
	void endsWhenTheListenerFailsOnItsFailure() {
		this.listener.throwsOn = "events";
		this.listener.policyFailure = new IllegalStateException("thrown on purpose");
		open("a", this.listener);
		var stream = createdOn(this.member, 0);

		stream.send(events(0, 5));

		this.told.awaitCalls("events [5]", "closed by ListenerFailedException");
		assertThat(this.told.causes().get(0)).cause().isSameAs(this.listener.thrown);
		await().until(() -> cancelled(stream));
	}

	@Test
	void endsWhenTheListenerThrowsTheSameAgain() {
		this.listener.throwsOn = "events";
		this.listener.policyFailure = this.listener.thrown;
		open("a", this.listener);

		createdOn(this.member, 0).send(events(0, 5));

		this.told.awaitCalls("events [5]", "closed by ListenerFailedException");
	}

	@ParameterizedTest
	@ValueSource(strings = { "progress", "disconnected", "resumed" })
	void endsWhateverTheListenerFailsOn(String call) {
		this.listener.throwsOn = call;
		this.listener.goesOn = false;
		Watch watch = open("a", this.listener);
		var stream = createdOn(this.member, 0);
		stream.send(progress(0, 10));
		awaitTaken(this.client, stream);
		stream.fail(Status.UNAVAILABLE);
		if (!call.equals("resumed")) {
			await().until(() -> !watch.isOpen());
		}
		else {
			createdOn(this.member, 1);
		}

		await().until(() -> !this.told.causes().isEmpty());
		assertThat(this.told.calls()).endsWith("closed by ListenerFailedException")
			.filteredOn((told) -> told.startsWith("closed"))
			.hasSize(1);
		assertThat(this.told.calls().get(this.told.calls().size() - 2)).startsWith(call);
		assertThat(watch.isOpen()).isFalse();
	}

	@Test
	void endsAsItWouldHaveWhenItWasOverBeforeTheListenerFailed() {
		this.listener.throwsOn = "events";
		this.listener.goesOn = false;
		this.told.block();
		open("a", this.listener);
		var stream = createdOn(this.member, 0);
		stream.send(events(0, 5));
		this.told.awaitBlocked();
		stream.send(events(0, 6));
		stream.send(compacted(0, 42));
		awaitTaken(this.client, stream);

		this.told.unblock();

		this.told.awaitCalls("events [5]", "closed by CompactedException");
	}

	@Test
	void isNotAskedWhenItFailsOnTheEnd() {
		this.listener.throwsOn = "closed";
		Watch watch = open("a", this.listener);
		createdOn(this.member, 0);

		watch.close();

		this.told.awaitCalls("closed");
		open("b", this.told).close();
		this.told.awaitCalls("closed", "closed");
		assertThat(this.listener.failures).isEmpty();
	}

	private static boolean cancelled(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream) {
		return stream.messages()
			.stream()
			.anyMatch((message) -> message.hasCancelRequest() && message.getCancelRequest().getWatchId() == 0);
	}

	private Watch open(String key, WatchListener listener) {
		return this.client.watch().open(WatchRequest.of(KeyRange.key(key)).from(5), listener);
	}

	/** Throws after it has recorded a call of one kind. */
	private static final class ThrowingListener implements WatchListener {

		private final RecordingListener record;

		private final IllegalStateException thrown = new IllegalStateException("thrown on purpose");

		/** What it was asked about. */
		private final List<Throwable> failures = new CopyOnWriteArrayList<>();

		private volatile String throwsOn = "";

		private volatile boolean goesOn = true;

		private volatile @Nullable RuntimeException policyFailure;

		ThrowingListener(RecordingListener record) {
			this.record = record;
		}

		private void recorded(String call) {
			if (call.equals(this.throwsOn)) {
				throw this.thrown;
			}
		}

		@Override
		public void onEvents(List<WatchEvent> events) {
			this.record.onEvents(events);
			recorded("events");
		}

		@Override
		public void onSnapshot(WatchBatch.Snapshot snapshot) {
			throw new AssertionError("none was asked for");
		}

		@Override
		public void onProgress(long revision) {
			this.record.onProgress(revision);
			recorded("progress");
		}

		@Override
		public void onDisconnected() {
			this.record.onDisconnected();
			recorded("disconnected");
		}

		@Override
		public void onResumed() {
			this.record.onResumed();
			recorded("resumed");
		}

		@Override
		public boolean goesOnAfter(Throwable failure) {
			this.failures.add(failure);
			RuntimeException policyFailure = this.policyFailure;
			if (policyFailure != null) {
				throw policyFailure;
			}
			return this.goesOn;
		}

		@Override
		public void onClosed(@Nullable EtcdException cause) {
			this.record.onClosed(cause);
			recorded("closed");
		}

	}

}
