/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.Scheduler;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.Ticker;
import io.github.etcdspring.internal.proto.ClusterGrpc;
import io.github.etcdspring.internal.proto.ClusterProto;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one client: the gRPC channel over all endpoints and everything that
 * serves it. It owns the channel, the executor of the library's own steps and, unless the
 * user gave them, the timer thread and the callback executor; {@link #close()} ends all
 * of them. Thread-safe.
 */
final class EtcdChannel implements Members, AutoCloseable {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	/** Nothing blocks there. */
	private static final Duration STEPS_TIMEOUT = Duration.ofSeconds(1);

	/**
	 * When etcd has told a watch nothing yet, it may put all of the first 1,000 revisions
	 * into one message, though it was asked for fragments.
	 */
	private static final long STREAM_MESSAGE_FACTOR = 16;

	private final EtcdClientOptions options;

	private final EndpointList endpoints;

	private final Connector connector;

	private final ManagedChannel channel;

	private final Reconnection reconnection;

	/** Without a thread until it is used. */
	private final ScheduledThreadPoolExecutor ownTimer;

	private final Scheduler scheduler;

	private final TimedTasks timedTasks;

	private final AttemptDeadlines deadlines;

	private final Callbacks callbacks;

	private final Callbacks ownSteps;

	private final Callbacks secrets;

	private final TokenSource tokens;

	private final HeaderSense sense;

	private final @Nullable ClusterCheck clusterCheck;

	private final Set<UnaryCall<?, ?, ?>> pausing = ConcurrentHashMap.newKeySet();

	private final Set<PinnedMember> pinned = ConcurrentHashMap.newKeySet();

	private volatile boolean lacksRangeStream;

	private volatile boolean closed;

	EtcdChannel(EtcdClientOptions options) {
		this.options = options;
		String name = "etcd-client-" + NUMBER.incrementAndGet();
		this.ownTimer = timer(name + "-timer");
		Scheduler given = options.scheduler();
		Scheduler own = timerScheduler();
		this.scheduler = (given != null) ? unfailing(given) : own;
		this.timedTasks = new TimedTasks(this.scheduler);
		// attempts end in time whatever a given scheduler does
		this.deadlines = new AttemptDeadlines(own, Ticker.system());
		this.callbacks = new Callbacks(options.callbackExecutor(), name + "-callback", this.timedTasks);
		this.ownSteps = Callbacks.apart(name + "-step", this.timedTasks);
		this.secrets = Callbacks.apart(name + "-secret", this.timedTasks);
		this.tokens = TokenSource.of(options, new Login(this));
		this.sense = new HeaderSense(new ClusterNews(options.clusterListener(), this.callbacks));
		this.clusterCheck = options.expectedClusterId().isPresent()
				? new ClusterCheck(options.expectedClusterId().getAsLong(), this::askForClusters, options.ticker())
				: null;
		this.connector = new Connector(options);
		this.endpoints = new EndpointList(options.parsedEndpoints());
		if (this.clusterCheck != null) {
			this.endpoints.addListener(this.clusterCheck::forget);
		}
		this.channel = this.connector.connect(this.endpoints);
		this.reconnection = new Reconnection(this.channel, this.scheduler);
		this.reconnection.start();
	}

	private static ScheduledThreadPoolExecutor timer(String name) {
		ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		});
		timer.setRemoveOnCancelPolicy(true);
		timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		return timer;
	}

	/** Somebody may wait for ever for what a scheduler rejects: it runs all the same. */
	private static Scheduler unfailing(Scheduler given) {
		return (task, delay) -> {
			try {
				return given.schedule(task, delay);
			}
			catch (RejectedExecutionException ex) {
				return CompletableFuture.runAsync(task,
						CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS));
			}
		};
	}

	private Scheduler timerScheduler() {
		return (task, delay) -> {
			try {
				return this.ownTimer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (RejectedExecutionException ex) {
				return CompletableFuture.completedFuture(null);
			}
		};
	}

	/** Asks each member, on a connection of its own, for the id of its cluster. */
	private List<CompletableFuture<Long>> askForClusters() {
		return this.endpoints.current().stream().map(this::clusterOf).toList();
	}

	/** Asks one member, on a connection of its own, for the id of its cluster. */
	CompletableFuture<Long> clusterOf(Endpoint endpoint) {
		return new UnaryCall<>(this, settings().at(endpoint), ClusterGrpc.getMemberListMethod(),
				ClusterProto.MemberListRequest.getDefaultInstance(), RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> answer.getHeader().getClusterId(), CallPreparation.TOKEN)
			.start();
	}

	@Override
	public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
		return Connector.newCall(this.channel, method, options);
	}

	<Q, R> ClientCall<Q, R> newStream(MethodDescriptor<Q, R> method, AttemptTracer tracer) {
		return newCall(method,
				CallOptions.DEFAULT.withWaitForReady()
					.withMaxInboundMessageSize(largestStreamMessage())
					.withStreamTracerFactory(tracer));
	}

	private int largestStreamMessage() {
		return (int) Math.min(Integer.MAX_VALUE, STREAM_MESSAGE_FACTOR * this.options.maxInboundMessageSize());
	}

	/** Returns a member on a connection of its own; {@link #unpin} ends it. */
	PinnedMember pin(Endpoint endpoint) {
		PinnedMember member = new PinnedMember(endpoint, this.connector.connect(new EndpointList(List.of(endpoint))));
		this.pinned.add(member);
		if (this.closed) {
			unpin(member);
		}
		return member;
	}

	void unpin(PinnedMember member) {
		if (this.pinned.remove(member)) {
			member.close();
		}
	}

	/** Continues a call after a delay, unless the channel is closed before. */
	void pause(UnaryCall<?, ?, ?> call, Duration delay, Runnable continuation) {
		this.pausing.add(call);
		this.scheduler.schedule(() -> {
			if (this.pausing.remove(call)) {
				continuation.run();
			}
		}, delay);
		if (this.closed) {
			abandonPausing();
		}
	}

	private void abandonPausing() {
		for (UnaryCall<?, ?, ?> call : List.copyOf(this.pausing)) {
			if (this.pausing.remove(call)) {
				call.abandon();
			}
		}
	}

	TokenSource tokens() {
		return this.tokens;
	}

	HeaderSense sense() {
		return this.sense;
	}

	/**
	 * Looks whether an answer comes from the expected cluster. If it does not, no call
	 * begins for a while, unless the member is one that only this call asked.
	 * @return what is wrong with it, if anything
	 */
	@Nullable String findForeign(long clusterId, Members asked) {
		if (this.clusterCheck == null || this.clusterCheck.isExpected(clusterId)) {
			return null;
		}
		if (asked == this) {
			this.clusterCheck.refuse(clusterId);
		}
		return this.clusterCheck.describe(clusterId);
	}

	/**
	 * Takes note of a message of a stream.
	 * @return what is wrong with it if it comes from another cluster
	 */
	@Nullable CallFailure note(ResponseHeader header) {
		String foreign = findForeign(header.clusterId(), this);
		if (foreign != null) {
			return new CallFailure(FailureKind.UNAVAILABLE, StatusCode.FAILED_PRECONDITION, foreign, null);
		}
		this.sense.note(header, this.sense.history(), 0);
		return null;
	}

	/** Returns what lets calls begin; {@code null} if every cluster is welcome. */
	@Nullable ClusterCheck clusterCheck() {
		return this.clusterCheck;
	}

	Ticker ticker() {
		return this.options.ticker();
	}

	Scheduler scheduler() {
		return this.scheduler;
	}

	/** The scheduler of those who build on the client. */
	Scheduler timedTasks() {
		return this.timedTasks;
	}

	AttemptDeadlines deadlines() {
		return this.deadlines;
	}

	Callbacks callbacks() {
		return this.callbacks;
	}

	/** Where suppliers of secrets are asked: calls of every kind wait for them. */
	Callbacks secrets() {
		return this.secrets;
	}

	/** Where the steps of what is built on the client are made. */
	Callbacks ownSteps() {
		return this.ownSteps;
	}

	/** Returns the conditions of calls that nobody gave others. */
	CallSettings settings() {
		return new CallSettings(this.options.requestTimeout(), false, false, Namespace.NONE, null, false);
	}

	/** Returns the endpoints, to be followed or replaced. */
	EndpointList endpointList() {
		return this.endpoints;
	}

	@Override
	public List<String> endpoints() {
		return this.endpoints.texts();
	}

	@Override
	public int count() {
		return this.endpoints.size();
	}

	boolean isClosed() {
		return this.closed;
	}

	/** Whether a member has said that it cannot send a read in parts. */
	boolean lacksRangeStream() {
		return this.lacksRangeStream;
	}

	void noteLackOfRangeStream() {
		this.lacksRangeStream = true;
	}

	@Override
	public ConnectionState state() {
		return Connector.state(this.channel);
	}

	/**
	 * Ends every call with a typed error, then everything this channel owns; takes 2 s at
	 * most for each of connection and callbacks, and 1 s for each of steps and suppliers
	 * of secrets. Streams have been ended by their owners before.
	 */
	@Override
	public void close() {
		// 1. no new attempts
		this.closed = true;
		this.reconnection.close();
		this.callbacks.stop();
		this.ownSteps.stop();
		this.secrets.stop();
		// 2. calls under way fail, and what waits to be tried again
		this.channel.shutdownNow();
		List.copyOf(this.pinned).forEach(this::unpin);
		abandonPausing();
		this.timedTasks.close();
		boolean interrupted = false;
		try {
			this.channel.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			interrupted = true;
		}
		// 3. nothing is left that could use the timer
		this.ownTimer.shutdownNow();
		// 4. steps and callbacks of the calls that failed still run
		interrupted |= closeInterrupted(this.ownSteps, STEPS_TIMEOUT);
		interrupted |= closeInterrupted(this.secrets, STEPS_TIMEOUT);
		interrupted |= closeInterrupted(this.callbacks, CLOSE_TIMEOUT);
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/** Whether the wait for what still runs was cut short. */
	private static boolean closeInterrupted(Callbacks callbacks, Duration timeout) {
		try {
			callbacks.close(timeout);
			return false;
		}
		catch (InterruptedException ex) {
			return true;
		}
	}

}
