/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.proto.LockGrpc;
import io.github.etcdspring.internal.proto.LockProto;
import io.github.etcdspring.service.LockRequest;
import io.github.etcdspring.service.LockResult;
import io.github.etcdspring.service.LockService;
import io.github.etcdspring.service.UnlockResult;

/**
 * The Lock service over the client's connection. A lock is not asked for twice: the
 * server, which cleans up after the first call when that has ended, would delete the key
 * of the second.
 */
final class GrpcLockService implements LockService {

	private final Calls calls;

	GrpcLockService(Calls calls) {
		this.calls = calls;
	}

	@Override
	public LockResult lock(LockRequest request) {
		return BlockingCall.await(callLock(request));
	}

	@Override
	public CompletableFuture<LockResult> lockAsync(LockRequest request) {
		return this.calls.handOff(callLock(request));
	}

	private CompletableFuture<LockResult> callLock(LockRequest request) {
		return this.calls.withTimeout(request.timeout())
			.call(LockGrpc.getLockMethod(),
					LockProto.LockRequest.newBuilder()
						.setName(KvCodec.bytes(this.calls.namespace().add(request.name())))
						.setLease(request.lease().value())
						.build(),
					RetryPolicy.NON_REPEATABLE,
					(answer, sentAtNanos) -> new LockResult(KvCodec.header(answer.getHeader()),
							this.calls.namespace().strip(KvCodec.sequence(answer.getKey()))))
			.waiting()
			.start();
	}

	@Override
	public UnlockResult unlock(ByteSequence key) {
		return BlockingCall.await(callUnlock(key));
	}

	@Override
	public CompletableFuture<UnlockResult> unlockAsync(ByteSequence key) {
		return this.calls.handOff(callUnlock(key));
	}

	private CompletableFuture<UnlockResult> callUnlock(ByteSequence key) {
		if (key.isEmpty()) {
			throw new IllegalArgumentException("key is empty (expected: the key that the lock returned)");
		}
		return this.calls.unary(LockGrpc.getUnlockMethod(),
				LockProto.UnlockRequest.newBuilder().setKey(KvCodec.bytes(this.calls.namespace().add(key))).build(),
				RetryPolicy.NON_REPEATABLE,
				(answer, sentAtNanos) -> new UnlockResult(KvCodec.header(answer.getHeader())));
	}

}
