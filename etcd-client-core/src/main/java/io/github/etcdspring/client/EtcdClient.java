/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Scheduler;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.Ticker;
import io.github.etcdspring.auth.AuthClient;
import io.github.etcdspring.cluster.ClusterClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.lease.LeaseClient;
import io.github.etcdspring.maintenance.MaintenanceClient;
import io.github.etcdspring.service.ElectionService;
import io.github.etcdspring.service.LockService;
import io.github.etcdspring.watch.WatchClient;
import org.jspecify.annotations.Nullable;

/**
 * A client of one etcd cluster: one connection over all its endpoints, shared by
 * everything that is made from it. Creating one does no I/O; it connects with the first
 * call, to all members, and goes on trying while none can be reached. Thread-safe; make
 * one and keep it.
 */
public final class EtcdClient implements AutoCloseable {

	static {
		OwnSteps.<EtcdClient>provide((client) -> client.view(client.calls.forOwnSteps()),
				(client) -> client.channel.callbacks(), (client) -> client::later);
	}

	private final EtcdChannel channel;

	private final ClientStreams streams;

	private final Calls calls;

	private final @Nullable AutoSync autoSync;

	/** Whether this is another's view, and the connection therefore the other's. */
	private final boolean view;

	private final KvClient kv;

	private final WatchClient watch;

	// the other services are made when they are asked for: most clients use few of them

	private EtcdClient(EtcdChannel channel, ClientStreams streams, @Nullable AutoSync autoSync, Calls calls,
			boolean view) {
		this.channel = channel;
		this.streams = streams;
		this.autoSync = autoSync;
		this.calls = calls;
		this.view = view;
		GrpcKvClient kv = new GrpcKvClient(calls);
		this.kv = kv;
		this.watch = new GrpcWatchClient(calls, kv, streams);
	}

	/**
	 * Creates a client.
	 * @param options what it is made with
	 * @return a client that is not connected yet
	 */
	public static EtcdClient create(EtcdClientOptions options) {
		EtcdChannel channel = new EtcdChannel(options);
		new PlaintextPassword(options).watch(channel.endpointList(), channel.callbacks());
		Calls calls = new Calls(channel, channel.settings());
		AutoSync autoSync = options.autoSyncInterval().map((interval) -> new AutoSync(calls, interval)).orElse(null);
		if (autoSync != null) {
			autoSync.start();
		}
		return new EtcdClient(channel, new ClientStreams(calls), autoSync, calls, false);
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
		return new GrpcLeaseClient(this.calls, this.streams);
	}

	/**
	 * Returns the Watch service.
	 * @return watches
	 */
	public WatchClient watch() {
		return this.watch;
	}

	/**
	 * Returns the Cluster service.
	 * @return the members and their changes
	 */
	public ClusterClient cluster() {
		return new GrpcClusterClient(this.calls);
	}

	/**
	 * Returns the Auth service.
	 * @return users, roles, permissions
	 */
	public AuthClient auth() {
		return new GrpcAuthClient(this.calls);
	}

	/**
	 * Returns the Lock service, for what must go through the server: prefer
	 * {@code EtcdLock}.
	 * @return locks whose lease nobody keeps alive
	 */
	public LockService lockService() {
		return new GrpcLockService(this.calls);
	}

	/**
	 * Returns the Election service, for what must go through the server: prefer
	 * {@code LeaderElection}.
	 * @return elections whose lease nobody keeps alive
	 */
	public ElectionService electionService() {
		return new GrpcElectionService(this.calls);
	}

	/**
	 * Returns the Maintenance service.
	 * @return status, alarms, space, leadership, snapshots
	 */
	public MaintenanceClient maintenance() {
		return new GrpcMaintenanceClient(this.calls);
	}

	/**
	 * Returns the members' client addresses that are used now.
	 * @return those the client was made with, or what took their place since
	 */
	public List<String> endpoints() {
		return this.channel.endpoints();
	}

	/**
	 * Uses other endpoints from now on, all at once. Members that stay keep their
	 * connection. Watches and keep-alives on members that go resume on others, without
	 * loss; calls under way there end as they would, and then the connection does. While
	 * no address of the new endpoints is found, those before are used on.
	 * @param endpoints the members' client addresses, at least one, see
	 * {@link EtcdClientOptions#builder(List)}; TLS if the client was made for TLS, unix
	 * sockets if for those
	 * @throws InvalidEndpointException if an endpoint is not one, there is none, or it is
	 * of another kind; nothing changes then
	 * @throws EtcdClosedException if the client is closed
	 */
	public void setEndpoints(List<String> endpoints) {
		EndpointList list = this.channel.endpointList();
		List<Endpoint> parsed = list.parse(List.copyOf(endpoints));
		if (this.channel.isClosed()) {
			throw new EtcdClosedException(
					FailureDetails.local("endpoints stay as they are: the client is closed", StatusCode.CANCELLED),
					null);
		}
		list.replace(parsed);
	}

	/**
	 * Takes the client URLs of all voting members as endpoints, as they are in the
	 * cluster's member list, linearizable from etcd 3.5 on. URLs that this client cannot
	 * use are left out: of another kind than its endpoints, such as plaintext for TLS;
	 * such as {@code 0.0.0.0}; of another cluster. If none is left, or nobody answers at
	 * any of them within 3 s, the endpoints stay as they are. Waits for the answers.
	 * @return the endpoints afterwards, and what was refused
	 * @throws io.github.etcdspring.EtcdException if the member list cannot be read
	 */
	public EndpointSync syncEndpoints() {
		return BlockingCall.await(MemberListSync.start(this.calls));
	}

	/**
	 * Does what {@link #syncEndpoints()} does without waiting.
	 * @return the endpoints afterwards; completes on the callback executor, cancelling it
	 * leaves the endpoints as they are
	 */
	public CompletableFuture<EndpointSync> syncEndpointsAsync() {
		return this.calls.handOff(MemberListSync.start(this.calls));
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
		return this.calls.callbacks();
	}

	private Future<?> later(Runnable step, Duration delay) {
		return scheduler().schedule(() -> callbackExecutor().execute(step), delay);
	}

	/**
	 * Returns how long a call may take, all its attempts included.
	 * @return the request timeout of this view
	 */
	public Duration requestTimeout() {
		return this.calls.timeout();
	}

	/**
	 * Returns a view of this client whose calls take no longer than a time, over all
	 * their attempts, in place of the client's request timeout. Watches and keep-alives
	 * last as long as they did.
	 * @param timeout the deadline of every unary call, above zero
	 * @return a view upon the same connection; closing it does nothing
	 * @throws IllegalArgumentException if it is not above zero
	 */
	public EtcdClient withTimeout(Duration timeout) {
		return view(this.calls.withTimeout(EtcdClientOptions.checkedTimeout(timeout)));
	}

	/**
	 * Returns a view of this client whose unary calls are refused by a member that has no
	 * leader, instead of waiting there until the server gives up; such a call is tried on
	 * another member within its timeout. Watches and keep-alives always do so: etcd's
	 * {@code hasleader} metadata.
	 * @return a view upon the same connection; closing it does nothing
	 */
	public EtcdClient withRequireLeader() {
		return view(this.calls.withRequireLeader());
	}

	/**
	 * Returns a view of this client whose serializable reads never go back in time: one
	 * that a member answers at a lower revision than this client has seen in any answer
	 * or event is asked of another member, until its timeout. Reads that are not
	 * serializable never go back anyway. Go's {@code ordering} package.
	 * @return a view upon the same connection; closing it does nothing
	 */
	public EtcdClient withOrdering() {
		return view(this.calls.withOrdering());
	}

	/**
	 * Returns a view of this client that puts a prefix before every key it sends and
	 * takes it from every key it gets: reads, writes, transactions, watches, keys of
	 * leases, and what is built on them, such as locks. Ranges end where the prefix's
	 * keys end. Go's {@code namespace} package. Other clients see the whole keys; the
	 * prefix is no protection against them, permissions are.
	 * @param prefix the prefix, such as {@code app/}; within this view's own if it has
	 * one; empty for none
	 * @return a view upon the same connection; closing it does nothing
	 */
	public EtcdClient withNamespace(ByteSequence prefix) {
		return view(this.calls.withNamespace(prefix));
	}

	/**
	 * Returns a view of this client that puts a prefix before every key, see
	 * {@link #withNamespace(ByteSequence)}.
	 * @param prefix the prefix as text
	 * @return a view upon the same connection; closing it does nothing
	 */
	public EtcdClient withNamespace(String prefix) {
		return withNamespace(ByteSequence.of(prefix));
	}

	private EtcdClient view(Calls calls) {
		return new EtcdClient(this.channel, this.streams, this.autoSync, calls, true);
	}

	/**
	 * Closes the client: watches and keep-alives end, calls under way fail with
	 * {@link io.github.etcdspring.EtcdClosedException}, connections are closed, and no
	 * thread of the client's own is left. Leases are not revoked: close sessions first.
	 * Idempotent; takes 5 s at most, and milliseconds as a rule. Closing a view does
	 * nothing.
	 */
	@Override
	public void close() {
		if (this.view) {
			return;
		}
		if (this.autoSync != null) {
			this.autoSync.close();
		}
		this.streams.close();
		this.channel.close();
	}

}
