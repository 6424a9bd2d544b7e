/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.boot.leader.Leader;
import io.github.etcdspring.boot.leader.LeaderElections;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * A job that only the leader runs, often; it remembers the token of each run.
 */
@EnableScheduling
class Job {

	static final String ROLE = "job";

	private final List<Long> runs = new CopyOnWriteArrayList<>();

	private final LeaderElections elections;

	Job(LeaderElections elections) {
		this.elections = elections;
	}

	@Scheduled(fixedDelay = 10)
	@Leader(ROLE)
	void run() {
		this.elections.leadership(ROLE).ifPresent((leadership) -> this.runs.add(leadership.fencingToken()));
	}

	/** The tokens of all runs. */
	List<Long> runs() {
		return List.copyOf(this.runs);
	}

}
