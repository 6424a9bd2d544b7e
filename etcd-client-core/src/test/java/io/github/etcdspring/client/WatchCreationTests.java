/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchCreateRequest;
import io.github.etcdspring.internal.proto.WatchProto.WatchResponse;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.created;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static io.github.etcdspring.fixture.WatchAnswers.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link WatchStream} and {@link GrpcWatchClient}: how watches come to be.
 */
class WatchCreationTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final RecordingListener a = new RecordingListener();

	private final RecordingListener b = new RecordingListener();

	private final RecordingListener c = new RecordingListener();

	@Test
	void asksForProgressAndFragmentsAndALeader() {
		ScriptedEtcd member = this.cluster.member();

		open(this.cluster.client(member), "key", this.a);

		var stream = member.watch().awaitStream(0);
		WatchCreateRequest create = stream.awaitMessage(0).getCreateRequest();
		assertThat(create).isEqualTo(WatchCreateRequest.newBuilder()
			.setKey(ByteString.copyFromUtf8("key"))
			.setWatchId(create.getWatchId())
			.setStartRevision(5)
			.setProgressNotify(true)
			.setFragment(true)
			.build());
		assertThat(create.getWatchId()).isPositive();
		assertThat(stream.header("hasleader")).isEqualTo("true");
		assertThat(stream.header("token")).isNull();
	}

	@Test
	void asksForTheRangeAndForWhatKeysHeldBefore() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member).watch().open(WatchRequest.of(KeyRange.prefix("a")).from(5).withPrevious(), this.a);

		WatchCreateRequest create = member.watch().awaitStream(0).awaitMessage(0).getCreateRequest();
		assertThat(create.getRangeEnd()).isEqualTo(ByteString.copyFromUtf8("b"));
		assertThat(create.getPrevKv()).isTrue();
	}

	@Test
	void createsOneWatchAtATimeWhereIdsAreGivenAnew() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		open(client, "a", this.a);
		open(client, "b", this.b);
		open(client, "c", this.c);
		var stream = member.watch().awaitStream(0);

		assertThat(createdKey(stream, 0)).isEqualTo("a");
		assertThat(stream.messages()).hasSize(1);
		stream.send(created(0, 100));
		assertThat(createdKey(stream, 1)).isEqualTo("b");
		assertThat(stream.messages()).hasSize(2);
		stream.send(created(1, 100));
		assertThat(createdKey(stream, 2)).isEqualTo("c");
		stream.send(created(2, 100));
		stream.send(events(2, 7));
		stream.send(events(0, 5));
		stream.send(events(1, 6));

		this.a.awaitRevisions(5L);
		this.b.awaitRevisions(6L);
		this.c.awaitRevisions(7L);
		assertThat(member.watch().count()).isEqualTo(1);
	}

	@Test
	void leavesOutAWatchThatIsClosedBeforeItsTurn() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		open(client, "a", this.a);
		Watch waiting = open(client, "b", this.b);
		open(client, "c", this.c);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);

		waiting.close();
		stream.send(created(0, 100));

		assertThat(createdKey(stream, 1)).isEqualTo("c");
		stream.send(created(1, 100));
		stream.send(events(1, 5));
		this.c.awaitRevisions(5L);
		this.b.awaitCalls("closed");
	}

	@Test
	void cancelsAWatchThatIsClosedWhileItIsCreatedAndKeepsTheOrderOfTheOthers() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		Watch creating = open(client, "a", this.a);
		open(client, "b", this.b);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);

		creating.close();
		stream.send(created(0, 100));

		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
		assertThat(stream.awaitMessage(1).getCancelRequest().getWatchId()).isZero();
		assertThat(createdKey(stream, 2)).isEqualTo("b");
		stream.send(created(1, 100));
		stream.send(events(0, 5));
		stream.send(events(1, 6));
		this.b.awaitCalls("events [6]");
		this.a.awaitCalls("closed");
	}

	@ParameterizedTest
	@ValueSource(longs = { -1, 0 })
	void leavesWatchZeroAloneWhenAnotherIsRefused(long idOfTheRefused) {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		open(client, "a", this.a);
		open(client, "b", this.b);
		open(client, "c", this.c);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);
		stream.send(created(0, 100));
		stream.awaitMessage(1);

		stream.send(refused(idOfTheRefused, "rpc error: code = PermissionDenied desc = etcdserver: permission denied"));

		assertThat(createdKey(stream, 2)).isEqualTo("c");
		stream.send(created(1, 100));
		stream.send(events(0, 5));
		stream.send(events(1, 6));
		this.a.awaitCalls("events [5]");
		this.c.awaitCalls("events [6]");
		this.b.awaitCalls("closed by EtcdPermissionException");
		assertThat(this.b.causes()).singleElement().isInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void opensAnotherStreamWhenAWatchIsAnsweredThatNobodyAskedFor() {
		ScriptedEtcd member = this.cluster.member();
		open(this.cluster.client(member), "key", this.a);
		var stream = member.watch().awaitStream(0);
		stream.awaitMessage(0);

		stream.send(created(0, 100));
		stream.send(created(1, 100));

		var next = member.watch().awaitStream(1);
		next.awaitMessage(0);
		next.send(created(0, 100));
		next.send(events(0, 5));
		this.a.awaitRevisions(5L);
		await().until(stream::isCancelled);
	}

	@Test
	void fixesTheStartOfAWatchFromNowWithOneLinearizableRead() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member).watch().open(WatchRequest.of(KeyRange.prefix("a")), this.a);

		assertThat(member.range().calls()).singleElement()
			.satisfies((call) -> assertThat(call.request()).isEqualTo(KvProto.RangeRequest.newBuilder()
				.setKey(ByteString.copyFrom(new byte[1]))
				.setCountOnly(true)
				.build()));
		assertThat(member.watch().awaitStream(0).awaitMessage(0).getCreateRequest().getStartRevision())
			.isEqualTo(ScriptedEtcd.REVISION + 1);
	}

	@Test
	void failsToOpenWhenTheStartCannotBeFixed() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.watch().open(WatchRequest.of(KeyRange.key("key")), this.a));

		assertThat(failure).isInstanceOf(EtcdPermissionException.class);
		assertThat(member.watch().count()).isZero();
		assertThat(this.a.calls()).isEmpty();
	}

	@Test
	void opensNoWatchWhenItIsCancelledWhileItsStartIsRead() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseHold();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<Watch> opening = client.watch().openAsync(WatchRequest.of(KeyRange.key("key")), this.a);
		var read = member.range().awaitCall(0);

		opening.cancel(false);

		await().until(read::isCancelled);
		assertThat(member.watch().count()).isZero();
	}

	@Test
	void closesTheWatchThatWasOpenedWhileItsFutureWasCancelled() {
		Queue<Runnable> callbacks = new ConcurrentLinkedQueue<>();
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(callbacks::add), member);
		CompletableFuture<Watch> opening = client.watch()
			.openAsync(WatchRequest.of(KeyRange.key("key")).from(5), this.a);

		opening.cancel(false);
		runAll(callbacks);

		var stream = member.watch().awaitStream(0);
		stream.send(created(0, 100));
		await().until(() -> stream.messages().stream().anyMatch((message) -> message.hasCancelRequest()));
		runAll(callbacks);
		assertThat(this.a.calls()).containsExactly("closed");
	}

	@Test
	void closesTheWatchThatWasOpenedForOneWhoHasAnother() {
		Queue<Runnable> callbacks = new ConcurrentLinkedQueue<>();
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(callbacks::add), member);
		WatchRequest request = WatchRequest.of(KeyRange.key("key")).from(5);
		CompletableFuture<Watch> another = client.watch().openAsync(request, this.b);
		runAll(callbacks);
		CompletableFuture<Watch> opening = client.watch().openAsync(request, this.a);

		opening.complete(resultOf(another));
		runAll(callbacks);

		await().untilAsserted(() -> {
			runAll(callbacks);
			assertThat(this.a.calls()).containsExactly("closed");
		});
		assertThat(resultOf(another).isOpen()).isTrue();
	}

	private static void runAll(Queue<Runnable> tasks) {
		Queue<Runnable> now = new ArrayDeque<>(tasks);
		tasks.clear();
		now.forEach(Runnable::run);
	}

	private static Watch open(EtcdClient client, String key, RecordingListener listener) {
		return client.watch().open(WatchRequest.of(KeyRange.key(key)).from(5), listener);
	}

	private static String createdKey(ScriptedStream<WatchProto.WatchRequest, WatchResponse> stream, int message) {
		return stream.awaitMessage(message).getCreateRequest().getKey().toStringUtf8();
	}

}
