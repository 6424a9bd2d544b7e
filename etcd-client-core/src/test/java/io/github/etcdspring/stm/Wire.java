/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.util.List;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.Compare;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.KvProto.RequestOp;
import io.github.etcdspring.internal.proto.KvProto.ResponseOp;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.internal.proto.MvccProto.KeyValue;
import io.grpc.Status;

/**
 * Requests as words, and answers from words.
 */
final class Wire {

	static final Status COMPACTED = Status.OUT_OF_RANGE
		.withDescription("etcdserver: mvcc: required revision has been compacted");

	static final Status FUTURE = Status.OUT_OF_RANGE
		.withDescription("etcdserver: mvcc: required revision is a future revision");

	private Wire() {
	}

	static KeyValue kv(String key, String value, long modRevision) {
		return KeyValue.newBuilder()
			.setKey(ByteString.copyFromUtf8(key))
			.setValue(ByteString.copyFromUtf8(value))
			.setModRevision(modRevision)
			.build();
	}

	/** Returns the answer to a read, at a revision of the store. */
	static RangeResponse found(long revision, KeyValue... kvs) {
		return RangeResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setRevision(revision))
			.addAllKvs(List.of(kvs))
			.setCount(kvs.length)
			.build();
	}

	/** Returns the answer to a transaction whose compares held. */
	static TxnResponse committed(long revision, RangeResponse... reads) {
		return txn(true, revision, reads);
	}

	/** Returns the answer to a transaction one of whose compares did not hold. */
	static TxnResponse conflict(long revision, RangeResponse... reads) {
		return txn(false, revision, reads);
	}

	private static TxnResponse txn(boolean succeeded, long revision, RangeResponse... reads) {
		TxnResponse.Builder answer = TxnResponse.newBuilder()
			.setSucceeded(succeeded)
			.setHeader(ResponseHeader.newBuilder().setRevision(revision));
		Stream.of(reads).forEach((read) -> answer.addResponses(ResponseOp.newBuilder().setResponseRange(read)));
		return answer.build();
	}

	/** Returns the reads that a member was asked for outside of transactions. */
	static List<String> reads(ScriptedEtcd member) {
		return member.range().calls().stream().map((call) -> words(call.request())).toList();
	}

	static List<String> compares(TxnRequest request) {
		return request.getCompareList().stream().map(Wire::words).toList();
	}

	static List<String> success(TxnRequest request) {
		return request.getSuccessList().stream().map(Wire::words).toList();
	}

	static List<String> failure(TxnRequest request) {
		return request.getFailureList().stream().map(Wire::words).toList();
	}

	private static String words(Compare compare) {
		return compare.getKey().toStringUtf8() + " " + compare.getTarget() + " " + compare.getResult() + " "
				+ compare.getModRevision();
	}

	private static String words(RequestOp operation) {
		return switch (operation.getRequestCase()) {
			case REQUEST_PUT -> "put " + operation.getRequestPut().getKey().toStringUtf8() + " "
					+ operation.getRequestPut().getValue().toStringUtf8() + ((operation.getRequestPut().getLease() != 0)
							? " lease " + operation.getRequestPut().getLease() : "");
			case REQUEST_DELETE_RANGE -> "delete " + operation.getRequestDeleteRange().getKey().toStringUtf8();
			case REQUEST_RANGE -> words(operation.getRequestRange());
			default -> operation.toString();
		};
	}

	private static String words(RangeRequest request) {
		return (request.getCountOnly() ? "count " : "get ") + request.getKey().toStringUtf8()
				+ ((request.getRevision() != 0) ? " @" + request.getRevision() : "")
				+ (request.getSerializable() ? " serializable" : "");
	}

}
