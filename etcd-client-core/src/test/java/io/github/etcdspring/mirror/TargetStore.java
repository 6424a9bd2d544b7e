/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

import com.google.protobuf.ByteString;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.Compare;
import io.github.etcdspring.internal.proto.KvProto.DeleteRangeResponse;
import io.github.etcdspring.internal.proto.KvProto.PutRequest;
import io.github.etcdspring.internal.proto.KvProto.PutResponse;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.KvProto.RequestOp;
import io.github.etcdspring.internal.proto.KvProto.ResponseOp;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.internal.proto.MvccProto.KeyValue;

/**
 * The keys of a member that a mirror writes to, as real ones behave: reads in pages,
 * transactions with compares of revisions and values. Thread-safe.
 */
final class TargetStore {

	static final String FENCE = "etcdspring/mirror/t/";

	private final ReentrantLock lock = new ReentrantLock();

	private final TreeMap<String, KeyValue> keys = new TreeMap<>();

	/** What the keys were at each revision. */
	private final TreeMap<Long, TreeMap<String, KeyValue>> history = new TreeMap<>();

	/** What each transaction that wrote something wrote: {@code t/a=1, -t/b}. */
	private final List<String> written = new CopyOnWriteArrayList<>();

	private long revision = 10;

	/** Answers every read and transaction of a member that nobody scripted. */
	TargetStore serve(ScriptedEtcd member) {
		member.range().otherwise((call) -> call.answer(range(call.request())));
		member.txn().otherwise((call) -> call.answer(commit(call.request())));
		return this;
	}

	/** Returns the keys without the fence, each with its value. */
	SortedMap<String, String> contents() {
		this.lock.lock();
		try {
			return this.keys.values()
				.stream()
				.filter((kv) -> !kv.getKey().toStringUtf8().equals(FENCE))
				.collect(Collectors.toMap((kv) -> kv.getKey().toStringUtf8(), (kv) -> kv.getValue().toStringUtf8(),
						(one, other) -> one, TreeMap::new));
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean hasFence() {
		this.lock.lock();
		try {
			return this.keys.containsKey(FENCE);
		}
		finally {
			this.lock.unlock();
		}
	}

	List<String> written() {
		return this.written;
	}

	/** Writes as another hand does. */
	void put(String key, String value, long lease) {
		this.lock.lock();
		try {
			put(PutRequest.newBuilder()
				.setKey(ByteString.copyFromUtf8(key))
				.setValue(ByteString.copyFromUtf8(value))
				.setLease(lease)
				.build(), this.revision + 1);
			remember();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** As from a backup. */
	void putBack(long revision) {
		this.lock.lock();
		try {
			this.keys.clear();
			this.history.headMap(revision, true).lastEntry().getValue().forEach(this.keys::put);
			this.revision = revision;
		}
		finally {
			this.lock.unlock();
		}
	}

	long revision() {
		return this.revision;
	}

	TxnResponse commit(TxnRequest txn) {
		this.lock.lock();
		try {
			List<String> changes = new ArrayList<>();
			TxnResponse response = run(txn, this.revision + 1, changes);
			if (!changes.isEmpty()) {
				this.written.add(String.join(", ", changes));
			}
			return response.toBuilder().setHeader(header()).build();
		}
		finally {
			this.lock.unlock();
		}
	}

	private ResponseHeader header() {
		return ResponseHeader.newBuilder().setRevision(this.revision).build();
	}

	private TxnResponse run(TxnRequest txn, long next, List<String> changes) {
		boolean succeeded = txn.getCompareList().stream().allMatch(this::holds);
		TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(succeeded);
		(succeeded ? txn.getSuccessList() : txn.getFailureList())
			.forEach((operation) -> response.addResponses(run(operation, next, changes)));
		return response.setHeader(header()).build();
	}

	private boolean holds(Compare compare) {
		KeyValue kv = this.keys.get(compare.getKey().toStringUtf8());
		return switch (compare.getTarget()) {
			case CREATE -> compare.getCreateRevision() == ((kv != null) ? kv.getCreateRevision() : 0);
			case MOD -> compare.getModRevision() == ((kv != null) ? kv.getModRevision() : 0);
			case VALUE -> kv != null && kv.getValue().equals(compare.getValue());
			default -> throw new IllegalArgumentException("not served: " + compare);
		};
	}

	private ResponseOp run(RequestOp operation, long next, List<String> changes) {
		return switch (operation.getRequestCase()) {
			case REQUEST_PUT -> {
				PutRequest put = operation.getRequestPut();
				if (!put.getKey().toStringUtf8().equals(FENCE)) {
					changes.add(put.getKey().toStringUtf8() + "=" + put.getValue().toStringUtf8());
				}
				put(put, next);
				remember();
				yield ResponseOp.newBuilder().setResponsePut(PutResponse.getDefaultInstance()).build();
			}
			case REQUEST_DELETE_RANGE -> {
				String key = operation.getRequestDeleteRange().getKey().toStringUtf8();
				boolean deleted = this.keys.remove(key) != null;
				this.revision = deleted ? next : this.revision;
				remember();
				if (!key.equals(FENCE)) {
					changes.add("-" + key);
				}
				yield ResponseOp.newBuilder()
					.setResponseDeleteRange(DeleteRangeResponse.newBuilder().setDeleted(deleted ? 1 : 0))
					.build();
			}
			case REQUEST_RANGE -> ResponseOp.newBuilder().setResponseRange(range(operation.getRequestRange())).build();
			case REQUEST_TXN ->
				ResponseOp.newBuilder().setResponseTxn(run(operation.getRequestTxn(), next, changes)).build();
			default -> throw new IllegalArgumentException("not served: " + operation);
		};
	}

	private void remember() {
		this.history.put(this.revision, new TreeMap<>(this.keys));
	}

	private void put(PutRequest put, long next) {
		String key = put.getKey().toStringUtf8();
		KeyValue before = this.keys.get(key);
		this.revision = next;
		this.keys.put(key,
				KeyValue.newBuilder()
					.setKey(put.getKey())
					.setValue(put.getValue())
					.setLease(put.getLease())
					.setCreateRevision((before != null) ? before.getCreateRevision() : next)
					.setModRevision(next)
					.setVersion((before != null) ? before.getVersion() + 1 : 1)
					.build());
	}

	RangeResponse range(RangeRequest request) {
		this.lock.lock();
		try {
			String key = request.getKey().toStringUtf8();
			String end = request.getRangeEnd().toStringUtf8();
			List<KeyValue> found = this.keys.tailMap(key, true)
				.values()
				.stream()
				.filter((kv) -> end.isEmpty() ? kv.getKey().equals(request.getKey())
						: end.equals("\0") || kv.getKey().toStringUtf8().compareTo(end) < 0)
				.toList();
			long limit = (request.getLimit() == 0) ? Long.MAX_VALUE : request.getLimit();
			return RangeResponse.newBuilder()
				.setHeader(header())
				.addAllKvs(found.stream().limit(limit).toList())
				.setMore(found.size() > limit)
				.setCount(found.size())
				.build();
		}
		finally {
			this.lock.unlock();
		}
	}

}
