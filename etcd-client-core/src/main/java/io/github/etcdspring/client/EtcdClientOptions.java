/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.etcdspring.Scheduler;
import io.github.etcdspring.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * What a client is made with. Immutable.
 */
public final class EtcdClientOptions {

	/** No clock overflows in this time. */
	private static final Duration LONGEST = Duration.ofDays(36_500);

	private final List<Endpoint> endpoints;

	private final Authentication authentication;

	private final @Nullable TlsOptions tls;

	private final Duration requestTimeout;

	private final int maxInboundMessageSize;

	private final @Nullable Duration autoSyncInterval;

	private final @Nullable Executor callbackExecutor;

	private final Ticker ticker;

	private final InstantSource wallClock;

	private final @Nullable Scheduler scheduler;

	private final @Nullable Consumer<String> warnings;

	private final @Nullable Long expectedClusterId;

	private final @Nullable ClusterListener clusterListener;

	private EtcdClientOptions(Builder builder) {
		this.endpoints = Endpoint.parseAll(builder.endpoints);
		this.authentication = builder.authentication();
		this.tls = builder.tls();
		this.requestTimeout = builder.requestTimeout;
		this.maxInboundMessageSize = builder.maxInboundMessageSize;
		this.autoSyncInterval = builder.autoSyncInterval;
		this.callbackExecutor = builder.callbackExecutor;
		this.ticker = builder.ticker;
		this.wallClock = builder.wallClock;
		this.scheduler = builder.scheduler;
		this.warnings = builder.warnings;
		this.expectedClusterId = builder.expectedClusterId;
		this.clusterListener = builder.clusterListener;
		if (this.tls != null && !this.endpoints.get(0).tls()) {
			throw new InvalidEndpointException(builder.endpoints.get(0),
					"it is plaintext, and TLS options are given; use https:// or leave them out");
		}
	}

	/**
	 * Returns the options of a client without credentials.
	 * @param endpoints the members' client addresses, see {@link #builder(List)}
	 * @return options with every default
	 * @throws InvalidEndpointException if an endpoint is not one
	 */
	public static EtcdClientOptions of(String... endpoints) {
		return builder(List.of(endpoints)).build();
	}

	/**
	 * Begins options.
	 * @param endpoints the members' client addresses, at least one:
	 * {@code http://host:port} or {@code host:port} for plaintext,
	 * {@code https://host:port} for TLS; or the unix sockets of members on this machine,
	 * {@code unix:path} for plaintext and {@code unixs:path} for TLS; all of one kind
	 * @return a builder
	 */
	public static Builder builder(List<String> endpoints) {
		return new Builder(endpoints);
	}

	/**
	 * Returns the members' client addresses.
	 * @return each as {@code http://host:port}, {@code https://host:port},
	 * {@code unix:path} or {@code unixs:path}
	 */
	public List<String> endpoints() {
		return this.endpoints.stream().map(Endpoint::toString).toList();
	}

	/**
	 * Returns the user the client speaks as.
	 * @return the credentials, if there are any that stay: not those of a supplier
	 */
	public Optional<EtcdCredentials> credentials() {
		return (this.authentication instanceof Authentication.Password password
				&& password.credentials() instanceof Authentication.FixedCredentials fixed) ? Optional.of(fixed.get())
						: Optional.empty();
	}

	/**
	 * Returns how the client speaks TLS.
	 * @return the options, if there are any; without them {@code https} endpoints are
	 * trusted as the JVM does
	 */
	public Optional<TlsOptions> tls() {
		return Optional.ofNullable(this.tls);
	}

	/**
	 * Returns how long a call may take.
	 * @return the deadline of every unary call, over all its attempts
	 */
	public Duration requestTimeout() {
		return this.requestTimeout;
	}

	/**
	 * Returns the size of the largest answer that is accepted.
	 * @return the size in bytes
	 */
	public int maxInboundMessageSize() {
		return this.maxInboundMessageSize;
	}

	/**
	 * Returns the only cluster the client talks to.
	 * @return its id, an unsigned number; empty if every cluster is welcome
	 */
	public OptionalLong expectedClusterId() {
		return (this.expectedClusterId != null) ? OptionalLong.of(this.expectedClusterId) : OptionalLong.empty();
	}

	@Nullable ClusterListener clusterListener() {
		return this.clusterListener;
	}

	static Duration checkedTimeout(Duration timeout) {
		return checked("request timeout", timeout);
	}

	private static Duration checked(String name, Duration duration) {
		if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(
					name + ": " + duration + " (expected: above zero, and at most " + LONGEST.toDays() + " days)");
		}
		return duration;
	}

	Authentication authentication() {
		return this.authentication;
	}

	InstantSource wallClock() {
		return this.wallClock;
	}

	/**
	 * Returns how often the endpoints are synced with the member list.
	 * @return the interval, if they are
	 */
	public Optional<Duration> autoSyncInterval() {
		return Optional.ofNullable(this.autoSyncInterval);
	}

	List<Endpoint> parsedEndpoints() {
		return this.endpoints;
	}

	@Nullable Executor callbackExecutor() {
		return this.callbackExecutor;
	}

	Ticker ticker() {
		return this.ticker;
	}

	@Nullable Scheduler scheduler() {
		return this.scheduler;
	}

	@Nullable Consumer<String> warnings() {
		return this.warnings;
	}

	@Override
	public String toString() {
		return "EtcdClientOptions[endpoints=" + this.endpoints + ", credentials=" + credentials().orElse(null)
				+ ", requestTimeout=" + this.requestTimeout + "]";
	}

	/**
	 * Collects options. Not thread-safe.
	 */
	public static final class Builder extends SecurityOptions<Builder> {

		private final List<String> endpoints;

		private Duration requestTimeout = Duration.ofSeconds(10);

		private int maxInboundMessageSize = 16 * 1024 * 1024;

		private @Nullable Duration autoSyncInterval;

		private @Nullable Executor callbackExecutor;

		private Ticker ticker = Ticker.system();

		private InstantSource wallClock = WallClock.system();

		private @Nullable Scheduler scheduler;

		private @Nullable Consumer<String> warnings;

		private @Nullable Long expectedClusterId;

		private @Nullable ClusterListener clusterListener;

		private Builder(List<String> endpoints) {
			this.endpoints = List.copyOf(endpoints);
		}

		@Override
		Builder self() {
			return this;
		}

		/**
		 * Sets how long a call may take, over all its attempts. Default: 10 s, a little
		 * more than a server works on a request before it gives up.
		 * @param requestTimeout the deadline, above zero
		 * @return this builder
		 * @throws IllegalArgumentException if it is not above zero
		 */
		public Builder requestTimeout(Duration requestTimeout) {
			this.requestTimeout = checkedTimeout(requestTimeout);
			return this;
		}

		/**
		 * Sets the size of the largest answer that is accepted. Default: 16 MiB. A larger
		 * one fails its call with an {@link io.github.etcdspring.EtcdRequestException}.
		 * Watches take messages of 16 times this size, since etcd may send up to 1,000
		 * revisions at once when a watch has to catch up; a larger one ends the client's
		 * watches.
		 * @param bytes the size in bytes, at least 4 MiB: a server with default limits
		 * sends an event of up to 3 MiB, a value of 1.5 MiB and the one before it
		 * @return this builder
		 * @throws IllegalArgumentException if it is less
		 */
		public Builder maxInboundMessageSize(int bytes) {
			if (bytes < 4 * 1024 * 1024) {
				throw new IllegalArgumentException(
						"maximum inbound message size: " + bytes + " (expected: at least 4194304)");
			}
			this.maxInboundMessageSize = bytes;
			return this;
		}

		/**
		 * Syncs the endpoints with the member list again and again, as
		 * {@link EtcdClient#syncEndpoints()} does, so that the client finds members that
		 * are added and forgets those that are removed. Each sync takes 5 s at most; one
		 * that fails changes nothing and is logged once in a series. Default: never.
		 * @param interval the time between two syncs and before the first, above zero;
		 * spread at random by 10 %
		 * @return this builder
		 * @throws IllegalArgumentException if it is not above zero
		 */
		public Builder autoSyncInterval(Duration interval) {
			this.autoSyncInterval = checked("auto sync interval", interval);
			return this;
		}

		/**
		 * Sets where callbacks run: listeners, and what is chained to futures. The
		 * executor stays the caller's and is not shut down by the client; what it rejects
		 * runs in the JVM's common pool, since somebody may wait for it. Default: an
		 * executor of the client's own, with a virtual thread for each task where the JVM
		 * has them, else with up to 64 daemon threads.
		 * <p>
		 * It must neither run tasks in the thread that gives them, which may be that of a
		 * connection, nor let that thread wait. Callbacks may block every thread of it
		 * with calls, and with locks, elections and recipes: those take their own steps
		 * on a few threads of the client's. A callback that waits for a future waits for
		 * a thread of it as well.
		 * @param callbackExecutor the executor
		 * @return this builder
		 */
		public Builder callbackExecutor(Executor callbackExecutor) {
			this.callbackExecutor = Objects.requireNonNull(callbackExecutor, "callbackExecutor");
			return this;
		}

		/**
		 * Sets the clock of all deadlines. Default: that of the JVM.
		 * @param ticker the clock
		 * @return this builder
		 */
		public Builder ticker(Ticker ticker) {
			this.ticker = Objects.requireNonNull(ticker, "ticker");
			return this;
		}

		/** Sets what the expiry of tokens is compared with. */
		Builder wallClock(InstantSource wallClock) {
			this.wallClock = wallClock;
			return this;
		}

		/**
		 * Sets what runs the client's timed tasks. Default: one daemon thread of the
		 * client's own. The time limits of attempts at calls do not depend on it.
		 * @param scheduler the scheduler
		 * @return this builder
		 */
		public Builder scheduler(Scheduler scheduler) {
			this.scheduler = Objects.requireNonNull(scheduler, "scheduler");
			return this;
		}

		/**
		 * Sets who is told what is unwise about the options, such as a password that is
		 * sent in plaintext: once, by the thread that creates the client, or on the
		 * callback executor when that comes with other endpoints. Default: the log, at
		 * WARN.
		 * @param warnings takes each warning: a sentence, without secrets
		 * @return this builder
		 */
		public Builder warnings(Consumer<String> warnings) {
			this.warnings = Objects.requireNonNull(warnings, "warnings");
			return this;
		}

		/**
		 * Talks to one cluster only. At first use each member is asked which cluster it
		 * belongs to, by MemberList; calls begin with the first that belongs to this one.
		 * A member of another makes calls fail with a
		 * {@link io.github.etcdspring.WrongClusterException}, and so does an answer from
		 * there, whatever it is. Default: every cluster is welcome.
		 * @param clusterId the id, an unsigned number: the one in every answer's header,
		 * and what {@code etcdctl endpoint status} prints in hexadecimal
		 * @return this builder
		 */
		public Builder expectedClusterId(long clusterId) {
			this.expectedClusterId = clusterId;
			return this;
		}

		/**
		 * Sets who is told of changes in the cluster that answers show: another leader,
		 * another history. Default: nobody, but another history is logged at WARN.
		 * @param clusterListener the listener
		 * @return this builder
		 */
		public Builder clusterListener(ClusterListener clusterListener) {
			this.clusterListener = Objects.requireNonNull(clusterListener, "clusterListener");
			return this;
		}

		/**
		 * Returns the options.
		 * @return options that later changes of this builder do not reach
		 * @throws InvalidEndpointException if an endpoint is not one, if there is none,
		 * if plaintext and TLS are mixed, or if it is plaintext and TLS options are given
		 * @throws IllegalArgumentException if both credentials and a token are given
		 */
		public EtcdClientOptions build() {
			return new EtcdClientOptions(this);
		}

	}

}
