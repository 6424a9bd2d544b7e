/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Who belongs to a cluster. Thread-safe.
 */
final class Members {

	// guards changes
	private final ReentrantLock lock = new ReentrantLock();

	private final MemberBlueprint blueprint;

	// written under the lock
	private volatile List<EtcdMember> all;

	// those that joined as learners and are not known to be promoted
	private final Set<EtcdMember> learners = ConcurrentHashMap.newKeySet();

	// of the last member, whether it is still there or not
	private final AtomicInteger lastNumber;

	// used under the lock; nobody is added any more
	private boolean closed;

	/**
	 * Creates the members of a new cluster.
	 */
	Members(MemberBlueprint blueprint) {
		int count = blueprint.settings().members();
		List<MemberAddress> addresses = IntStream.rangeClosed(1, count).mapToObj(blueprint::address).toList();
		this.blueprint = blueprint;
		this.lastNumber = new AtomicInteger(count);
		this.all = addresses.stream().map((address) -> blueprint.first(address, addresses, this::hasQuorum)).toList();
	}

	List<EtcdMember> all() {
		return this.all;
	}

	/**
	 * The members that count for a quorum. Learners are asked for until some member has
	 * seen them promoted.
	 */
	List<EtcdMember> voters() {
		this.learners.removeIf(this::isPromoted);
		return this.all.stream().filter((member) -> !this.learners.contains(member)).toList();
	}

	private boolean isPromoted(EtcdMember learner) {
		return this.all.stream().anyMatch((member) -> member.knowsAsVoter(learner.name()));
	}

	private boolean hasQuorum() {
		List<EtcdMember> voters = voters();
		long responsive = voters.stream().map(EtcdMember::process).filter(MemberProcess::isResponsive).count();
		return responsive > voters.size() / 2;
	}

	/**
	 * Chooses the address of a member to be.
	 */
	MemberAddress newAddress() {
		return this.blueprint.address(this.lastNumber.incrementAndGet());
	}

	/**
	 * Adds a member that votes and does not run yet; the others must know of it.
	 */
	EtcdMember addVoter(MemberAddress address) {
		return add(joining(address));
	}

	/**
	 * Adds a member that does not vote until it is promoted and does not run yet; the
	 * others must know of it.
	 */
	EtcdMember addLearner(MemberAddress address) {
		EtcdMember member = joining(address);
		this.learners.add(member);
		return add(member);
	}

	private EtcdMember joining(MemberAddress address) {
		List<MemberAddress> addresses = Stream.concat(this.all.stream().map(EtcdMember::address), Stream.of(address))
			.toList();
		return this.blueprint.joining(address, addresses, this::hasQuorum);
	}

	private EtcdMember add(EtcdMember member) {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new IllegalStateException("cluster is closed");
			}
			this.all = Stream.concat(this.all.stream(), Stream.of(member)).toList();
			return member;
		}
		finally {
			this.lock.unlock();
		}
	}

	void remove(EtcdMember member) {
		this.lock.lock();
		try {
			this.all = this.all.stream().filter((each) -> each != member).toList();
			this.learners.remove(member);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds nobody any more.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
		}
		finally {
			this.lock.unlock();
		}
	}

}
