/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;

import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.WatchGrpc;
import io.github.etcdspring.internal.proto.WatchProto.WatchRequest;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.WatchAnswers.progress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link ResumableStream}: a user of the stream that fails.
 */
class ResumableStreamTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final List<Throwable> uncaught = new CopyOnWriteArrayList<>();

	private final FailingHandler handler = new FailingHandler();

	private ScriptedEtcd member;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		EtcdChannel channel = this.cluster.closing(new EtcdChannel(EtcdClientOptions.of(this.member.endpoint())));
		SynchronizationContext context = new SynchronizationContext((thread, failure) -> this.uncaught.add(failure));
		ResumableStream<WatchRequest, WatchResponse> stream = new ResumableStream<>(channel, WatchGrpc.getWatchMethod(),
				true, context, this.handler);
		context.execute(stream::open);
		this.cluster.closing(() -> context.execute(stream::close));
	}

	@Test
	void takesMoreMessagesThanMayComeUnasked() {
		ScriptedStream<WatchRequest, WatchResponse> stream = this.member.watch().awaitStream(0);
		List<Long> revisions = LongStream.rangeClosed(1, 100).boxed().toList();

		revisions.forEach((revision) -> stream.send(progress(0, revision)));

		await().until(() -> this.handler.taken.equals(revisions));
	}

	@Test
	void goesOnOnAnotherStreamWhenAMessageCannotBeTaken() {
		this.handler.failsOnMessage = true;
		this.member.watch().awaitStream(0).send(progress(0, 5));
		await().until(this.member.watch().streams().get(0)::isCancelled);
		this.handler.failsOnMessage = false;

		this.member.watch().awaitStream(1).send(progress(0, 6));

		await().until(() -> this.handler.taken.equals(List.of(6L)));
		assertThat(this.uncaught).isEmpty();
	}

	@Test
	@DisplayName("jetcd #1227: a failure while resuming leaves the watch silent")
	void goesOnOnAnotherStreamWhenItsUserFailsOnTheLoss() {
		this.handler.failsOnLoss = true;
		this.member.watch().awaitStream(0).fail(Status.UNAVAILABLE);

		this.member.watch().awaitStream(1).send(progress(0, 6));

		await().until(() -> this.handler.taken.equals(List.of(6L)));
		assertThat(this.uncaught).singleElement().isInstanceOf(InternalError.class);
	}

	private static final class FailingHandler implements ResumableStream.Handler<WatchResponse> {

		private final List<Long> taken = new CopyOnWriteArrayList<>();

		private volatile boolean failsOnMessage;

		private volatile boolean failsOnLoss;

		@Override
		public ResponseHeader header(WatchResponse message) {
			return KvCodec.header(message.getHeader());
		}

		@Override
		public void opened() {
		}

		@Override
		public void received(WatchResponse message) {
			failIf(this.failsOnMessage);
			this.taken.add(message.getHeader().getRevision());
		}

		@Override
		public void lost(CallFailure failure) {
			failIf(this.failsOnLoss);
		}

		private static void failIf(boolean fails) {
			if (fails) {
				throw new InternalError("thrown on purpose");
			}
		}

		@Override
		public boolean isStreamWanted() {
			return true;
		}

	}

}
