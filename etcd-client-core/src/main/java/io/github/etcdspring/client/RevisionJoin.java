/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.watch.WatchEvent;

/**
 * Keeps the events of a revision together, which the server may send in several
 * fragments: the last revision of a fragment is held back until it is known to be whole.
 * Confined to the stream's context.
 */
final class RevisionJoin {

	/** Most watches never hold anything back. */
	private List<WatchEvent> heldBack = List.of();

	/**
	 * Takes an answer.
	 * @param place the first revision that is wanted
	 * @return the events of whole revisions; may be empty
	 */
	List<WatchEvent> add(WatchAnswer answer, long place) {
		if (!answer.fragment() && this.heldBack.isEmpty() && areFrom(answer.events(), place)) {
			return answer.events();
		}
		List<WatchEvent> events = new ArrayList<>(this.heldBack);
		clear();
		for (WatchEvent event : answer.events()) {
			if (event.revision() >= place) {
				events.add(event);
			}
		}
		if (answer.fragment() && !events.isEmpty()) {
			holdBackLastRevision(events);
		}
		return events;
	}

	private static boolean areFrom(List<WatchEvent> events, long place) {
		for (WatchEvent event : events) {
			if (event.revision() < place) {
				return false;
			}
		}
		return true;
	}

	private void holdBackLastRevision(List<WatchEvent> events) {
		long last = events.get(events.size() - 1).revision();
		int from = events.size();
		while (from > 0 && events.get(from - 1).revision() == last) {
			from--;
		}
		List<WatchEvent> tail = events.subList(from, events.size());
		this.heldBack = List.copyOf(tail);
		tail.clear();
	}

	/** Whether nothing is held back. */
	boolean isEmpty() {
		return this.heldBack.isEmpty();
	}

	/** Drops what is held back: it comes again with the rest of its revision. */
	void clear() {
		this.heldBack = List.of();
	}

}
