/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.watch.WatchEvent;

/**
 * Where the copy goes. Each step is begun when the one before is done. A step that fails
 * with a failure that may pass is followed by another base.
 */
interface MirrorSink {

	/** Begins a base. */
	CompletableFuture<Void> begin(long revision);

	/** Takes a page of it; the last has no more after it. */
	CompletableFuture<Void> page(RangePage page);

	/** Ends it. */
	CompletableFuture<Void> end(long revision);

	/** Prepares for changes that follow no base. */
	CompletableFuture<Void> resume();

	/** Takes all changes of a revision. */
	CompletableFuture<Void> changes(long revision, List<WatchEvent> events);

	/**
	 * Takes nothing more; a step under way fails, or ends soon.
	 * @return a future that completes, always well, when nothing is left to do
	 */
	CompletableFuture<Void> close();

}
