/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.KvProto.Compare.CompareResult;
import io.github.etcdspring.internal.proto.KvProto.Compare.CompareTarget;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import io.grpc.MethodDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static io.github.etcdspring.client.WrittenRequests.written;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link KvMethods}: transactions.
 */
class KvMethodsTxnTests {

	private static final KeyRange KEY = KeyRange.key("key");

	static Stream<Arguments> compares() {
		return Stream.of(
				Arguments.of(Compare.version(KEY, Compare.Relation.EQUAL, 7),
						compare(CompareTarget.VERSION, CompareResult.EQUAL).setVersion(7)),
				Arguments.of(Compare.createRevision(KEY, Compare.Relation.NOT_EQUAL, 7),
						compare(CompareTarget.CREATE, CompareResult.NOT_EQUAL).setCreateRevision(7)),
				Arguments.of(Compare.modRevision(KEY, Compare.Relation.GREATER, 7),
						compare(CompareTarget.MOD, CompareResult.GREATER).setModRevision(7)),
				Arguments.of(Compare.value(KEY, Compare.Relation.LESS, ByteSequence.of("v")),
						compare(CompareTarget.VALUE, CompareResult.LESS).setValue(ByteString.copyFromUtf8("v"))),
				Arguments.of(Compare.lease(KEY, Compare.Relation.EQUAL, new LeaseId(-5)),
						compare(CompareTarget.LEASE, CompareResult.EQUAL).setLease(-5)),
				Arguments.of(Compare.absent(ByteSequence.of("key")),
						compare(CompareTarget.CREATE, CompareResult.EQUAL).setCreateRevision(0)),
				Arguments.of(Compare.exists(ByteSequence.of("key")),
						compare(CompareTarget.CREATE, CompareResult.GREATER).setCreateRevision(0)),
				Arguments.of(Compare.absent(KeyRange.prefix("key")),
						compare(CompareTarget.CREATE, CompareResult.EQUAL).setCreateRevision(0)
							.setRangeEnd(ByteString.copyFromUtf8("kez"))));
	}

	@ParameterizedTest
	@MethodSource("compares")
	void sendsTargetAndOperandOfACompare(Compare compare, KvProto.Compare.Builder expected) {
		KvProto.TxnRequest proto = written(new TxnRequest(List.of(compare), List.of(), List.of()));

		assertThat(proto.getCompareList()).containsExactly(expected.build());
	}

	@ParameterizedTest
	@CsvSource({ "VERSION,VERSION", "CREATE,CREATE_REVISION", "MOD,MOD_REVISION", "LEASE,LEASE" })
	void setsTheOperandAlsoWhenItIsZero(Compare.Target target, KvProto.Compare.TargetUnionCase expected) {
		Compare compare = switch (target) {
			case VERSION -> Compare.version(KEY, Compare.Relation.EQUAL, 0);
			case CREATE -> Compare.createRevision(KEY, Compare.Relation.EQUAL, 0);
			case MOD -> Compare.modRevision(KEY, Compare.Relation.EQUAL, 0);
			case LEASE -> Compare.lease(KEY, Compare.Relation.EQUAL, LeaseId.NONE);
			case VALUE -> Compare.value(KEY, Compare.Relation.EQUAL, ByteSequence.EMPTY);
		};

		KvProto.TxnRequest proto = written(new TxnRequest(List.of(compare), List.of(), List.of()));

		assertThat(proto.getCompare(0).getTargetUnionCase()).isEqualTo(expected);
	}

	@Test
	void sendsBothListsOfOperationsInTheirOrder() {
		TxnRequest request = new TxnRequest(List.of(),
				List.of(PutRequest.of("a", "1"), DeleteRequest.of(KeyRange.key("b"))), List.of(RangeRequest.of(KEY)));

		KvProto.TxnRequest proto = written(request);

		assertThat(proto.getSuccess(0).getRequestPut()).isEqualTo(written(PutRequest.of("a", "1")));
		assertThat(proto.getSuccess(1).getRequestDeleteRange().getKey()).isEqualTo(ByteString.copyFromUtf8("b"));
		assertThat(proto.getFailure(0).getRequestRange()).isEqualTo(written(RangeRequest.of(KEY)));
	}

	@Test
	void sendsATransactionWithinATransaction() {
		TxnRequest inner = new TxnRequest(List.of(Compare.absent(ByteSequence.of("key"))),
				List.of(PutRequest.of("a", "1")), List.of());

		KvProto.TxnRequest proto = written(new TxnRequest(List.of(), List.of(inner), List.of()));

		assertThat(proto.getSuccess(0).getRequestTxn()).isEqualTo(written(inner));
		assertThat(proto.getSuccess(0).getRequestTxn().getSuccess(0).hasRequestPut()).isTrue();
	}

	@Test
	void readsTheResultOfEachOperation() {
		KvProto.TxnResponse response = KvProto.TxnResponse.newBuilder()
			.setHeader(HeaderProto.ResponseHeader.newBuilder().setRevision(9))
			.setSucceeded(true)
			.addResponses(op().setResponseRange(KvProto.RangeResponse.newBuilder().setCount(3)))
			.addResponses(op().setResponsePut(KvProto.PutResponse.newBuilder()))
			.addResponses(op().setResponseDeleteRange(KvProto.DeleteRangeResponse.newBuilder().setDeleted(2)))
			.addResponses(op().setResponseTxn(KvProto.TxnResponse.newBuilder()
				.addResponses(op().setResponseRange(KvProto.RangeResponse.newBuilder().setCount(4)))))
			.build();

		TxnResult result = read(KvMethods.TXN, response);

		assertThat(result.succeeded()).isTrue();
		assertThat(result.revision()).isEqualTo(9);
		assertThat(result.range(0).count()).isEqualTo(3);
		assertThat(result.results().get(1)).isInstanceOf(PutResult.class);
		assertThat(result.results().get(2)).isInstanceOfSatisfying(DeleteResult.class,
				(deleted) -> assertThat(deleted.deleted()).isEqualTo(2));
		assertThat(result.results().get(3)).isInstanceOfSatisfying(TxnResult.class, (nested) -> {
			assertThat(nested.succeeded()).isFalse();
			assertThat(nested.results()).hasOnlyElementsOfType(RangeResult.class);
			assertThat(nested.range(0).count()).isEqualTo(4);
		});
	}

	@Test
	void refusesAnAnswerThatLacksAResult() {
		KvProto.TxnResponse response = KvProto.TxnResponse.newBuilder().addResponses(op()).build();

		assertThatExceptionOfType(SenselessAnswerException.class).isThrownBy(() -> read(KvMethods.TXN, response))
			.withMessage("a transaction's answer lacks an operation's result");
	}

	private static KvProto.Compare.Builder compare(CompareTarget target, CompareResult result) {
		return KvProto.Compare.newBuilder().setKey(ByteString.copyFromUtf8("key")).setTarget(target).setResult(result);
	}

	private static KvProto.ResponseOp.Builder op() {
		return KvProto.ResponseOp.newBuilder();
	}

	private static <T> T read(MethodDescriptor<?, T> method, MessageLite answer) {
		return method.parseResponse(answer.toByteString().newInput());
	}

}
