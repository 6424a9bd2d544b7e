/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;

/**
 * etcd's KV service: reads, writes, transactions and compaction. Every operation is a
 * pair: {@code x} waits for the answer, {@code xAsync} returns at once. Thread-safe.
 * <p>
 * The blocking form throws an {@link EtcdException} as it is; interrupting the waiting
 * thread cancels the call, leaves the interrupt flag set and throws
 * {@link io.github.etcdspring.EtcdCancelledException}. The future of the other form fails
 * with the same exceptions, completes on the client's callback executor, and cancels the
 * call when it is cancelled.
 * <p>
 * Reads are repeated on another member while the cluster is unavailable, within the
 * client's request timeout. Put, delete, transaction and compaction are never repeated
 * once they may have been applied; then the exception's outcome is
 * {@link io.github.etcdspring.Outcome#UNKNOWN}.
 */
public interface KvClient {

	/**
	 * Reads keys. Linearizable unless the request says otherwise.
	 * @param request what to read
	 * @return the keys that exist, at one revision
	 * @throws EtcdException if the read failed
	 */
	RangeResult get(RangeRequest request);

	/**
	 * Reads keys: the asynchronous form of {@link #get(RangeRequest)}.
	 * @param request what to read
	 * @return the future result
	 */
	CompletableFuture<RangeResult> getAsync(RangeRequest request);

	/**
	 * Reads many keys page by page, all at one revision: that of the request or, without
	 * one, that of the first page. What the subscriber does not ask for is not read. A
	 * server that can, etcd 3.7 and later, sends what follows the first page by itself;
	 * else each page is a read of its own. Either way the pages hold as many keys as the
	 * server or the client sees fit, together those that {@link #get(RangeRequest)} finds
	 * at that revision.
	 * <p>
	 * Each subscription is a read of its own. Its subscriber is called on the client's
	 * callback executor, and gets one page at least, unless the read fails. It fails as a
	 * read does: in particular with a {@link io.github.etcdspring.CompactedException} if
	 * the history is discarded meanwhile, and with an
	 * {@link io.github.etcdspring.EtcdClosedException} if the client is closed. A page
	 * may take as long as a call may, the whole as long as it takes.
	 * @param request what to read: without an order, and not a count
	 * @return a publisher that reads nothing before it is subscribed to
	 * @throws IllegalArgumentException if the request asks for an order other than by
	 * ascending key, or for a count
	 */
	Flow.Publisher<RangePage> pages(RangeRequest request);

	/**
	 * Reads many keys one after the other: the blocking form of
	 * {@link #pages(RangeRequest)}, in ascending order and at one revision. Nothing is
	 * read before the stream is; then it holds two pages at most ahead of its reader.
	 * Close it unless it is read to its end. It throws what {@code get} throws, in the
	 * thread that reads it; when that is interrupted, also
	 * {@link io.github.etcdspring.EtcdCancelledException}, with the flag set.
	 * @param request what to read: without an order, and not a count
	 * @return a stream to be read once, by one thread
	 * @throws IllegalArgumentException if the request asks for an order other than by
	 * ascending key, or for a count
	 */
	Stream<KeyValue> stream(RangeRequest request);

	/**
	 * Writes a key.
	 * @param request what to write
	 * @return the revision of the write, and the previous key-value if it was asked for
	 * @throws EtcdException if the write failed
	 */
	PutResult put(PutRequest request);

	/**
	 * Writes a key: the asynchronous form of {@link #put(PutRequest)}.
	 * @param request what to write
	 * @return the future result
	 */
	CompletableFuture<PutResult> putAsync(PutRequest request);

	/**
	 * Deletes keys.
	 * @param request what to delete
	 * @return how many keys were deleted, and their last values if they were asked for
	 * @throws EtcdException if the deletion failed
	 */
	DeleteResult delete(DeleteRequest request);

	/**
	 * Deletes keys: the asynchronous form of {@link #delete(DeleteRequest)}.
	 * @param request what to delete
	 * @return the future result
	 */
	CompletableFuture<DeleteResult> deleteAsync(DeleteRequest request);

	/**
	 * Runs a transaction: compares, then one of two lists of operations, all at one
	 * revision. One without operations, or with serializable reads alone, is answered by
	 * the member that is asked from its own, possibly stale, state.
	 * @param request the transaction
	 * @return which list ran, and what its operations returned
	 * @throws EtcdException if the transaction failed as a whole
	 */
	TxnResult txn(TxnRequest request);

	/**
	 * Runs a transaction: the asynchronous form of {@link #txn(TxnRequest)}.
	 * @param request the transaction
	 * @return the future result
	 */
	CompletableFuture<TxnResult> txnAsync(TxnRequest request);

	/**
	 * Discards the history of all keys before a revision.
	 * @param request up to where
	 * @return the header of the answer
	 * @throws EtcdException if the compaction failed; a
	 * {@link io.github.etcdspring.CompactedException} if it has been done before
	 */
	CompactResult compact(CompactRequest request);

	/**
	 * Discards history: the asynchronous form of {@link #compact(CompactRequest)}.
	 * @param request up to where
	 * @return the future result
	 */
	CompletableFuture<CompactResult> compactAsync(CompactRequest request);

	/**
	 * Begins a transaction.
	 * @return a transaction without compares and operations
	 */
	default Txn txn() {
		return new Txn(this);
	}

	/**
	 * Reads a range of keys.
	 * @param range the keys
	 * @return those that exist
	 * @throws EtcdException if the read failed
	 */
	default RangeResult get(KeyRange range) {
		return get(RangeRequest.of(range));
	}

	/**
	 * Reads a range of keys: the asynchronous form of {@link #get(KeyRange)}.
	 * @param range the keys
	 * @return the future result
	 */
	default CompletableFuture<RangeResult> getAsync(KeyRange range) {
		return getAsync(RangeRequest.of(range));
	}

	/**
	 * Reads one key.
	 * @param key the key
	 * @return it, if it exists
	 * @throws EtcdException if the read failed
	 */
	default RangeResult get(String key) {
		return get(KeyRange.key(key));
	}

	/**
	 * Reads one key: the asynchronous form of {@link #get(String)}.
	 * @param key the key
	 * @return the future result
	 */
	default CompletableFuture<RangeResult> getAsync(String key) {
		return getAsync(KeyRange.key(key));
	}

	/**
	 * Writes a key.
	 * @param key the key
	 * @param value its new value
	 * @return the revision of the write
	 * @throws EtcdException if the write failed
	 */
	default PutResult put(String key, String value) {
		return put(PutRequest.of(ByteSequence.of(key), ByteSequence.of(value)));
	}

	/**
	 * Writes a key: the asynchronous form of {@link #put(String, String)}.
	 * @param key the key
	 * @param value its new value
	 * @return the future result
	 */
	default CompletableFuture<PutResult> putAsync(String key, String value) {
		return putAsync(PutRequest.of(ByteSequence.of(key), ByteSequence.of(value)));
	}

	/**
	 * Deletes one key.
	 * @param key the key
	 * @return how many keys were deleted: 0 or 1
	 * @throws EtcdException if the deletion failed
	 */
	default DeleteResult delete(String key) {
		return delete(DeleteRequest.of(KeyRange.key(key)));
	}

	/**
	 * Deletes one key: the asynchronous form of {@link #delete(String)}.
	 * @param key the key
	 * @return the future result
	 */
	default CompletableFuture<DeleteResult> deleteAsync(String key) {
		return deleteAsync(DeleteRequest.of(KeyRange.key(key)));
	}

}
