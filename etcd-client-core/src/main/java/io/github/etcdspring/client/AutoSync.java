/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

import io.github.etcdspring.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the member list again and again, so that the client follows its cluster. A
 * look that fails changes nothing and is told once in a series. Looks follow one another;
 * each begins when the scheduler says so, and none after the close.
 */
final class AutoSync implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final double JITTER = 0.1;

	private static final Logger logger = LoggerFactory.getLogger(AutoSync.class);

	private final Calls calls;

	private final Scheduler scheduler;

	private final Duration interval;

	/** What was last told to be wrong; only from the look under way. */
	private @Nullable String trouble;

	private volatile @Nullable Future<?> next;

	private volatile boolean closed;

	AutoSync(Calls calls, Duration interval) {
		this.calls = calls.withTimeout(TIMEOUT);
		this.scheduler = calls.channel().scheduler();
		this.interval = interval;
	}

	void start() {
		double spread = 1 + JITTER * ThreadLocalRandom.current().nextDouble(-1, 1);
		this.next = this.scheduler.schedule(this::look, Duration.ofNanos((long) (this.interval.toNanos() * spread)));
		if (this.closed) {
			cancelNext();
		}
	}

	private void look() {
		if (this.closed) {
			return;
		}
		CompletableFuture<EndpointSync> look = MemberListSync.start(this.calls);
		Future<?> timeout = this.scheduler.schedule(() -> look.cancel(false), TIMEOUT);
		look.whenComplete((sync, failure) -> {
			timeout.cancel(false);
			if (!this.closed) {
				tell(sync, failure);
				start();
			}
		});
	}

	private void tell(@Nullable EndpointSync sync, @Nullable Throwable failure) {
		if (sync == null) {
			boolean late = failure instanceof CancellationException;
			warnOnce("the member list cannot be read, the endpoints stay as they are",
					late ? "no end within " + TIMEOUT : String.valueOf(failure));
			return;
		}
		if (sync.replaced()) {
			logger.info("endpoints are now {}", sync.endpoints());
		}
		if (sync.refused().isEmpty()) {
			this.trouble = null;
		}
		else {
			warnOnce("the member list has addresses that are of no use: " + sync.refused(),
					"endpoints are " + sync.endpoints());
		}
	}

	/** At WARN if it is another trouble than that of the last look. */
	private void warnOnce(String trouble, String details) {
		if (trouble.equals(this.trouble)) {
			logger.debug("{}: {}", trouble, details);
		}
		else {
			logger.warn("{}: {}", trouble, details);
			this.trouble = trouble;
		}
	}

	private void cancelNext() {
		Future<?> next = this.next;
		if (next != null) {
			next.cancel(false);
		}
	}

	@Override
	public void close() {
		this.closed = true;
		cancelNext();
	}

}
