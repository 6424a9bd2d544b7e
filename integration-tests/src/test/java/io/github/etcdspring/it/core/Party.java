/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;

/**
 * One of those who contend for something: a client of its own, with a session.
 *
 * @param client the client
 * @param session the session
 */
public record Party(EtcdClient client, Session session) implements AutoCloseable {

	/**
	 * {@return a party that is connected and has a lease}
	 * @param cluster where
	 * @param ttl of its session
	 */
	public static Party join(EtcdCluster cluster, Duration ttl) {
		return join(cluster.endpoints(), ttl);
	}

	/**
	 * {@return a party that is connected and has a lease}
	 * @param endpoints of the members
	 * @param ttl of its session
	 */
	public static Party join(List<String> endpoints, Duration ttl) {
		EtcdClient client = EtcdClients.connect(endpoints, UnaryOperator.identity());
		Session session = Session.open(client, ttl);
		session.leaseAsync().join();
		return new Party(client, session);
	}

	/**
	 * {@return a lock object of its own}
	 * @param name of the lock
	 */
	public EtcdLock lock(String name) {
		return EtcdLock.of(this.session, name);
	}

	/**
	 * {@return an election}
	 * @param name of the election
	 */
	public LeaderElection election(String name) {
		return LeaderElection.of(this.session, name);
	}

	/**
	 * {@return its present lease}
	 */
	public KeepAlive lease() {
		return this.session.lease().orElseThrow();
	}

	/**
	 * Stops renewing the lease and leaves it to expire, as the death of a process does.
	 */
	public void die() {
		this.client.close();
	}

	@Override
	public void close() {
		this.session.close();
		this.client.close();
	}

}
