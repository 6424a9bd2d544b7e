/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lease.KeepAlive;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The removal of an entry: tried until it is gone, another hand's, or its lease has
 * ended. Every deletion names the revision of what it deletes, so that one which comes
 * late does no harm. An entry whose writing has an unknown fate is looked for again some
 * times after that, since it may appear late. One step at a time.
 */
final class EntryRemoval {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(5), 0.5);

	/** From 1 s to 8 min after the deletion, which makes 17 min. */
	private static final Backoff LATER = new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.1);

	private static final int MAX_LATER = 10;

	private static final Logger logger = LoggerFactory.getLogger(EntryRemoval.class);

	private final EtcdClient client;

	private final ByteSequence key;

	private final KeepAlive lease;

	private final EntryClaim claim;

	private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

	// the fields below: written by one step at a time

	/** The revision of the entry to delete; 0 if none is known. */
	private long revision;

	private int failures;

	private int lookedLater;

	/**
	 * Makes the removal of an entry.
	 * @param lease what it lives on
	 * @param revision the revision of the last write that is known, 0 if of none
	 */
	EntryRemoval(EtcdClient client, ByteSequence key, KeepAlive lease, EntryClaim claim, long revision) {
		this.client = client;
		this.key = key;
		this.lease = lease;
		this.claim = claim;
		this.revision = revision;
	}

	/** Completes, never with a failure, when the entry is gone for the first time. */
	CompletableFuture<@Nullable Void> begin() {
		remove();
		return this.gone;
	}

	private void remove() {
		if (!this.lease.isAlive()) {
			end();
			return;
		}
		KeyRange only = KeyRange.key(this.key);
		Compare known = Compare.modRevision(only, Compare.Relation.EQUAL, this.revision);
		TxnRequest txn = new TxnRequest(List.of(known), List.of(DeleteRequest.of(only)),
				List.of(RangeRequest.of(only)));
		this.client.kv().txnAsync(txn).whenComplete((result, failure) -> {
			if (failure != null) {
				removeLater(failure);
			}
			else {
				removed(result);
			}
		});
	}

	private void removed(TxnResult result) {
		Optional<KeyValue> other = result.succeeded() ? Optional.empty() : result.range(0).first();
		if (other.isPresent() && other.get().lease().equals(this.lease.lease()) && this.claim.mayAppearLate()) {
			this.revision = other.get().modRevision();
			remove();
			return;
		}
		this.failures = 0;
		this.gone.complete(null);
		if (this.lookedLater < MAX_LATER && this.claim.mayAppearLate()) {
			this.lookedLater++;
			removeAfter(LATER.delay(this.lookedLater));
		}
		else {
			end();
		}
	}

	private void removeLater(Throwable failure) {
		if (failure instanceof EtcdClosedException) {
			end();
			return;
		}
		this.failures++;
		if (this.failures == 1 && !(failure instanceof EtcdException etcd && etcd.isRetryable())) {
			logger.warn("{} cannot be deleted, trying again while its lease lives: {}", this.key, failure.getMessage());
		}
		removeAfter(BACKOFF.delay(this.failures));
	}

	private void removeAfter(Duration delay) {
		OwnSteps.later(this.client, this::remove, delay);
	}

	private void end() {
		this.claim.end();
		this.gone.complete(null);
	}

}
