/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.election;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.DerivedCall;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.session.EtcdFence;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * A won election. It lasts until it is resigned or lost.
 * <p>
 * <strong>Not guaranteed</strong>: that two leaders never act at the same time; see
 * {@link Ownership}. What must not happen twice carries the token, or is written in a
 * transaction with {@link #guard()}. Thread-safe.
 */
public final class Leadership {

	/** How long after a failed look at the key the next one follows. */
	private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);

	private final EtcdClient client;

	/** The view for the library's own steps. */
	private final EtcdClient steps;

	private final Ownership ownership;

	private final AtomicBoolean ended = new AtomicBoolean();

	private final CompletableFuture<LeadershipEnd> end = new CompletableFuture<>();

	Leadership(EtcdClient client, Ownership ownership) {
		this.client = client;
		this.steps = OwnSteps.of(client);
		this.ownership = ownership;
	}

	void begin() {
		HandedOff.direct(this.ownership.lost()).thenAccept((reason) -> finish(LeadershipEnd.LEASE_LOST));
		followKey(this.ownership.token() + 1);
	}

	/** Ends this once. */
	private void finish(LeadershipEnd reason) {
		if (this.ended.compareAndSet(false, true)) {
			this.end.complete(reason);
		}
	}

	private void followKey(long revision) {
		WatchRequest key = WatchRequest.of(KeyRange.key(this.ownership.key())).from(revision);
		this.steps.watch().openAsync(key, new KeyListener()).whenComplete((watch, failure) -> {
			if (failure != null) {
				lookLater();
			}
			else {
				this.end.thenRun(watch::close);
			}
		});
	}

	/**
	 * Looks whether the key still stands when the history that would tell is compacted: a
	 * candidate may have waited for longer than history is kept.
	 */
	private void lookAtKey() {
		this.steps.kv().getAsync(KeyRange.key(this.ownership.key())).whenComplete((found, failure) -> {
			if (failure != null) {
				lookLater();
			}
			else if (found.first().filter((kv) -> kv.createRevision() == this.ownership.token()).isPresent()) {
				followKey(found.revision() + 1);
			}
			else {
				keyDeleted();
			}
		});
	}

	private void lookLater() {
		if (isHeld()) {
			this.steps.scheduler()
				.schedule(() -> this.steps.callbackExecutor().execute(this::lookAtKey), LOOK_INTERVAL);
		}
	}

	private void keyDeleted() {
		this.ownership.releaseAsync();
		finish(LeadershipEnd.KEY_DELETED);
	}

	/**
	 * Returns the leader's key.
	 * @return the election's prefix followed by the lease's id
	 */
	public ByteSequence key() {
		return this.ownership.key();
	}

	/**
	 * Returns the fencing token: a number greater than that of every leader before.
	 * @return the revision that created the key
	 */
	public long fencingToken() {
		return this.ownership.token();
	}

	/**
	 * Whether this still leads, as far as can be known. Once {@code false}, always
	 * {@code false}; and {@code false} before the lease can have run out at the server.
	 * @return whether it has neither been resigned nor lost
	 */
	public boolean isHeld() {
		return !this.ended.get() && this.ownership.isHeld();
	}

	/**
	 * Returns the condition that makes a transaction fail once the leadership is lost.
	 * @return that the leader's key is still the one this leader created
	 */
	public Compare guard() {
		return this.ownership.guard();
	}

	/**
	 * Returns the fence of this leadership, through which nothing is written once it is
	 * lost.
	 * @return the fence
	 */
	public EtcdFence fence() {
		return EtcdFence.of(this.client, this.ownership);
	}

	/**
	 * Returns the end of this leadership.
	 * @return a stage that completes once with the reason, on the client's callback
	 * executor
	 */
	public CompletionStage<LeadershipEnd> end() {
		return HandedOff.ofShared(this.end, this.client.callbackExecutor());
	}

	/**
	 * Changes what the leader proclaims.
	 * @param value the new value
	 * @return the revision of the change
	 * @throws LeaseLostException if this no longer leads
	 * @throws EtcdException if etcd refused, or its answer was lost
	 */
	public long proclaim(ByteSequence value) {
		return BlockingCall.await(proclaim(value, this.steps));
	}

	/**
	 * Changes what the leader proclaims: the asynchronous form of
	 * {@link #proclaim(ByteSequence)}.
	 * @param value the new value
	 * @return a future that completes with the revision of the change; fails with
	 * {@link LeaseLostException} if this no longer leads
	 */
	public CompletableFuture<Long> proclaimAsync(ByteSequence value) {
		return proclaim(value, this.client);
	}

	private CompletableFuture<Long> proclaim(ByteSequence value, EtcdClient client) {
		if (!isHeld()) {
			return CompletableFuture.failedFuture(lost());
		}
		PutRequest put = PutRequest.of(this.ownership.key(), value).withLease(this.ownership.lease().lease());
		return DerivedCall.of(client.kv().txn().when(guard()).then(put).commitAsync(), (answer) -> {
			if (!answer.succeeded()) {
				throw lost();
			}
			return answer.revision();
		});
	}

	private LeaseLostException lost() {
		return new LeaseLostException(FailureDetails.local(this + " is lost", StatusCode.FAILED_PRECONDITION), null);
	}

	/**
	 * Gives the leadership up, so that the next candidate leads at once. An interrupt
	 * does not end the wait for that.
	 * @return whether this still led; {@code false} if the leadership had been lost
	 * @throws EtcdException if etcd refuses to delete the key, as without permission
	 */
	public boolean resign() {
		finish(LeadershipEnd.RESIGNED);
		return this.ownership.release();
	}

	/**
	 * Gives the leadership up: the asynchronous form of {@link #resign()}.
	 * @return a future that completes when the key is gone: with {@code true} if this
	 * still led, with {@code false} if the leadership had been lost before
	 */
	public CompletableFuture<Boolean> resignAsync() {
		// not held from here on; those who wait for the end may hear of it after another
		// leads
		finish(LeadershipEnd.RESIGNED);
		return this.ownership.releaseAsync();
	}

	/** Names the key and the token. */
	@Override
	public String toString() {
		return "Leadership[" + this.ownership.key() + ", token " + this.ownership.token() + "]";
	}

	/** Sees the key being deleted by another hand, long before the lease would end. */
	private final class KeyListener implements WatchListener {

		@Override
		public void onEvents(List<WatchEvent> events) {
			if (events.stream().anyMatch(WatchEvent.Delete.class::isInstance)) {
				keyDeleted();
			}
		}

		@Override
		public void onClosed(@Nullable EtcdException cause) {
			if (cause instanceof CompactedException || cause instanceof HistoryResetException) {
				lookAtKey();
			}
			else if (cause != null) {
				lookLater();
			}
		}

	}

}
