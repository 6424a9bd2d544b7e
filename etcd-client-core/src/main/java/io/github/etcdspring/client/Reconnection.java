/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.github.etcdspring.Scheduler;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;

/**
 * Tries lost members again soon. gRPC waits a second after the first failure and up to
 * two minutes later, which would keep a client away long after its cluster is back. While
 * no member is connected all are tried about four times a second, while some are, the
 * others every five seconds; both spread at random.
 */
final class Reconnection implements AutoCloseable {

	private static final Duration WHEN_DISCONNECTED = Duration.ofMillis(250);

	private static final Duration WHEN_CONNECTED = Duration.ofSeconds(5);

	private static final double JITTER = 0.2;

	private final ManagedChannel channel;

	private final Scheduler scheduler;

	private volatile boolean closed;

	Reconnection(ManagedChannel channel, Scheduler scheduler) {
		this.channel = channel;
		this.scheduler = scheduler;
	}

	void start() {
		this.channel.notifyWhenStateChanged(this.channel.getState(false), this::stateChanged);
		scheduleNext();
	}

	private void stateChanged() {
		if (this.closed) {
			return;
		}
		ConnectivityState state = this.channel.getState(false);
		this.channel.notifyWhenStateChanged(state, this::stateChanged);
		if (state == ConnectivityState.TRANSIENT_FAILURE) {
			schedule(WHEN_DISCONNECTED, this::reconnectWhileDisconnected);
		}
	}

	private void reconnectWhileDisconnected() {
		if (!this.closed && this.channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
			this.channel.resetConnectBackoff();
			schedule(WHEN_DISCONNECTED, this::reconnectWhileDisconnected);
		}
	}

	private void scheduleNext() {
		schedule(WHEN_CONNECTED, () -> {
			if (!this.closed) {
				this.channel.resetConnectBackoff();
				scheduleNext();
			}
		});
	}

	private void schedule(Duration delay, Runnable task) {
		double spread = 1 + JITTER * ThreadLocalRandom.current().nextDouble(-1, 1);
		this.scheduler.schedule(task, Duration.ofNanos((long) (delay.toNanos() * spread)));
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
