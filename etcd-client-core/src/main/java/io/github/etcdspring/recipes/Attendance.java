/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.session.Ownership;

/**
 * A party's stay at a double barrier, from the moment all were there until it leaves.
 * Thread-safe.
 */
public final class Attendance {

	private final EtcdClient client;

	private final Ownership place;

	private final Leaving leaving;

	Attendance(EtcdClient client, ByteSequence name, Ownership place) {
		this.client = client;
		this.place = place;
		this.leaving = new Leaving(client, name, place);
	}

	/**
	 * Returns the key that stands for this party.
	 * @return the key
	 */
	public ByteSequence key() {
		return this.place.key();
	}

	/**
	 * Whether the others can see this party, as far as can be known.
	 * @return whether it has not left and its lease lives
	 */
	public boolean isHeld() {
		return this.place.isHeld();
	}

	/**
	 * Waits until all parties leave, for as long as it takes. The first that came stays
	 * until it is the last one. Once this has answered, it answers the same at once.
	 * @return whether the others could see this party until it left; {@code false} if its
	 * lease, or its key, was lost before
	 * @throws InterruptedException if this thread is interrupted; the key may still be
	 * there, and this is to be called again
	 * @throws EtcdException if etcd refused
	 */
	public boolean leave() throws InterruptedException {
		return BlockingCall.await(leaveAsync(), (left) -> {
		});
	}

	/**
	 * Waits until all parties leave: the asynchronous form of {@link #leave()}.
	 * @return whether the others could see this party until it left; completes on the
	 * client's callback executor. Cancelling it ends the wait, and the key may still be
	 * there
	 */
	public CompletableFuture<Boolean> leaveAsync() {
		return this.leaving.answer()
			.map(CompletableFuture::completedFuture)
			.orElseGet(() -> WaitLoop.patient(this.client, this.leaving::look, this.leaving::next));
	}

	/** Deletes the key of one who did not wait. */
	void giveUp() {
		this.place.releaseAsync();
	}

	/** Names the key. */
	@Override
	public String toString() {
		return "Attendance[" + this.place.key() + "]";
	}

}
