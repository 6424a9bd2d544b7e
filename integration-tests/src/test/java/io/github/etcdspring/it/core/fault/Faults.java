/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.cluster.Member;
import io.github.etcdspring.it.core.EtcdClients;

/**
 * Makes faults in a cluster, one after the other, as a seed says.
 */
public final class Faults {

	private static final int LEAST = 5;

	/**
	 * How much longer than asked a run may take. One fault can cost a queue ten seconds:
	 * who forwarded a write to a leader that died is told so only after more than five,
	 * and a new leader gives each lease its whole time again.
	 */
	private static final Duration LATEST = Duration.ofSeconds(90);

	private final EtcdCluster cluster;

	private final List<Kind> kinds;

	private final long seed;

	private final Random random;

	/** What is still to be made before any is made again. */
	private final Deque<Kind> next = new ArrayDeque<>();

	private final Map<Kind, Integer> made = new EnumMap<>(Kind.class);

	/**
	 * Creates a maker of faults.
	 * @param cluster where
	 * @param kinds which; each as often as the others
	 * @param seed decides on the faults and their times
	 */
	public Faults(EtcdCluster cluster, Set<Kind> kinds, long seed) {
		this.cluster = cluster;
		this.kinds = List.copyOf(EnumSet.copyOf(kinds));
		this.seed = seed;
		this.random = new Random(seed);
	}

	/**
	 * Makes faults, at least five, and leaves the cluster whole.
	 * @param time how long at least; the last fault may take longer
	 * @param enough whether enough has happened for the run to mean something; it goes on
	 * until then, but not for more than 90 seconds longer
	 */
	public void run(Duration time, BooleanSupplier enough) {
		long end = System.nanoTime() + time.toNanos();
		long latest = end + LATEST.toNanos();
		while (System.nanoTime() - end < 0
				|| (System.nanoTime() - latest < 0 && !(count() >= LEAST && enough.getAsBoolean()))) {
			pass(300, 1200);
			Kind kind = next();
			make(kind);
			this.made.merge(kind, 1, Integer::sum);
		}
	}

	private Kind next() {
		if (this.next.isEmpty()) {
			List<Kind> shuffled = new ArrayList<>(this.kinds);
			Collections.shuffle(shuffled, this.random);
			this.next.addAll(shuffled);
		}
		return this.next.remove();
	}

	private void make(Kind kind) {
		switch (kind) {
			case KILL_MEMBER -> kill(anyMember());
			case KILL_LEADER -> kill(this.cluster.leader());
			case PAUSE_MEMBER -> pause(anyMember(), 500, 1500);
			case PAUSE_LEADER -> pause(this.cluster.leader(), 500, 2500);
			case MOVE_LEADER -> moveLeader();
			case KILL_ALL -> {
				this.cluster.kill();
				pass(0, 500);
				this.cluster.restart();
			}
			case PAUSE_ALL -> {
				this.cluster.pause();
				pass(2500, 3000);
				this.cluster.resume();
			}
		}
	}

	/** To the next member; one that has just come back may not be ready for it. */
	private void moveLeader() {
		try (EtcdClient client = EtcdClients.connect(this.cluster, Duration.ofSeconds(3))) {
			List<MemberId> members = client.cluster().list().members().stream().map(Member::id).toList();
			int leader = members.indexOf(client.maintenance().status().leader());
			client.maintenance().moveLeader(members.get((leader + 1) % members.size()));
		}
		catch (EtcdException ex) {
			System.out.println("the leader was not moved: " + ex.getMessage());
		}
	}

	private EtcdMember anyMember() {
		return this.cluster.member(this.random.nextInt(this.cluster.members().size()));
	}

	private void kill(EtcdMember member) {
		member.kill();
		pass(100, 1200);
		member.restart();
	}

	private void pause(EtcdMember member, int least, int most) {
		member.pause();
		pass(least, most);
		member.resume();
	}

	/** Lets time pass: a fault lasts, and there is nothing to wait for. */
	private void pass(int leastMillis, int mostMillis) {
		long end = System.nanoTime() + Duration.ofMillis(this.random.nextInt(leastMillis, mostMillis + 1)).toNanos();
		while (System.nanoTime() - end < 0) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
	}

	/**
	 * {@return how many faults were made}
	 */
	public int count() {
		return this.made.values().stream().mapToInt(Integer::intValue).sum();
	}

	/** Names the faults made and the seed. */
	@Override
	public String toString() {
		return count() + " faults " + this.made + ", seed " + this.seed;
	}

	/** What can be done to a cluster. */
	public enum Kind {

		/** A member is killed and restarted. */
		KILL_MEMBER,

		/** The leader is killed and restarted. */
		KILL_LEADER,

		/** A member stands still for a while, its connections open. */
		PAUSE_MEMBER,

		/** The leader stands still, mostly long enough for another to be elected. */
		PAUSE_LEADER,

		/** The leader hands over to another member. */
		MOVE_LEADER,

		/** All members are killed at once and restarted. */
		KILL_ALL,

		/** All members stand still, longer than a lease of 2 s lives. */
		PAUSE_ALL

	}

}
