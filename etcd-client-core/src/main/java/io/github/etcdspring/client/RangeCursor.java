/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;

/**
 * How far a read in pages has come, and how large its pages are. The first answer fixes
 * the revision of all that follow. Pages grow while their keys are small, and shrink to
 * single keys where they are not. Confined to the context of its subscription.
 */
final class RangeCursor {

	private static final int FIRST_PAGE = 128;

	private static final int LARGEST_PAGE = 1024;

	/** What a page should hold, far below what a client accepts. */
	private static final long PAGE_BYTES = 1 << 20;

	private static final ByteSequence LOWEST = ByteSequence.copyOf(new byte[1]);

	private final RangeRequest request;

	/** What has not been read. */
	private KeyRange rest;

	/** 0 until it is known. */
	private long revision;

	/** 0 if the request has none. */
	private long limit;

	private int pageSize = FIRST_PAGE;

	private boolean begun;

	private boolean done;

	RangeCursor(RangeRequest request) {
		this.request = request;
		this.rest = request.range();
		this.revision = request.revision();
		this.limit = request.limit();
	}

	/** Returns the read of the next page. */
	RangeRequest nextPage() {
		return read((this.limit == 0) ? this.pageSize : Math.min(this.pageSize, this.limit));
	}

	/** Returns the read of everything that is left; only after the first page. */
	RangeRequest everything() {
		return read(this.limit);
	}

	private RangeRequest read(long limit) {
		RangeRequest.Builder read = RangeRequest.builder(this.rest);
		set(limit, read::limit);
		set(this.revision, read::revision);
		set(this.request.minModRevision(), read::minModRevision);
		set(this.request.maxModRevision(), read::maxModRevision);
		set(this.request.minCreateRevision(), read::minCreateRevision);
		set(this.request.maxCreateRevision(), read::maxCreateRevision);
		if (this.request.isSerializable()) {
			read.serializable();
		}
		if (this.request.isKeysOnly()) {
			read.keysOnly();
		}
		return read.build();
	}

	private static void set(long value, Setting option) {
		if (value != 0) {
			option.to(value);
		}
	}

	/** Moves on over what was read next. */
	RangePage take(RangeResult result) {
		List<KeyValue> kvs = result.kvs();
		if (this.revision == 0) {
			this.revision = result.revision();
		}
		this.begun = true;
		boolean limitReached = this.limit != 0 && kvs.size() >= this.limit;
		this.done = !result.more() || limitReached;
		if (!this.done && !kvs.isEmpty()) {
			this.limit = Math.max(0, this.limit - kvs.size());
			this.rest = above(kvs.get(kvs.size() - 1).key());
			resize(kvs);
		}
		return new RangePage(this.revision, kvs, result.more());
	}

	private KeyRange above(ByteSequence key) {
		ByteSequence start = key.concat(LOWEST);
		return this.rest.end().map((end) -> KeyRange.between(start, end)).orElseGet(() -> KeyRange.from(start));
	}

	private void resize(List<KeyValue> kvs) {
		long bytes = 1;
		for (KeyValue kv : kvs) {
			bytes += kv.key().size() + kv.value().size();
		}
		long fitting = PAGE_BYTES * kvs.size() / bytes;
		this.pageSize = (int) Math.max(1, Math.min(Math.min(fitting, 2L * this.pageSize), LARGEST_PAGE));
	}

	/**
	 * Makes pages smaller, since the last one was more than the client accepts.
	 * @return whether they could be
	 */
	boolean shrink() {
		int size = (int) nextPage().limit();
		this.pageSize = Math.max(1, size / 2);
		return size > 1;
	}

	/** Whether a page has been read, so that the revision is known. */
	boolean isBegun() {
		return this.begun;
	}

	boolean isDone() {
		return this.done;
	}

	/** Whether the server can send what is left by itself. */
	boolean isStreamable() {
		return this.begun && this.request.minModRevision() == 0 && this.request.maxModRevision() == 0
				&& this.request.minCreateRevision() == 0 && this.request.maxCreateRevision() == 0;
	}

	/** Something of a request that can be set to a number. */
	private interface Setting {

		Object to(long value);

	}

}
