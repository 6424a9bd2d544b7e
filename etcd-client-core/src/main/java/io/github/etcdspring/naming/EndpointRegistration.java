/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.BoundedWait;
import io.github.etcdspring.session.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An entry that is kept in etcd: written on the lease of a session, again on the next
 * lease whenever one is lost, and again when the cluster was put back to a backup that
 * does not have it, which a watch of its key tells. The first write takes the entry over,
 * whoever wrote it. A later one does so only if nobody else has written it since, so that
 * a process which was away does not push out the one that took its place; it looks again
 * then whether that one has gone. Thread-safe.
 */
public final class EndpointRegistration implements AutoCloseable {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private static final Logger logger = LoggerFactory.getLogger(EndpointRegistration.class);

	private final EtcdClient client;

	private final ByteSequence key;

	private final EntryKeeper keeper;

	private EndpointRegistration(Session session, ByteSequence key, ByteSequence value) {
		this.client = session.client();
		this.key = key;
		this.keeper = new EntryKeeper(session, key, value);
	}

	static CompletableFuture<EndpointRegistration> open(Session session, ByteSequence key, ByteSequence value) {
		EndpointRegistration registration = new EndpointRegistration(session, key, value);
		EntryKeeper keeper = registration.keeper;
		CompletableFuture<EndpointRegistration> opened = new CompletableFuture<>();
		keeper.first().whenComplete((written, failure) -> registration.client.callbackExecutor().execute(() -> {
			if (failure != null) {
				opened.completeExceptionally(failure);
			}
			else if (!opened.complete(registration)) {
				keeper.end();
			}
		}));
		opened.whenComplete((self, failure) -> {
			if (failure != null) {
				keeper.end();
			}
		});
		keeper.begin();
		return opened;
	}

	static EndpointRegistration await(CompletableFuture<EndpointRegistration> opened) throws InterruptedException {
		return BlockingCall.await(opened, (late) -> late.keeper.end());
	}

	/**
	 * Whether the entry was written on the lease that the session has now, and that can
	 * be relied on. Says nothing of another hand that writes or deletes it.
	 * @return whether it is there, as far as this process can know
	 */
	public boolean isRegistered() {
		return this.keeper.isStanding();
	}

	/**
	 * Returns when the entry was last written.
	 * @return the revision of the last write that is known; 0 when the cluster was put
	 * back to a backup, until the entry is there again
	 */
	public long revision() {
		return this.keeper.revision();
	}

	/**
	 * Takes the entry back, unless another hand has written it since, and writes it no
	 * more. Waits 2 s at most for that, also when the thread is interrupted; goes on
	 * after that for as long as the session's lease lives, and looks for an entry again
	 * whose writing was under way and may come late. The session is left as it is.
	 * Idempotent.
	 */
	@Override
	public void close() {
		if (!this.keeper.end()) {
			return;
		}
		if (!BoundedWait.await(this.keeper.removed(), this.client.ticker(), CLOSE_TIMEOUT)) {
			logger.debug("{} was not deleted in time, trying on while its lease lives", this.key);
		}
	}

	/** Names the key. */
	@Override
	public String toString() {
		return "EndpointRegistration[" + this.key + "]";
	}

}
