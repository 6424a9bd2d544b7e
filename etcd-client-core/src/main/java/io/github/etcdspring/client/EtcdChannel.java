/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.Scheduler;
import io.github.etcdspring.Ticker;
import io.github.etcdspring.internal.proto.AuthGrpc;
import io.github.etcdspring.internal.proto.AuthProto;
import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolverRegistry;
import io.grpc.TlsChannelCredentials;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of one client: the gRPC channel over all endpoints and everything that
 * serves it. It owns the channel, the timer thread and, unless the user gave them, the
 * callback executor; {@link #close()} ends all of them. Thread-safe.
 */
final class EtcdChannel implements AutoCloseable {

	private static final AtomicInteger NUMBER = new AtomicInteger();

	/** The shortest that a server with default settings puts up with is 5 s. */
	private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

	private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private static final Duration NO_THREAD_PAUSE = Duration.ofSeconds(1);

	private static final Logger logger = LoggerFactory.getLogger(EtcdChannel.class);

	static {
		NameResolverRegistry.getDefaultRegistry().register(new EndpointResolverProvider());
	}

	private final EtcdClientOptions options;

	private final ManagedChannel channel;

	private final Reconnection reconnection;

	private final @Nullable ScheduledThreadPoolExecutor ownTimer;

	private final Scheduler scheduler;

	private final TimedTasks timedTasks;

	private final @Nullable ExecutorService ownCallbacks;

	private final String callbackThreads;

	private final Executor callbacks;

	private final TokenSource tokens;

	private final Set<UnaryCall<?, ?, ?>> pausing = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	EtcdChannel(EtcdClientOptions options) {
		this.options = options;
		String name = "etcd-client-" + NUMBER.incrementAndGet();
		this.ownTimer = (options.scheduler() == null) ? timer(name + "-timer") : null;
		this.scheduler = Objects.requireNonNullElseGet(options.scheduler(), this::timerScheduler);
		this.timedTasks = new TimedTasks(this.scheduler);
		this.callbackThreads = name + "-callback";
		this.ownCallbacks = (options.callbackExecutor() == null) ? CallbackExecutor.create(this.callbackThreads) : null;
		this.callbacks = (this.ownCallbacks != null) ? this.ownCallbacks
				: Objects.requireNonNull(options.callbackExecutor());
		this.tokens = new TokenSource(options.credentials().orElse(null), this::authenticate, options.ticker());
		this.channel = connect(options);
		this.reconnection = new Reconnection(this.channel, this.scheduler);
		this.reconnection.start();
	}

	private static ManagedChannel connect(EtcdClientOptions options) {
		List<Endpoint> endpoints = options.parsedEndpoints();
		ChannelCredentials credentials = endpoints.get(0).tls() ? TlsChannelCredentials.create()
				: InsecureChannelCredentials.create();
		return Grpc.newChannelBuilder(EndpointResolverProvider.SCHEME + ":///etcd", credentials)
			.setNameResolverArg(EndpointResolverProvider.ENDPOINTS, endpoints)
			.defaultLoadBalancingPolicy("round_robin")
			.disableServiceConfigLookUp()
			.keepAliveTime(PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
			.keepAliveTimeout(PING_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.maxInboundMessageSize(options.maxInboundMessageSize())
			.directExecutor()
			.build();
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

	private Scheduler timerScheduler() {
		ScheduledThreadPoolExecutor timer = Objects.requireNonNull(this.ownTimer);
		return (task, delay) -> {
			try {
				return timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
			}
			catch (RejectedExecutionException ex) {
				return CompletableFuture.completedFuture(null);
			}
		};
	}

	/**
	 * Begins a unary call. The future completes on the connection's thread: only what
	 * never blocks may be chained to it.
	 */
	<Q, R, T> CompletableFuture<T> unary(MethodDescriptor<Q, R> method, Q request, RetryPolicy policy,
			AnswerDecoder<R, T> decoder) {
		return call(method, request, policy, decoder).start();
	}

	/** Returns a unary call that has not begun. */
	<Q, R, T> UnaryCall<Q, R, T> call(MethodDescriptor<Q, R> method, Q request, RetryPolicy policy,
			AnswerDecoder<R, T> decoder) {
		return new UnaryCall<>(this, method, request, policy, decoder, true);
	}

	private CompletableFuture<Optional<AuthToken>> authenticate(EtcdCredentials credentials) {
		AuthProto.AuthenticateRequest request = AuthProto.AuthenticateRequest.newBuilder()
			.setName(credentials.user())
			.setPassword(credentials.password())
			.build();
		CompletableFuture<Optional<AuthToken>> token = new CompletableFuture<>();
		new UnaryCall<>(this, AuthGrpc.getAuthenticateMethod(), request, RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> new AuthToken(answer.getToken()), false)
			.start()
			.whenComplete((answer, failure) -> {
				if (failure == null) {
					token.complete(Optional.of(answer));
				}
				else if (failure instanceof EtcdRequestException refusal && isAuthenticationOff(refusal)) {
					token.complete(Optional.empty());
				}
				else {
					token.completeExceptionally(failure);
				}
			});
		return token;
	}

	private static boolean isAuthenticationOff(EtcdRequestException refusal) {
		return ServerError.of(refusal.serverMessage().orElse(null)) == ServerError.AUTH_NOT_ENABLED;
	}

	<Q, R> ClientCall<Q, R> newUnaryCall(MethodDescriptor<Q, R> method, Duration timeout, AttemptTracer tracer) {
		return this.channel.newCall(method,
				CallOptions.DEFAULT.withWaitForReady()
					.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
					.withStreamTracerFactory(tracer));
	}

	<Q, R> ClientCall<Q, R> newStream(MethodDescriptor<Q, R> method) {
		return this.channel.newCall(method, CallOptions.DEFAULT.withWaitForReady());
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

	/**
	 * Returns a future for the user: it completes on the callback executor, and
	 * cancelling it cancels the call.
	 */
	<T> CompletableFuture<T> handOff(CompletableFuture<T> call) {
		CompletableFuture<T> handedOff = new CompletableFuture<>();
		call.whenComplete((value, failure) -> runCallback(() -> {
			if (failure != null) {
				handedOff.completeExceptionally(failure);
			}
			else {
				handedOff.complete(value);
			}
		}));
		handedOff.whenComplete((value, failure) -> {
			if (failure != null) {
				call.cancel(true);
			}
		});
		return handedOff;
	}

	/**
	 * Runs user code; never on the calling thread, also when the executor is shut down.
	 * Somebody may wait for ever for what is not run, so that is tried again.
	 */
	void runCallback(Runnable callback) {
		try {
			this.callbacks.execute(callback);
		}
		catch (RejectedExecutionException ex) {
			ForkJoinPool.commonPool().execute(callback);
		}
		catch (Error ex) {
			logger.error("no thread for a callback, trying again", ex);
			if (!this.closed) {
				this.timedTasks.schedule(() -> runCallback(callback), NO_THREAD_PAUSE);
			}
		}
	}

	TokenSource tokens() {
		return this.tokens;
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

	Executor callbacks() {
		return this::runCallback;
	}

	Duration requestTimeout() {
		return this.options.requestTimeout();
	}

	List<String> endpoints() {
		return this.options.endpoints();
	}

	/** Returns how many members are configured. */
	int members() {
		return this.options.parsedEndpoints().size();
	}

	/** Returns how many members make a majority of those configured. */
	int quorum() {
		return members() / 2 + 1;
	}

	boolean isClosed() {
		return this.closed;
	}

	ConnectionState state() {
		ConnectivityState state = this.channel.getState(false);
		return switch (state) {
			case IDLE -> ConnectionState.IDLE;
			case CONNECTING -> ConnectionState.CONNECTING;
			case READY -> ConnectionState.CONNECTED;
			case TRANSIENT_FAILURE -> ConnectionState.DISCONNECTED;
			case SHUTDOWN -> ConnectionState.CLOSED;
		};
	}

	/**
	 * Ends every call with a typed error, then everything this channel owns; takes 2 s at
	 * most for each of connection and callbacks. Streams have been ended by their owners
	 * before.
	 */
	@Override
	public void close() {
		// 1. no new attempts
		this.closed = true;
		this.reconnection.close();
		// 2. calls under way fail, and what waits to be tried again
		this.channel.shutdownNow();
		abandonPausing();
		this.timedTasks.close();
		boolean interrupted = !await(this.channel::awaitTermination);
		// 3. nothing is left that could use the timer
		if (this.ownTimer != null) {
			this.ownTimer.shutdownNow();
		}
		// 4. callbacks of the calls that failed still run
		if (this.ownCallbacks != null) {
			this.ownCallbacks.shutdown();
			boolean fromCallback = Thread.currentThread().getName().startsWith(this.callbackThreads);
			interrupted |= !fromCallback && !await(this.ownCallbacks::awaitTermination);
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private static boolean await(Termination termination) {
		try {
			termination.await(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			return false;
		}
	}

	/** Something that can be waited for. */
	private interface Termination {

		boolean await(long timeout, TimeUnit unit) throws InterruptedException;

	}

}
