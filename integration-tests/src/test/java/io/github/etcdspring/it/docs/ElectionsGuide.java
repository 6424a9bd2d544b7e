/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.Candidate;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.session.Session;

/**
 * The snippets of {@code docs/client/elections.md}.
 */
final class ElectionsGuide {

	private ElectionsGuide() {
	}

	static Leadership lead(Session session, String name, Runnable stop) throws InterruptedException {
		Leadership leadership = LeaderElection.of(session, "elections/billing").campaign(ByteSequence.of(name));
		leadership.end().thenAccept((reason) -> stop.run());
		return leadership;
	}

	static void write(Leadership leadership, TxnRequest work) {
		leadership.fence().commit(work);
	}

	static void follow(LeaderElection election, Flow.Subscriber<Optional<Candidate>> subscriber) {
		election.observe().subscribe(subscriber);
	}

	static Leadership leadOn(EtcdClient client, LeaseId left, String name) throws InterruptedException {
		Session session = Session.adopt(client, left, Duration.ofSeconds(15));
		return LeaderElection.of(session, "elections/billing").campaign(ByteSequence.of(name));
	}

}
