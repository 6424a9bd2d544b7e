/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart.readme;

import io.github.etcdspring.boot.leader.Leader;
import io.github.etcdspring.boot.leader.LeaderElections;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

@Component
class NightlyReport {

	private final LeaderElections elections;

	NightlyReport(LeaderElections elections) {
		this.elections = elections;
	}

	@Leader("nightly-report")
	@Scheduled(cron = "0 0 2 * * *")
	void write() {
		this.elections.leadership("nightly-report").ifPresent((leadership) -> store(leadership.fencingToken()));
	}

	void store(long fencingToken) {
		// a store that refuses a token lower than the highest it has seen is safe
	}

}
