/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.election.LeadershipEnd;
import io.github.etcdspring.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * A candidate that campaigns again whenever its leadership is over, until its client is
 * closed, and remembers what it was told (E3, E4). Thread-safe.
 */
final class KeenCandidate {

	private final Session session;

	private final LeaderElection election;

	private final List<Told> told = new CopyOnWriteArrayList<>();

	private volatile @Nullable Leadership leadership;

	private KeenCandidate(Session session, String name) {
		this.session = session;
		this.election = LeaderElection.of(session, name);
	}

	/** Returns one that has begun to campaign. */
	static KeenCandidate campaign(Session session, String name) {
		KeenCandidate candidate = new KeenCandidate(session, name);
		candidate.campaign();
		return candidate;
	}

	private void campaign() {
		this.election.campaignAsync(ByteSequence.EMPTY).whenComplete((leadership, failure) -> {
			if (failure == null) {
				granted(leadership);
			}
			else {
				// the lease was lost while it waited; no lease comes when all is closed
				this.session.leaseAsync().thenRun(this::campaign);
			}
		});
	}

	private void granted(Leadership leadership) {
		this.told.add(new Told(true, System.nanoTime(), leadership.fencingToken()));
		this.leadership = leadership;
		leadership.end().thenAccept((end) -> {
			this.told.add(new Told(false, System.nanoTime(), leadership.fencingToken()));
			if (end != LeadershipEnd.RESIGNED) {
				campaign();
			}
		});
	}

	/** Resigns, and stands at the end of the queue at once. */
	CompletableFuture<Boolean> resign() {
		CompletableFuture<Boolean> resigned = leadership().orElseThrow().resignAsync();
		campaign();
		return resigned;
	}

	/** The last leadership it was given. */
	Optional<Leadership> leadership() {
		return Optional.ofNullable(this.leadership);
	}

	/** Whether it leads, as far as it can know. */
	boolean leads() {
		return leadership().filter(Leadership::isHeld).isPresent();
	}

	/** When it was last told that it leads, or that it leads no more. */
	Optional<Long> last(boolean granted) {
		return this.told.stream()
			.filter((told) -> told.granted() == granted)
			.map(Told::nanos)
			.reduce((earlier, later) -> later);
	}

	/** How often it was granted a leadership. */
	long grants() {
		return this.told.stream().filter(Told::granted).count();
	}

	/** {@code G} for each leadership granted and {@code R} for each revoked, in order. */
	String log() {
		return this.told.stream().map((told) -> told.granted() ? "G" : "R").collect(Collectors.joining());
	}

	/** What is wrong when these stood in one election; empty if nothing is. */
	static List<String> objections(List<KeenCandidate> candidates) {
		List<String> objections = new CopyOnWriteArrayList<>();
		candidates.stream()
			.map(KeenCandidate::log)
			.filter((log) -> !log.matches("(GR)*G?"))
			.forEach((log) -> objections.add("granted and revoked do not alternate: " + log));
		List<Told> all = candidates.stream()
			.flatMap((candidate) -> candidate.told.stream())
			.sorted(Comparator.comparingLong(Told::nanos))
			.toList();
		for (int i = 1; i < all.size(); i++) {
			if (all.get(i - 1).granted() && all.get(i).granted()) {
				objections.add(all.get(i) + " before the end of " + all.get(i - 1));
			}
			if (all.get(i).granted() && all.get(i).token() <= highestBefore(all, i)) {
				objections.add(all.get(i) + " after a higher token");
			}
		}
		return objections;
	}

	private static long highestBefore(List<Told> all, int i) {
		return all.subList(0, i).stream().mapToLong(Told::token).max().orElse(0);
	}

	private record Told(boolean granted, long nanos, long token) {

	}

}
