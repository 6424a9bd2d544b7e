/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.WireFormat;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnOperationResult;
import io.github.etcdspring.kv.TxnResult;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/**
 * The calls of etcd's key-value service, with requests that are written, and answers that
 * are read, without a message object between them and the wire.
 */
final class KvMethods {

	static final MethodDescriptor<MessageWriter.Body, RangeResult> RANGE = unary("Range", KvMethods::range);

	static final MethodDescriptor<MessageWriter.Body, PutResult> PUT = unary("Put", KvMethods::put);

	static final MethodDescriptor<MessageWriter.Body, DeleteResult> DELETE = unary("DeleteRange", KvMethods::delete);

	static final MethodDescriptor<MessageWriter.Body, TxnResult> TXN = unary("Txn", KvMethods::txn);

	static final MethodDescriptor<MessageWriter.Body, RangeResult> RANGE_STREAM = AnswerMarshaller
		.method(MethodType.SERVER_STREAMING, KVGrpc.SERVICE_NAME, "RangeStream", KvMethods::rangePart);

	private KvMethods() {
	}

	private static <T> MethodDescriptor<MessageWriter.Body, T> unary(String name, MessageReader.Body<T> body) {
		return AnswerMarshaller.method(MethodType.UNARY, KVGrpc.SERVICE_NAME, name, body);
	}

	private static RangeResult range(MessageReader answer) throws IOException {
		ResponseHeader header = MessageReader.noHeader();
		List<KeyValue> kvs = List.of();
		boolean more = false;
		long count = 0;
		for (int tag = answer.nextTag(); tag != 0; tag = answer.nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case KvProto.RangeResponse.HEADER_FIELD_NUMBER -> header = answer.header();
				case KvProto.RangeResponse.KVS_FIELD_NUMBER -> kvs = answer.add(kvs, MessageReader::keyValue);
				case KvProto.RangeResponse.MORE_FIELD_NUMBER -> more = answer.flag();
				case KvProto.RangeResponse.COUNT_FIELD_NUMBER -> count = answer.number();
				default -> answer.skip(tag);
			}
		}
		return new RangeResult(header, kvs, more, count);
	}

	/** Reads a part of an answer: only the last has a header. */
	private static RangeResult rangePart(MessageReader answer) throws IOException {
		RangeResult part = new RangeResult(MessageReader.noHeader(), List.of(), true, 0);
		for (int tag = answer.nextTag(); tag != 0; tag = answer.nextTag()) {
			if (WireFormat.getTagFieldNumber(tag) == KvProto.RangeStreamResponse.RANGE_RESPONSE_FIELD_NUMBER) {
				RangeResult range = answer.nested(KvMethods::range);
				boolean more = range.more() || range.header().equals(MessageReader.noHeader());
				part = new RangeResult(range.header(), range.kvs(), more, range.count());
			}
			else {
				answer.skip(tag);
			}
		}
		return part;
	}

	private static PutResult put(MessageReader answer) throws IOException {
		ResponseHeader header = MessageReader.noHeader();
		Optional<KeyValue> previous = Optional.empty();
		for (int tag = answer.nextTag(); tag != 0; tag = answer.nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case KvProto.PutResponse.HEADER_FIELD_NUMBER -> header = answer.header();
				case KvProto.PutResponse.PREV_KV_FIELD_NUMBER -> previous = Optional.of(answer.keyValue());
				default -> answer.skip(tag);
			}
		}
		return new PutResult(header, previous);
	}

	private static DeleteResult delete(MessageReader answer) throws IOException {
		ResponseHeader header = MessageReader.noHeader();
		long deleted = 0;
		List<KeyValue> previous = List.of();
		for (int tag = answer.nextTag(); tag != 0; tag = answer.nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case KvProto.DeleteRangeResponse.HEADER_FIELD_NUMBER -> header = answer.header();
				case KvProto.DeleteRangeResponse.DELETED_FIELD_NUMBER -> deleted = answer.number();
				case KvProto.DeleteRangeResponse.PREV_KVS_FIELD_NUMBER ->
					previous = answer.add(previous, MessageReader::keyValue);
				default -> answer.skip(tag);
			}
		}
		return new DeleteResult(header, deleted, previous);
	}

	private static TxnResult txn(MessageReader answer) throws IOException {
		ResponseHeader header = MessageReader.noHeader();
		boolean succeeded = false;
		List<TxnOperationResult> results = List.of();
		for (int tag = answer.nextTag(); tag != 0; tag = answer.nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case KvProto.TxnResponse.HEADER_FIELD_NUMBER -> header = answer.header();
				case KvProto.TxnResponse.SUCCEEDED_FIELD_NUMBER -> succeeded = answer.flag();
				case KvProto.TxnResponse.RESPONSES_FIELD_NUMBER -> results = answer.add(results, KvMethods::operation);
				default -> answer.skip(tag);
			}
		}
		return new TxnResult(header, succeeded, results);
	}

	private static TxnOperationResult operation(MessageReader answer) throws IOException {
		TxnOperationResult result = null;
		int outer = answer.enter();
		for (int tag = answer.nextTag(); tag != 0; tag = answer.nextTag()) {
			result = switch (WireFormat.getTagFieldNumber(tag)) {
				case KvProto.ResponseOp.RESPONSE_RANGE_FIELD_NUMBER -> answer.nested(KvMethods::range);
				case KvProto.ResponseOp.RESPONSE_PUT_FIELD_NUMBER -> answer.nested(KvMethods::put);
				case KvProto.ResponseOp.RESPONSE_DELETE_RANGE_FIELD_NUMBER -> answer.nested(KvMethods::delete);
				case KvProto.ResponseOp.RESPONSE_TXN_FIELD_NUMBER -> answer.nested(KvMethods::txn);
				default -> throw new SenselessAnswerException("an operation's result is of no known kind");
			};
		}
		answer.leave(outer);
		if (result == null) {
			throw new SenselessAnswerException("a transaction's answer lacks an operation's result");
		}
		return result;
	}

}
