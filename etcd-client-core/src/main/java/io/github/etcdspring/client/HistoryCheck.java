/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
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

	/** Those that the read under way tells of. */
	private List<Watcher> asked = List.of();

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

	private void ask() {
		this.waiting.removeIf((watcher) -> !watcher.isOpen());
		this.asking = !this.waiting.isEmpty();
		if (this.asking) {
			this.asked = List.copyOf(this.waiting);
			this.waiting.clear();
			this.asked.get(0)
				.reads()
				.presentRevision()
				.whenComplete((result, failure) -> this.context.execute(() -> answered(result)));
		}
	}

	private void answered(@Nullable RangeResult result) {
		if (result == null) {
			// another's read may be permitted
			this.waiting.addAll(this.asked.subList(1, this.asked.size()));
			this.waiting.add(this.asked.get(0));
			this.scheduler.schedule(() -> this.context.execute(this::ask), PAUSE);
			return;
		}
		for (Watcher watcher : this.asked) {
			// one that is being created is doubted again
			if (watcher.state() != Watcher.State.CREATING && watcher.isOpen() && watcher.isAhead(result.revision())) {
				this.putBack.accept(watcher, result.revision());
			}
		}
		ask();
	}

}
