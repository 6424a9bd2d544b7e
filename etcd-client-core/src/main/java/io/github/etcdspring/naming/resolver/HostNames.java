/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of hosts that have names. Several are looked up at a time, so that one
 * which takes long does not hold up the others. One that cannot be found is looked up
 * again later, and keeps the addresses it had. Confined to a context.
 */
final class HostNames {

	/** Each may hold a thread for as long as a name server is silent. */
	private static final int MOST_AT_ONCE = 8;

	/** As long as the JVM remembers by default that it did not find a host. */
	private static final long RETRY_SECONDS = 10;

	private final SynchronizationContext context;

	private final Executor executor;

	private final ScheduledExecutorService timer;

	private final Shared shared;

	private final Runnable afterAnswer;

	private final Map<String, Host> hosts = new LinkedHashMap<>();

	/** Those that are being looked up, or are about to. */
	private final Set<Host> pending = new HashSet<>();

	private final Deque<Host> waiting = new ArrayDeque<>();

	private int running;

	private SynchronizationContext.@Nullable ScheduledHandle retry;

	private boolean closed;

	/**
	 * Makes it without a host.
	 * @param executor where to look up; may be shared
	 * @param timer for the context
	 * @param afterAnswer called in the context after each host that was looked up
	 */
	HostNames(SynchronizationContext context, Executor executor, ScheduledExecutorService timer, Shared shared,
			Runnable afterAnswer) {
		this.context = context;
		this.executor = executor;
		this.timer = timer;
		this.shared = shared;
		this.afterAnswer = afterAnswer;
	}

	/** Looks up those that are new, and forgets the others. */
	void want(Collection<String> names) {
		this.hosts.keySet().retainAll(new HashSet<>(names));
		this.pending.removeIf((host) -> this.hosts.get(host.name) != host);
		for (String name : names) {
			if (!this.hosts.containsKey(name)) {
				Host host = new Host(name);
				this.hosts.put(name, host);
				lookUp(host);
			}
		}
	}

	/** Looks all up again, first those that were found before. */
	void refresh() {
		this.hosts.values().stream().filter(Host::isFound).toList().forEach(this::lookUp);
		lookUpMissing();
	}

	private void lookUpMissing() {
		this.hosts.values().stream().filter((host) -> !host.isFound() || host.failed).toList().forEach(this::lookUp);
	}

	/** Whether an answer is to come. */
	boolean isPending() {
		return !this.pending.isEmpty();
	}

	/** Returns the addresses last known; none if it was never found. */
	List<InetAddress> addresses(String name) {
		Host host = this.hosts.get(name);
		return (host != null) ? host.addresses : List.of();
	}

	private void lookUp(Host host) {
		if (!this.closed && this.pending.add(host)) {
			this.waiting.add(host);
			next();
		}
	}

	private void next() {
		while (this.running < MOST_AT_ONCE && !this.waiting.isEmpty()) {
			Host host = this.waiting.remove();
			if (this.pending.contains(host)) {
				this.running++;
				begin(host);
			}
		}
	}

	private void begin(Host host) {
		try {
			this.executor.execute(() -> {
				List<InetAddress> found = find(host.name);
				this.context.execute(() -> answered(host, found));
			});
		}
		catch (RejectedExecutionException ex) {
			this.context.execute(() -> answered(host, List.of()));
		}
	}

	private List<InetAddress> find(String name) {
		try {
			return this.shared.lookup().of(name);
		}
		catch (UnknownHostException | RuntimeException ex) {
			return List.of();
		}
	}

	private void answered(Host host, List<InetAddress> found) {
		this.running--;
		next();
		if (!this.pending.remove(host)) {
			// nobody wants it any more
			return;
		}
		host.failed = found.isEmpty();
		if (!host.failed) {
			host.addresses = found;
			this.shared.leftOut().found(host.name);
		}
		else {
			retryLater();
			if (!host.isFound()) {
				this.shared.leftOut().tell(host.name, "no address is found, trying again");
			}
		}
		this.afterAnswer.run();
	}

	private void retryLater() {
		if (this.retry == null && !this.closed) {
			this.retry = this.context.schedule(() -> {
				this.retry = null;
				lookUpMissing();
			}, RETRY_SECONDS, TimeUnit.SECONDS, this.timer);
		}
	}

	/** Begins no more look-ups, and tells of none. */
	void close() {
		this.closed = true;
		this.waiting.clear();
		this.pending.clear();
		if (this.retry != null) {
			this.retry.cancel();
		}
	}

	/** One that is wanted. */
	private static final class Host {

		private final String name;

		private List<InetAddress> addresses = List.of();

		/** Whether it was not found the last time. */
		private boolean failed;

		private Host(String name) {
			this.name = name;
		}

		private boolean isFound() {
			return !this.addresses.isEmpty();
		}

	}

}
