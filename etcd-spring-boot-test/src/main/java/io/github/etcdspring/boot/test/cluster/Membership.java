/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Changes who belongs to a running cluster, by etcdctl. Thread-safe; changes wait for
 * each other.
 */
final class Membership {

	// etcd refuses changes until its members have been connected for 5 s
	private static final Duration TIMEOUT = Duration.ofSeconds(15);

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final ReentrantLock lock = new ReentrantLock();

	private final Members members;

	private final EtcdctlRuns etcdctls;

	Membership(Members members, EtcdctlRuns etcdctls) {
		this.members = members;
		this.etcdctls = etcdctls;
	}

	/**
	 * Adds a member that votes, and returns when it serves.
	 */
	EtcdMember addVoter() {
		return add(this.members::addVoter, List.of());
	}

	/**
	 * Adds a member that does not vote until it is promoted, and returns when it serves.
	 */
	EtcdMember addLearner() {
		return add(this.members::addLearner, List.of("--learner"));
	}

	private EtcdMember add(Function<MemberAddress, EtcdMember> kind, List<String> flags) {
		this.lock.lock();
		try {
			MemberAddress address = this.members.newAddress();
			// in its other format etcdctl reads on, which one that was alone cannot serve
			// now
			List<String> command = new ArrayList<>(
					List.of("--write-out=json", "member", "add", address.name(), "--peer-urls=" + address.peerUrl()));
			command.addAll(flags);
			change(command);
			EtcdMember member = kind.apply(address);
			member.restart();
			return member;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Removes a member, which may run or not.
	 */
	void remove(EtcdMember member) {
		this.lock.lock();
		try {
			if (!this.members.all().contains(member)) {
				throw new IllegalArgumentException("member: " + member + " (expected: one of this cluster)");
			}
			List<EtcdMember> others = this.members.voters().stream().filter((each) -> each != member).toList();
			if (others.isEmpty()) {
				throw new IllegalStateException("cannot remove " + member + ", the last that votes");
			}
			String endpoints = "--endpoints="
					+ others.stream().map(EtcdMember::endpoint).collect(Collectors.joining(","));
			change(List.of(endpoints, "member", "remove", id(member, endpoints)));
			this.members.remove(member);
			member.retire(member + " is removed");
		}
		finally {
			this.lock.unlock();
		}
	}

	// columns: id, status, name, peer URLs, client URLs, whether it is a learner
	private String id(EtcdMember member, String endpoints) {
		return this.etcdctls.run(List.of(endpoints, "member", "list"))
			.lines()
			.map((line) -> line.split(", "))
			.filter((columns) -> columns[3].equals(member.address().peerUrl()))
			.map((columns) -> columns[0])
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(member + " is not on etcd's list of members"));
	}

	private void change(List<String> command) {
		AtomicReference<EtcdctlException> refusal = new AtomicReference<>();
		boolean changed = Deadline.after(TIMEOUT).await(() -> {
			try {
				this.etcdctls.run(command);
				return true;
			}
			catch (EtcdctlException ex) {
				if (!ex.errorOutput().contains("unhealthy cluster")) {
					throw ex;
				}
				refusal.set(ex);
				return false;
			}
		}, PAUSE);
		if (!changed) {
			throw refusal.get();
		}
	}

}
