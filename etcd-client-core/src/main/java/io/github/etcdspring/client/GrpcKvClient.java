/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.CompactResult;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;

/**
 * The KV service over the client's connection.
 */
final class GrpcKvClient implements KvClient {

	private final Calls calls;

	GrpcKvClient(Calls calls) {
		this.calls = calls;
	}

	@Override
	public RangeResult get(RangeRequest request) {
		return BlockingCall.await(callGet(request));
	}

	@Override
	public CompletableFuture<RangeResult> getAsync(RangeRequest request) {
		return this.calls.handOff(callGet(request));
	}

	CompletableFuture<RangeResult> callGet(RangeRequest request) {
		return this.calls.unary(KVGrpc.getRangeMethod(), KvCodec.toProto(request), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> KvCodec.fromProto(answer));
	}

	@Override
	public PutResult put(PutRequest request) {
		return BlockingCall.await(callPut(request));
	}

	@Override
	public CompletableFuture<PutResult> putAsync(PutRequest request) {
		return this.calls.handOff(callPut(request));
	}

	private CompletableFuture<PutResult> callPut(PutRequest request) {
		return this.calls.unary(KVGrpc.getPutMethod(), KvCodec.toProto(request), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> KvCodec.fromProto(answer));
	}

	@Override
	public DeleteResult delete(DeleteRequest request) {
		return BlockingCall.await(callDelete(request));
	}

	@Override
	public CompletableFuture<DeleteResult> deleteAsync(DeleteRequest request) {
		return this.calls.handOff(callDelete(request));
	}

	private CompletableFuture<DeleteResult> callDelete(DeleteRequest request) {
		return this.calls.unary(KVGrpc.getDeleteRangeMethod(), KvCodec.toProto(request), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> KvCodec.fromProto(answer));
	}

	@Override
	public TxnResult txn(TxnRequest request) {
		return BlockingCall.await(callTxn(request));
	}

	@Override
	public CompletableFuture<TxnResult> txnAsync(TxnRequest request) {
		return this.calls.handOff(callTxn(request));
	}

	private CompletableFuture<TxnResult> callTxn(TxnRequest request) {
		return this.calls.unary(KVGrpc.getTxnMethod(), KvCodec.toProto(request), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> KvCodec.fromProto(answer));
	}

	@Override
	public CompactResult compact(CompactRequest request) {
		return BlockingCall.await(callCompact(request));
	}

	@Override
	public CompletableFuture<CompactResult> compactAsync(CompactRequest request) {
		return this.calls.handOff(callCompact(request));
	}

	private CompletableFuture<CompactResult> callCompact(CompactRequest request) {
		return this.calls.unary(KVGrpc.getCompactMethod(), KvCodec.toProto(request), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> KvCodec.fromProto(answer));
	}

}
