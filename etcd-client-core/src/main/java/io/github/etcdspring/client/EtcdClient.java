/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.Executor;

import io.github.etcdspring.Scheduler;
import io.github.etcdspring.Ticker;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.lease.LeaseClient;
import io.github.etcdspring.watch.WatchClient;

/**
 * A client of one etcd cluster: one connection over all its endpoints, shared by
 * everything that is made from it. Creating one does no I/O; it connects with the first
 * call, to all members, and goes on trying while none can be reached. Thread-safe; make
 * one and keep it.
 */
public final class EtcdClient implements AutoCloseable {

	private final EtcdChannel channel;

	private final GrpcKvClient kv;

	private final KeepAliveStream keepAlives;

	private final GrpcLeaseClient lease;

	private final WatchStream watches;

	private final GrpcWatchClient watch;

	private EtcdClient(EtcdClientOptions options) {
		PlaintextPassword.warn(options);
		this.channel = new EtcdChannel(options);
		this.kv = new GrpcKvClient(this.channel);
		this.keepAlives = new KeepAliveStream(this.channel);
		this.lease = new GrpcLeaseClient(this.channel, this.keepAlives);
		this.watches = new WatchStream(this.channel);
		this.watch = new GrpcWatchClient(this.channel, this.kv, this.watches);
	}

	/**
	 * Creates a client.
	 * @param options what it is made with
	 * @return a client that is not connected yet
	 */
	public static EtcdClient create(EtcdClientOptions options) {
		return new EtcdClient(options);
	}

	/**
	 * Creates a client without credentials.
	 * @param endpoints the members' client addresses, such as {@code http://host:2379}
	 * @return a client that is not connected yet
	 * @throws InvalidEndpointException if an endpoint is not one
	 */
	public static EtcdClient create(String... endpoints) {
		return create(EtcdClientOptions.of(endpoints));
	}

	/**
	 * Returns the KV service.
	 * @return reads, writes, transactions, compaction
	 */
	public KvClient kv() {
		return this.kv;
	}

	/**
	 * Returns the Lease service.
	 * @return grant, revoke, keep-alive
	 */
	public LeaseClient lease() {
		return this.lease;
	}

	/**
	 * Returns the Watch service.
	 * @return watches
	 */
	public WatchClient watch() {
		return this.watch;
	}

	/**
	 * Returns whether a member is connected now.
	 * @return the state; asking does not connect
	 */
	public ConnectionState connectionState() {
		return this.channel.state();
	}

	/**
	 * Returns the clock of this client's deadlines.
	 * @return the ticker it was made with
	 */
	public Ticker ticker() {
		return this.channel.ticker();
	}

	/**
	 * Returns what runs this client's timed tasks: short ones that never block. When the
	 * client is closed, tasks that wait run at once, in the thread that closes it, and so
	 * do tasks that come later: they find the client closed and end.
	 * @return a scheduler upon the one it was made with, or its own
	 */
	public Scheduler scheduler() {
		return this.channel.timedTasks();
	}

	/**
	 * Returns where this client runs callbacks.
	 * @return the executor it was made with, or its own
	 */
	public Executor callbackExecutor() {
		return this.channel.callbacks();
	}

	/**
	 * Closes the client: watches and keep-alives end, calls under way fail with
	 * {@link io.github.etcdspring.EtcdClosedException}, connections are closed, and no
	 * thread of the client's own is left. Leases are not revoked: close sessions first.
	 * Idempotent; takes 4 s at most, and milliseconds as a rule.
	 */
	@Override
	public void close() {
		this.watches.close();
		this.keepAlives.close();
		this.channel.close();
	}

}
