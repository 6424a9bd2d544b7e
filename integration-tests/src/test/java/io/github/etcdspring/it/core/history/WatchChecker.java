/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.watch.WatchEvent;

/**
 * Holds what a listener was told against the history (P2, W1 to W6): nothing missing,
 * nothing twice, in revision order, each revision whole and in one call, each event true.
 */
public final class WatchChecker {

	private final History expected;

	private final List<String> objections = new ArrayList<>();

	private final Map<Long, Set<ByteSequence>> seen = new HashMap<>();

	private long lastRevision;

	private WatchChecker(History expected) {
		this.expected = expected;
	}

	/**
	 * Checks.
	 * @param expected what the watch had to see, all of it
	 * @param calls the events of each call of the listener, in order
	 * @return what is wrong; empty if nothing is
	 */
	public static List<String> objections(History expected, List<List<WatchEvent>> calls) {
		WatchChecker checker = new WatchChecker(expected);
		calls.forEach(checker::check);
		checker.checkNothingIsMissing();
		return checker.objections;
	}

	private void check(List<WatchEvent> call) {
		if (call.isEmpty()) {
			this.objections.add("empty call after revision " + this.lastRevision);
		}
		Set<Long> begun = new HashSet<>(this.seen.keySet());
		for (WatchEvent event : call) {
			check(event);
			if (begun.contains(event.revision())) {
				this.objections.add("revision " + event.revision() + " is split over two calls");
			}
		}
	}

	private void check(WatchEvent event) {
		long revision = event.revision();
		if (revision < this.lastRevision) {
			this.objections.add("revision " + revision + " after " + this.lastRevision);
		}
		this.lastRevision = Math.max(this.lastRevision, revision);
		if (!this.seen.computeIfAbsent(revision, (key) -> new HashSet<>()).add(event.key())) {
			this.objections.add("twice: " + event.key() + " at " + revision);
		}
		Map<ByteSequence, Optional<ByteSequence>> changes = this.expected.revisions().getOrDefault(revision, Map.of());
		if (!changes.containsKey(event.key())) {
			this.objections.add("never happened: " + event.key() + " at " + revision);
		}
		else if (!value(event).equals(changes.get(event.key()))) {
			this.objections.add("other value: " + event.key() + " at " + revision);
		}
	}

	private static Optional<ByteSequence> value(WatchEvent event) {
		return (event instanceof WatchEvent.Put put) ? Optional.of(put.kv().value()) : Optional.empty();
	}

	private void checkNothingIsMissing() {
		this.expected.revisions().forEach((revision, changes) -> {
			Set<ByteSequence> found = this.seen.getOrDefault(revision, Set.of());
			changes.keySet()
				.stream()
				.filter((key) -> !found.contains(key))
				.forEach((key) -> this.objections.add("missing: " + key + " at " + revision));
		});
	}

}
