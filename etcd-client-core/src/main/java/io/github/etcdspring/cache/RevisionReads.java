/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.DerivedCall;
import io.github.etcdspring.internal.JoinedReads;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;

/**
 * What a cache asks the server about revisions. The present one costs next to nothing;
 * that nothing of the range has changed up to it is found out by looking through all of
 * the range, at the server. Either may show that the store was put back. Thread-safe.
 */
final class RevisionReads {

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final KeyRange range;

	private final CacheContents contents;

	/** Takes the word that the store was put back. */
	private final Consumer<HistoryResetException> putBack;

	private final JoinedReads<Long> presents;

	RevisionReads(EtcdClient client, KeyRange range, CacheContents contents, Consumer<HistoryResetException> putBack) {
		this.client = client;
		this.range = range;
		this.contents = contents;
		this.putBack = putBack;
		this.presents = new JoinedReads<>(this::readPresent, client.scheduler());
	}

	/**
	 * Asks for the present revision, linearizable, together with all who ask meanwhile.
	 * @return what others share; fails with a {@link HistoryResetException} if the store
	 * was put back
	 */
	CompletableFuture<Long> present() {
		return this.presents.join();
	}

	private CompletableFuture<Long> readPresent() {
		RangeSnapshot asked = this.contents.snapshot();
		RangeRequest one = RangeRequest.builder(KeyRange.key(this.range.start())).countOnly().build();
		return DerivedCall.of(this.client.kv().getAsync(one), (found) -> {
			check(asked, found);
			return found.revision();
		});
	}

	/**
	 * Asks whether the snapshot is what the range is at the present revision too. What
	 * was put since and stands, or was deleted of the snapshot, would show.
	 * @return whether the snapshot was moved there; fails as {@link #present()} does
	 */
	CompletableFuture<Boolean> confirm() {
		RangeSnapshot asked = this.contents.snapshot();
		RangeRequest changed = RangeRequest.builder(this.range)
			.minModRevision(asked.revision() + 1)
			.keysOnly()
			.limit(1)
			.build();
		return DerivedCall.of(this.client.kv().getAsync(changed), (found) -> {
			check(asked, found);
			return found.kvs().isEmpty() && found.count() == asked.size() && found.revision() > asked.revision()
					&& this.contents.confirm(asked, found.revision());
		});
	}

	private void check(RangeSnapshot asked, RangeResult found) {
		if (found.revision() < asked.revision()) {
			HistoryResetException reset = reset(asked, found.revision());
			this.putBack.accept(reset);
			throw reset;
		}
	}

	/** Returns the failure of who finds a store behind a snapshot taken before. */
	static HistoryResetException reset(RangeSnapshot before, long revision) {
		String message = "the cluster was put back, to revision " + revision + " from " + before.revision();
		return new HistoryResetException(FailureDetails.local(message, StatusCode.DATA_LOSS), before.revision(),
				revision, null);
	}

}
