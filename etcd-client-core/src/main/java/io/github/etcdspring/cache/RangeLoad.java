/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;

/**
 * One reading of a range, page by page at one revision; pages become smaller when they
 * have been too large for an answer. The pages follow one another.
 */
final class RangeLoad {

	private static final int LARGEST_PAGE = 1000;

	private static final ByteSequence ZERO = ByteSequence.copyOf(new byte[1]);

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final KeyRange range;

	private final List<KeyValue> found = new ArrayList<>();

	private final CompletableFuture<RangeSnapshot> result = new CompletableFuture<>();

	/** That of the first page; 0 before. */
	private long revision;

	private int page = LARGEST_PAGE;

	RangeLoad(EtcdClient client, KeyRange range) {
		this.client = client;
		this.range = range;
	}

	/** Begins; the result completes where the steps are made. */
	CompletableFuture<RangeSnapshot> begin() {
		read(this.range.start());
		return this.result;
	}

	/** Asks for no more pages. */
	void cancel() {
		this.result.cancel(false);
	}

	private void read(ByteSequence from) {
		if (this.result.isDone()) {
			return;
		}
		RangeRequest.Builder page = RangeRequest.builder(rest(from)).limit(this.page);
		if (this.revision != 0) {
			page.revision(this.revision);
		}
		this.client.kv().getAsync(page.build()).whenComplete((found, failure) -> {
			if (failure == null) {
				take(found);
			}
			else if (this.page > 1 && isTooLarge(failure)) {
				this.page /= 2;
				read(from);
			}
			else {
				this.result.completeExceptionally(failure);
			}
		});
	}

	/** A limit on the size of answers is met, whoever set it, and fewer keys may fit. */
	private static boolean isTooLarge(Throwable failure) {
		return failure instanceof EtcdRequestException refusal && refusal.code() == StatusCode.RESOURCE_EXHAUSTED
				&& !refusal.isRetryable();
	}

	private KeyRange rest(ByteSequence from) {
		if (this.range.isSingleKey()) {
			return this.range;
		}
		return this.range.end().map((end) -> KeyRange.between(from, end)).orElseGet(() -> KeyRange.from(from));
	}

	private void take(RangeResult page) {
		if (this.revision == 0) {
			this.revision = page.revision();
		}
		this.found.addAll(page.kvs());
		if (page.more()) {
			read(this.found.get(this.found.size() - 1).key().concat(ZERO));
		}
		else {
			this.result.complete(RangeSnapshot.of(this.revision, this.found));
		}
	}

}
