/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.ScriptedCall;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link UnaryCall}: answers, and the threads they come on.
 */
class UnaryAnswerTests {

	private static final int LIMIT = 4 * 1024 * 1024;

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@Test
	void completesOnTheClientsCallbackThreads() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseHold();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<String> thread = new CompletableFuture<>();

		client.kv()
			.getAsync("key")
			.whenComplete((result, failure) -> thread.complete(Thread.currentThread().getName()));
		member.range().awaitCall(0).answer(KvProto.RangeResponse.getDefaultInstance());

		assertThat(resultOf(thread)).matches("etcd-client-\\d+-callback-\\d+");
	}

	@Test
	void completesOnTheUsersExecutorWhenThereIsOne() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseHold();
		ExecutorService executor = Executors.newSingleThreadExecutor((task) -> new Thread(task, "mine"));
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(executor), member);
		CompletableFuture<String> thread = new CompletableFuture<>();

		client.kv()
			.getAsync("key")
			.whenComplete((result, failure) -> thread.complete(Thread.currentThread().getName()));
		member.range().awaitCall(0).answer(KvProto.RangeResponse.getDefaultInstance());

		assertThat(resultOf(thread)).isEqualTo("mine");
		executor.shutdown();
	}

	@Test
	void completesOnSomeOtherThreadWhenTheUsersExecutorRefuses() {
		ScriptedEtcd member = this.cluster.member();
		member.range().otherwiseHold();
		Executor refusing = (task) -> {
			throw new RejectedExecutionException("full");
		};
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(refusing), member);
		CompletableFuture<String> thread = new CompletableFuture<>();

		client.kv()
			.getAsync("key")
			.whenComplete((result, failure) -> thread.complete(Thread.currentThread().getName()));
		member.range().awaitCall(0).answer(KvProto.RangeResponse.getDefaultInstance());

		assertThat(resultOf(thread)).doesNotContain("grpc", "netty");
	}

	@Test
	void goesOnServingWhenACallbackBlocks() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);
		CompletableFuture<Void> gate = new CompletableFuture<>();
		this.cluster.closing(() -> gate.complete(null));
		CompletableFuture<Void> blocked = new CompletableFuture<>();
		member.range().thenHold();
		client.kv().getAsync("key").thenRun(() -> {
			blocked.complete(null);
			gate.join();
		});

		member.range().awaitCall(0).answer(KvProto.RangeResponse.getDefaultInstance());
		resultOf(blocked);

		assertThat(resultOf(client.kv().getAsync("other")).revision()).isEqualTo(ScriptedEtcd.REVISION);
	}

	@Test
	void refusesAnAnswerLargerThanItsLimit() {
		ScriptedEtcd member = this.cluster.member();
		ByteString large = ByteString.copyFrom(new byte[LIMIT]);
		member.range()
			.thenAnswer(KvProto.RangeResponse.newBuilder().addKvs(WatchAnswers.keyValue("key", large, 5)).build());
		EtcdClient client = this.cluster.client((options) -> options.maxInboundMessageSize(LIMIT), member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));

		assertThat(failure).isInstanceOf(EtcdRequestException.class)
			.hasMessageContaining("gRPC message exceeds maximum size 4194304");
		assertThat(failure.code()).isEqualTo(StatusCode.RESOURCE_EXHAUSTED);
		assertThat(failure.serverMessage()).isEmpty();
		assertThat(member.range().count()).isEqualTo(1);
		assertThat(client.kv().get("key").revision()).isEqualTo(ScriptedEtcd.REVISION);
	}

	@Test
	void takesAnAnswerAtItsLimit() {
		ScriptedEtcd member = this.cluster.member();
		ByteString large = ByteString.copyFrom(new byte[LIMIT - 100]);
		member.range()
			.thenAnswer(KvProto.RangeResponse.newBuilder().addKvs(WatchAnswers.keyValue("key", large, 5)).build());
		EtcdClient client = this.cluster.client((options) -> options.maxInboundMessageSize(LIMIT), member);

		assertThat(client.kv().get("key").kvs()).singleElement()
			.satisfies((kv) -> assertThat(kv.value().size()).isEqualTo(LIMIT - 100));
	}

	@Test
	void saysThatAWriteMayBeAppliedWhenItsAnswerMakesNoSense() {
		ScriptedEtcd member = this.cluster.member();
		member.txn()
			.otherwise((call) -> call.answer(
					KvProto.TxnResponse.newBuilder().addResponses(KvProto.ResponseOp.getDefaultInstance()).build()));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.kv().txn().then(PutRequest.of("key", "value")).commit());

		assertThat(failure).isInstanceOf(EtcdServerException.class)
			.hasMessageStartingWith("Txn failed: the answer makes no sense: ");
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(failure.endpoint()).contains(member.address());
		assertThat(member.txn().count()).isEqualTo(1);
	}

	@Test
	void endsACallWhoseAnswerCannotBeTaken() {
		ScriptedEtcd member = this.cluster.member();
		EtcdChannel channel = this.cluster.closing(new EtcdChannel(EtcdClientOptions.of(member.endpoint())));

		CompletableFuture<Object> call = new Calls(channel, channel.settings()).unary(KVGrpc.getRangeMethod(),
				KvProto.RangeRequest.getDefaultInstance(), RetryPolicy.REPEATABLE, (answer, sentAtNanos) -> {
					throw new InternalError("thrown on purpose");
				});

		assertThat(failureOf(call)).isInstanceOf(EtcdServerException.class).hasCauseInstanceOf(InternalError.class);
	}

	@Test
	void endsACallWhoseRequestCannotBeSent() {
		ScriptedEtcd member = this.cluster.member();
		EtcdChannel channel = this.cluster.closing(new EtcdChannel(EtcdClientOptions.of(member.endpoint())));
		MethodDescriptor<KvProto.RangeRequest, KvProto.RangeResponse> range = KVGrpc.getRangeMethod();
		MethodDescriptor<KvProto.RangeRequest, KvProto.RangeResponse> broken = range
			.toBuilder(new BrokenMarshaller(), range.getResponseMarshaller())
			.build();

		Calls calls = new Calls(channel, channel.settings());
		// gRPC itself loses what fails while there is no connection
		resultOf(calls.unary(range, KvProto.RangeRequest.getDefaultInstance(), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> answer.getCount()));

		CompletableFuture<Long> call = calls.unary(broken, KvProto.RangeRequest.getDefaultInstance(),
				RetryPolicy.REPEATABLE, (answer, sentAtNanos) -> answer.getCount());

		EtcdException failure = (EtcdException) failureOf(call);
		assertThat(failure).hasMessageContaining("the request could not be sent")
			.hasCauseInstanceOf(InternalError.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(member.range().count()).isEqualTo(1);
	}

	/** Fails to write. */
	private static final class BrokenMarshaller implements MethodDescriptor.Marshaller<KvProto.RangeRequest> {

		@Override
		public InputStream stream(KvProto.RangeRequest request) {
			throw new InternalError("thrown on purpose");
		}

		@Override
		public KvProto.RangeRequest parse(InputStream request) {
			throw new UnsupportedOperationException();
		}

	}

	@Test
	void goesOnThoughTheCallThatItsThreadServedHasEnded() {
		ScriptedEtcd member = this.cluster.member();
		member.put().thenHold();
		EtcdClient client = this.cluster.client(member);
		Context.CancellableContext served = Context.current().withCancellation();
		AtomicReference<CompletableFuture<PutResult>> call = new AtomicReference<>();
		served.run(() -> call.set(client.kv().putAsync("key", "value")));
		ScriptedCall<KvProto.PutRequest, KvProto.PutResponse> asked = member.put().awaitCall(0);

		served.cancel(null);
		asked.answer(KvProto.PutResponse.newBuilder().setHeader(ResponseHeader.newBuilder().setRevision(7)).build());

		assertThat(resultOf(call.get()).revision()).isEqualTo(7);
	}

	@Test
	void connectsWithTheFirstCallOnly() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);

		assertThat(client.connectionState()).isEqualTo(ConnectionState.IDLE);
		client.kv().get("key");
		await().until(() -> client.connectionState() == ConnectionState.CONNECTED);
	}

}
