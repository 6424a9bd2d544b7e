/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.time.Duration;

import com.google.protobuf.WireFormat;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.internal.proto.LeaseGrpc;
import io.github.etcdspring.internal.proto.LeaseProto;
import io.github.etcdspring.lease.LeaseGrant;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/**
 * What etcd answers when a lease is granted or renewed, read without a message object.
 *
 * @param header the header
 * @param id the lease
 * @param ttlSeconds how long it lives from now on; 0 or below if there is no such lease
 */
record LeaseAnswer(ResponseHeader header, long id, long ttlSeconds) {

	static final MethodDescriptor<MessageWriter.Body, LeaseAnswer> GRANT = AnswerMarshaller.method(MethodType.UNARY,
			LeaseGrpc.SERVICE_NAME, "LeaseGrant", LeaseAnswer::read);

	static final MethodDescriptor<MessageWriter.Body, LeaseAnswer> KEEP_ALIVE = AnswerMarshaller
		.method(MethodType.BIDI_STREAMING, LeaseGrpc.SERVICE_NAME, "LeaseKeepAlive", LeaseAnswer::read);

	static MessageWriter.Body grant(LeaseId lease, long ttlSeconds) {
		return (message) -> {
			message.number(LeaseProto.LeaseGrantRequest.TTL_FIELD_NUMBER, ttlSeconds);
			message.number(LeaseProto.LeaseGrantRequest.ID_FIELD_NUMBER, lease.value());
		};
	}

	static MessageWriter.Body keepAlive(LeaseId lease) {
		return (message) -> message.number(LeaseProto.LeaseKeepAliveRequest.ID_FIELD_NUMBER, lease.value());
	}

	/** Reads either answer: the fields of both have the same numbers. */
	private static LeaseAnswer read(MessageReader message) throws IOException {
		ResponseHeader header = MessageReader.noHeader();
		long id = 0;
		long ttlSeconds = 0;
		for (int tag = message.nextTag(); tag != 0; tag = message.nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case LeaseProto.LeaseGrantResponse.HEADER_FIELD_NUMBER -> header = message.header();
				case LeaseProto.LeaseGrantResponse.ID_FIELD_NUMBER -> id = message.number();
				case LeaseProto.LeaseGrantResponse.TTL_FIELD_NUMBER -> ttlSeconds = message.number();
				default -> message.skip(tag);
			}
		}
		return new LeaseAnswer(header, id, ttlSeconds);
	}

	/** Returns the lease as it is now, granted or renewed by a call sent at a time. */
	LeaseGrant toGrant(LeaseId lease, long sentAtNanos) {
		return new LeaseGrant(this.header, lease, Duration.ofSeconds(this.ttlSeconds), sentAtNanos);
	}

}
