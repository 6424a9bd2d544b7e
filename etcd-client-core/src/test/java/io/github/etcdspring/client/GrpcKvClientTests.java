/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.function.Function;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.Txn;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.UnaryScript;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.kv.PutRequest;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of {@link GrpcKvClient} and of the conveniences of {@link KvClient}.
 */
class GrpcKvClientTests {

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	static Stream<Arguments> writes() {
		return Stream.of(write("put", ScriptedEtcd::put, (kv) -> kv.put("key", "value")),
				write("delete", ScriptedEtcd::delete, (kv) -> kv.delete("key")),
				write("transaction", ScriptedEtcd::txn, (kv) -> kv.txn().then(PutRequest.of("key", "value")).commit()),
				write("read-only transaction", ScriptedEtcd::txn, (kv) -> kv.txn().commit()),
				write("compaction", ScriptedEtcd::compact, (kv) -> kv.compact(CompactRequest.of(5))));
	}

	private static Arguments write(String name, Function<ScriptedEtcd, UnaryScript<?, ?>> script,
			Function<KvClient, Object> call) {
		return arguments(name, script, call);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("writes")
	void isSentOnceWhenItMayHaveBeenApplied(String name, Function<ScriptedEtcd, UnaryScript<?, ?>> script,
			Function<KvClient, Object> call) {
		ScriptedEtcd member = this.cluster.member();
		script.apply(member).otherwiseFail(Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> call.apply(client.kv()));

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
		assertThat(script.apply(member).count()).isEqualTo(1);
	}

	@Test
	void readsAndWritesAndDeletesTextInBothForms() {
		ScriptedEtcd member = this.cluster.member();
		KvClient kv = this.cluster.client(member).kv();

		kv.get("a");
		resultOf(kv.getAsync("b"));
		kv.put("c", "1");
		resultOf(kv.putAsync("d", "2"));
		kv.delete("e");
		resultOf(kv.deleteAsync("f"));

		assertThat(member.range().calls()).extracting((call) -> call.request().getKey().toStringUtf8())
			.containsExactly("a", "b");
		assertThat(member.put().calls())
			.extracting((call) -> call.request().getKey().toStringUtf8() + call.request().getValue().toStringUtf8())
			.containsExactly("c1", "d2");
		assertThat(member.delete().calls()).extracting((call) -> call.request().getKey().toStringUtf8())
			.containsExactly("e", "f");
	}

	@Test
	void readsARangeInBothForms() {
		ScriptedEtcd member = this.cluster.member();
		KvClient kv = this.cluster.client(member).kv();

		kv.get(KeyRange.prefix("a"));
		resultOf(kv.getAsync(KeyRange.prefix("a")));

		assertThat(member.range().calls()).extracting((call) -> call.request().getRangeEnd().toStringUtf8())
			.containsExactly("b", "b");
	}

	@Test
	void sendsATransactionOfAllItsSteps() {
		ScriptedEtcd member = this.cluster.member();
		member.txn().thenAnswer(KvProto.TxnResponse.newBuilder().setSucceeded(true).build());
		KvClient kv = this.cluster.client(member).kv();

		boolean succeeded = kv.txn()
			.when(Compare.absent(ByteSequence.of("key")))
			.then(PutRequest.of("key", "1"))
			.otherwise(PutRequest.of("key", "2"))
			.commit()
			.succeeded();

		KvProto.TxnRequest sent = member.txn().calls().get(0).request();
		assertThat(succeeded).isTrue();
		assertThat(sent.getCompareCount()).isEqualTo(1);
		assertThat(sent.getSuccess(0).getRequestPut().getValue()).isEqualTo(ByteString.copyFromUtf8("1"));
		assertThat(sent.getFailure(0).getRequestPut().getValue()).isEqualTo(ByteString.copyFromUtf8("2"));
	}

	@Test
	void joinsTheConditionsAndOperationsOfATransactionThatAreGivenOneByOne() {
		Txn txn = this.cluster.client(this.cluster.member()).kv().txn();

		TxnRequest joined = txn.when(Compare.exists(ByteSequence.of("a")))
			.when(Compare.exists(ByteSequence.of("b")))
			.then(PutRequest.of("c", "1"))
			.then(PutRequest.of("d", "1"))
			.otherwise(PutRequest.of("e", "1"))
			.otherwise(PutRequest.of("f", "1"))
			.request();

		assertThat(joined.compares()).extracting((compare) -> compare.range().start().toUtf8())
			.containsExactly("a", "b");
		assertThat(joined.success()).extracting((put) -> ((PutRequest) put).key().toUtf8()).containsExactly("c", "d");
		assertThat(joined.failure()).extracting((put) -> ((PutRequest) put).key().toUtf8()).containsExactly("e", "f");
	}

	@Test
	void failsToCompactWhatIsCompacted() {
		ScriptedEtcd member = this.cluster.member();
		member.compact()
			.otherwiseFail(
					Status.OUT_OF_RANGE.withDescription("etcdserver: mvcc: required revision has been compacted"));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.kv().compact(CompactRequest.of(5)));

		assertThat(failure).isInstanceOf(CompactedException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
	}

}
