/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.proto.MaintenanceGrpc;
import io.github.etcdspring.internal.proto.MaintenanceProto.SnapshotRequest;
import io.github.etcdspring.maintenance.SavedSnapshot;
import io.github.etcdspring.maintenance.Snapshot;
import io.github.etcdspring.maintenance.SnapshotChunk;

/**
 * The Snapshot contract by gRPC.
 */
final class GrpcSnapshot implements Snapshot {

	private final Calls calls;

	private final Flow.Publisher<SnapshotChunk> chunks;

	GrpcSnapshot(Calls calls) {
		this.calls = calls;
		this.chunks = calls.stream(MaintenanceGrpc.getSnapshotMethod(), SnapshotRequest.getDefaultInstance(),
				MaintenanceCodec::fromProto);
	}

	@Override
	public void subscribe(Flow.Subscriber<? super SnapshotChunk> subscriber) {
		Objects.requireNonNull(subscriber, "subscriber");
		this.chunks.subscribe(new VerifyingSubscriber(subscriber));
	}

	@Override
	public SavedSnapshot saveTo(Path target) {
		return BlockingCall.await(save(target));
	}

	@Override
	public CompletableFuture<SavedSnapshot> saveToAsync(Path target) {
		return this.calls.handOff(save(target));
	}

	private CompletableFuture<SavedSnapshot> save(Path target) {
		Objects.requireNonNull(target, "target");
		return SnapshotSave.begin(this.chunks, target, this.calls.channel().callbacks());
	}

}
