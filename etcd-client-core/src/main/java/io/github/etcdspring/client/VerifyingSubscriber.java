/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.Flow;

import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.maintenance.SnapshotChunk;

/**
 * Passes a snapshot on, and its completion only if the digest is right.
 */
final class VerifyingSubscriber implements Flow.Subscriber<SnapshotChunk> {

	private final Flow.Subscriber<? super SnapshotChunk> subscriber;

	private final SnapshotDigest digest = new SnapshotDigest();

	VerifyingSubscriber(Flow.Subscriber<? super SnapshotChunk> subscriber) {
		this.subscriber = subscriber;
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscriber.onSubscribe(subscription);
	}

	@Override
	public void onNext(SnapshotChunk chunk) {
		this.digest.update(chunk);
		this.subscriber.onNext(chunk);
	}

	@Override
	public void onError(Throwable failure) {
		this.subscriber.onError(failure);
	}

	@Override
	public void onComplete() {
		try {
			this.digest.verify();
		}
		catch (EtcdServerException ex) {
			this.subscriber.onError(ex);
			return;
		}
		this.subscriber.onComplete();
	}

}
