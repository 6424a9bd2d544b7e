/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.MvccProto;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.CompactResult;

/**
 * Translates the KV contract to etcd's messages and back.
 */
final class KvCodec {

	/** The end that stands for "no upper bound". */
	static final ByteString UNBOUNDED = ByteString.copyFrom(new byte[1]);

	/** Up to so many bytes a copy is smaller than the buffers that spare it. */
	private static final int SMALL = 256;

	private KvCodec() {
	}

	static ByteString bytes(ByteSequence sequence) {
		return (sequence.size() <= SMALL) ? UnsafeByteOperations.unsafeWrap(sequence.toByteArray())
				: UnsafeByteOperations.unsafeWrap(sequence.asReadOnlyByteBuffer());
	}

	static ByteSequence sequence(ByteString bytes) {
		return ByteSequence.copyOf(bytes.asReadOnlyByteBuffer());
	}

	/** Returns the wire's end of a range: empty for a single key. */
	static ByteString rangeEnd(KeyRange range) {
		if (range.isSingleKey()) {
			return ByteString.EMPTY;
		}
		return range.end().map(KvCodec::bytes).orElse(UNBOUNDED);
	}

	static ResponseHeader header(HeaderProto.ResponseHeader header) {
		return new ResponseHeader(header.getClusterId(), header.getMemberId(), header.getRevision(),
				header.getRaftTerm());
	}

	static KeyValue keyValue(MvccProto.KeyValue kv) {
		return new KeyValue(sequence(kv.getKey()), sequence(kv.getValue()), kv.getCreateRevision(), kv.getModRevision(),
				kv.getVersion(), lease(kv.getLease()));
	}

	static LeaseId lease(long id) {
		return (id == 0) ? LeaseId.NONE : new LeaseId(id);
	}

	static KvProto.CompactionRequest toProto(CompactRequest request) {
		return KvProto.CompactionRequest.newBuilder()
			.setRevision(request.revision())
			.setPhysical(request.physical())
			.build();
	}

	static CompactResult fromProto(KvProto.CompactionResponse response) {
		return new CompactResult(header(response.getHeader()));
	}

}
