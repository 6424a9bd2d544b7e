/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.io.UncheckedIOException;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnRequest;

/**
 * Reads what {@link KvRequests} writes, as etcd does.
 */
final class WrittenRequests {

	private WrittenRequests() {
	}

	static KvProto.RangeRequest written(RangeRequest request) {
		return written(Namespace.NONE, request);
	}

	static KvProto.RangeRequest written(Namespace namespace, RangeRequest request) {
		return parse(KvProto.RangeRequest.parser(), KvRequests.of(namespace, request));
	}

	static KvProto.PutRequest written(PutRequest request) {
		return parse(KvProto.PutRequest.parser(), KvRequests.of(Namespace.NONE, request));
	}

	static KvProto.DeleteRangeRequest written(DeleteRequest request) {
		return parse(KvProto.DeleteRangeRequest.parser(), KvRequests.of(Namespace.NONE, request));
	}

	static KvProto.TxnRequest written(TxnRequest request) {
		return written(Namespace.NONE, request);
	}

	static KvProto.TxnRequest written(Namespace namespace, TxnRequest request) {
		return parse(KvProto.TxnRequest.parser(), KvRequests.of(namespace, request));
	}

	private static <M extends Message> M parse(Parser<M> parser, MessageWriter.Body request) {
		try {
			return parser.parseFrom(RequestMarshaller.INSTANCE.stream(request));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
