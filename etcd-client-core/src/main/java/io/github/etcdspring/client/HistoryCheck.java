/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjLongConsumer;

import io.github.etcdspring.Scheduler;
import io.github.etcdspring.kv.RangeResult;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;

/**
 * Finds out of watches whose member has not come to their place whether it merely lags
 * behind, or the store was put back to a backup, where they would wait in silence for
 * revisions that are given anew. A linearizable read tells; one for all of them at a
 * time. Confined to the context.
 */
final class HistoryCheck {

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final SynchronizationContext context;

	private final Scheduler scheduler;

	private final ObjLongConsumer<Watcher> putBack;

	private final Set<Watcher> waiting = new LinkedHashSet<>();

	private boolean asking;

	/**
	 * Makes the check of a stream.
	 * @param putBack takes a watch of which the store is behind, and the store's revision
	 */
	HistoryCheck(SynchronizationContext context, Scheduler scheduler, ObjLongConsumer<Watcher> putBack) {
		this.context = context;
		this.scheduler = scheduler;
		this.putBack = putBack;
	}

	/** Takes a watch that its member has created below its place. */
	void doubt(Watcher watcher) {
		this.waiting.add(watcher);
		if (!this.asking) {
			ask();
		}
	}

	/** One that the server does not watch is looked at again when it does. */
	private void ask() {
		this.waiting.removeIf((watcher) -> watcher.state() != WatcherState.ACTIVE);
		this.asking = !this.waiting.isEmpty();
		if (this.asking) {
			// now: events that come before the answer may be newer than it
			Map<Watcher, Long> asked = new LinkedHashMap<>();
			this.waiting.forEach((watcher) -> asked.put(watcher, watcher.reached()));
			Watcher first = this.waiting.iterator().next();
			this.waiting.clear();
			first.reads()
				.presentRevision()
				.whenComplete((result, failure) -> this.context.execute(() -> answered(first, asked, result)));
		}
	}

	/** Takes what the store is at; asked is how far it was for each watch. */
	private void answered(Watcher first, Map<Watcher, Long> asked, @Nullable RangeResult result) {
		if (result == null) {
			// another's read may be permitted
			asked.remove(first);
			this.waiting.addAll(asked.keySet());
			this.waiting.add(first);
			this.scheduler.schedule(() -> this.context.execute(this::ask), PAUSE);
			return;
		}
		asked.forEach((watcher, reached) -> {
			// one that has read its range anew meanwhile has not reached that
			boolean stands = watcher.state() == WatcherState.ACTIVE && watcher.reached() >= reached;
			if (stands && result.revision() < reached) {
				this.putBack.accept(watcher, result.revision());
			}
		});
		ask();
	}

}
