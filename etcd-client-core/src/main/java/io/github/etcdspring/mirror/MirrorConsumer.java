/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.List;

import io.github.etcdspring.KeyValue;
import io.github.etcdspring.watch.WatchEvent;

/**
 * Whoever takes the copy, in place of another cluster. Calls come one at a time, in
 * order, on the source's callback executor; they may block: what comes meanwhile waits in
 * a bounded buffer, and on the server. An exception thrown here ends the mirror with it,
 * and the revision it was thrown at is not {@linkplain Mirror#revision() reached}.
 */
public interface MirrorConsumer {

	/**
	 * Takes the word that all keys follow, in pages. Comes at the beginning, unless the
	 * mirror goes on from a revision, and whenever changes are lost for good. What is
	 * held from before stands until {@link #onBaseEnd}, and is void then but for what the
	 * pages hold. If this comes again before the end, so are the pages so far.
	 * @param revision the revision of the source at which the keys are read
	 */
	void onBaseBegin(long revision);

	/**
	 * Takes a page of keys.
	 * @param kvs the keys as they are in the source, above those of the page before, in
	 * their order; may be empty; immutable
	 */
	void onBase(List<KeyValue> kvs);

	/**
	 * Takes the word that there are no more keys.
	 * @param revision the revision at which they were read; changes after it follow
	 */
	void onBaseEnd(long revision);

	/**
	 * Takes all changes of one revision.
	 * @param revision the revision of the source, above the one before
	 * @param events the changes, at least one; immutable
	 */
	void onChanges(long revision, List<WatchEvent> events);

}
