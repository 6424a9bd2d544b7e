/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.leader.Leader;
import io.github.etcdspring.boot.leader.LeaderElections;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnResult;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * A job that runs once a second on the one instance that leads the role {@code report},
 * and counts its runs in etcd. The count is written only while the leadership stands: an
 * instance that was paused and has lost it writes nothing.
 */
@Component
class ReportJob {

	static final String ROLE = "report";

	static final String RUNS = "quickstart/report/runs";

	private static final Log logger = LogFactory.getLog(ReportJob.class);

	private final EtcdClient etcd;

	private final LeaderElections elections;

	ReportJob(EtcdClient etcd, LeaderElections elections) {
		this.etcd = etcd;
		this.elections = elections;
	}

	@Scheduled(fixedRate = 1, timeUnit = TimeUnit.SECONDS)
	@Leader(ROLE)
	void run() {
		this.elections.leadership(ROLE).ifPresent(this::count);
	}

	private void count(Leadership leadership) {
		long runs = this.etcd.kv().get(RUNS).first().map((kv) -> Long.parseLong(kv.value().toUtf8())).orElse(0L);
		PutRequest put = PutRequest.of(ByteSequence.of(RUNS), ByteSequence.of(Long.toString(runs + 1)));
		TxnResult result = this.etcd.kv().txn().when(leadership.guard()).then(put).commit();
		if (!result.succeeded()) {
			logger.warn("Not counted: the leadership with token " + leadership.fencingToken() + " is lost");
		}
	}

}
