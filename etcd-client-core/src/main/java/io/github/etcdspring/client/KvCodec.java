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
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;

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

	static KvProto.RangeRequest toProto(RangeRequest request) {
		return KvProto.RangeRequest.newBuilder()
			.setKey(bytes(request.range().start()))
			.setRangeEnd(rangeEnd(request.range()))
			.setLimit(request.limit())
			.setRevision(request.revision())
			.setSortOrder(sortOrder(request))
			.setSortTarget(KvProto.RangeRequest.SortTarget.valueOf(request.sortTarget().name()))
			.setSerializable(request.isSerializable())
			.setKeysOnly(request.isKeysOnly())
			.setCountOnly(request.isCountOnly())
			.setMinModRevision(request.minModRevision())
			.setMaxModRevision(request.maxModRevision())
			.setMinCreateRevision(request.minCreateRevision())
			.setMaxCreateRevision(request.maxCreateRevision())
			.build();
	}

	/** Keys in ascending order are what the server returns unsorted. */
	private static KvProto.RangeRequest.SortOrder sortOrder(RangeRequest request) {
		if (request.sortOrder() == RangeRequest.SortOrder.DESCEND) {
			return KvProto.RangeRequest.SortOrder.DESCEND;
		}
		return (request.sortTarget() == RangeRequest.SortTarget.KEY) ? KvProto.RangeRequest.SortOrder.NONE
				: KvProto.RangeRequest.SortOrder.ASCEND;
	}

	static KvProto.PutRequest toProto(PutRequest request) {
		return KvProto.PutRequest.newBuilder()
			.setKey(bytes(request.key()))
			.setValue(bytes(request.value()))
			.setLease(request.lease().value())
			.setPrevKv(request.returnsPrevious())
			.setIgnoreValue(request.keepsValue())
			.setIgnoreLease(request.keepsLease())
			.build();
	}

	static KvProto.DeleteRangeRequest toProto(DeleteRequest request) {
		return KvProto.DeleteRangeRequest.newBuilder()
			.setKey(bytes(request.range().start()))
			.setRangeEnd(rangeEnd(request.range()))
			.setPrevKv(request.returnsPrevious())
			.build();
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

	static KvProto.TxnRequest toProto(TxnRequest request) {
		KvProto.TxnRequest.Builder txn = KvProto.TxnRequest.newBuilder();
		request.compares().forEach((compare) -> txn.addCompare(toProto(compare)));
		request.success().forEach((operation) -> txn.addSuccess(toProto(operation)));
		request.failure().forEach((operation) -> txn.addFailure(toProto(operation)));
		return txn.build();
	}

	private static KvProto.Compare toProto(Compare compare) {
		KvProto.Compare.Builder proto = KvProto.Compare.newBuilder()
			.setKey(bytes(compare.range().start()))
			.setRangeEnd(rangeEnd(compare.range()))
			.setTarget(KvProto.Compare.CompareTarget.valueOf(compare.target().name()))
			.setResult(KvProto.Compare.CompareResult.valueOf(compare.relation().name()));
		switch (compare.target()) {
			case VERSION -> proto.setVersion(compare.number());
			case CREATE -> proto.setCreateRevision(compare.number());
			case MOD -> proto.setModRevision(compare.number());
			case VALUE -> proto.setValue(bytes(compare.value()));
			case LEASE -> proto.setLease(compare.number());
		}
		return proto.build();
	}

	private static KvProto.RequestOp toProto(TxnOperation operation) {
		KvProto.RequestOp.Builder op = KvProto.RequestOp.newBuilder();
		if (operation instanceof RangeRequest range) {
			op.setRequestRange(toProto(range));
		}
		else if (operation instanceof PutRequest put) {
			op.setRequestPut(toProto(put));
		}
		else if (operation instanceof DeleteRequest delete) {
			op.setRequestDeleteRange(toProto(delete));
		}
		else if (operation instanceof TxnRequest txn) {
			op.setRequestTxn(toProto(txn));
		}
		return op.build();
	}

}
