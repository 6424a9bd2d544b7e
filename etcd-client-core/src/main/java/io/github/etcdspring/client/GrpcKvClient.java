/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import java.util.stream.Stream;

import io.github.etcdspring.KeyValue;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.CompactResult;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;

/**
 * The KV service over the client's connection.
 */
final class GrpcKvClient implements KvClient {

	/** How many pages a reading thread may have before it. */
	private static final int PAGES_AHEAD = 2;

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
		UnaryCall<MessageWriter.Body, RangeResult, RangeResult> call = this.calls.call(KvMethods.RANGE,
				KvRequests.of(namespace(), request), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> namespace().strip(answer));
		return start(call, request.isSerializable());
	}

	@Override
	public Flow.Publisher<RangePage> pages(RangeRequest request) {
		return callPages(request);
	}

	@Override
	public Stream<KeyValue> stream(RangeRequest request) {
		return PulledStream.of(callPages(request), PAGES_AHEAD).flatMap((page) -> page.kvs().stream());
	}

	RangePages callPages(RangeRequest request) {
		return new RangePages(this.calls, request, new RangePages.Reads() {

			@Override
			public CompletableFuture<RangeResult> get(RangeRequest page) {
				return callGet(page);
			}

			@Override
			public Subscribable<RangeResult> stream(RangeRequest rest) {
				return callStream(rest);
			}

		});
	}

	private ServerStream<?, ?, RangeResult> callStream(RangeRequest request) {
		return this.calls.stream(KvMethods.RANGE_STREAM, KvRequests.of(namespace(), request),
				(answer) -> namespace().strip(answer));
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
		return this.calls
			.call(KvMethods.PUT, KvRequests.of(namespace(), request), RetryPolicy.NON_REPEATABLE,
					(answer, sentAtNanos) -> namespace().strip(answer))
			.linearizable()
			.start();
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
		return this.calls
			.call(KvMethods.DELETE, KvRequests.of(namespace(), request), RetryPolicy.NON_REPEATABLE,
					(answer, sentAtNanos) -> namespace().strip(answer))
			.linearizable()
			.start();
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
		UnaryCall<MessageWriter.Body, TxnResult, TxnResult> call = this.calls.call(KvMethods.TXN,
				KvRequests.of(namespace(), request), RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> namespace().strip(answer));
		return start(call, isSerializable(request));
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
		return this.calls
			.call(KVGrpc.getCompactMethod(), KvCodec.toProto(request), RetryPolicy.NON_REPEATABLE,
					(answer, sentAtNanos) -> KvCodec.fromProto(answer))
			.linearizable()
			.start();
	}

	private Namespace namespace() {
		return this.calls.namespace();
	}

	/**
	 * A serializable read shows the state of the member that is asked, and is asked of
	 * another one if the client has seen a later one and cares.
	 */
	private <T> CompletableFuture<T> start(UnaryCall<?, ?, T> call, boolean serializable) {
		if (!serializable) {
			return call.linearizable().start();
		}
		return (this.calls.isOrdered() ? call.ordered() : call).start();
	}

	/** Whether a member answers a transaction from its own state: etcd's own rule. */
	private static boolean isSerializable(TxnRequest request) {
		return isSerializable(request.success()) && isSerializable(request.failure());
	}

	private static boolean isSerializable(List<TxnOperation> operations) {
		for (TxnOperation operation : operations) {
			if (!(operation instanceof RangeRequest range) || !range.isSerializable()) {
				return false;
			}
		}
		return true;
	}

}
