/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a client: one for its leases, one for watches that leave a member
 * without a leader, one for those that stay. Each is made for its first user, so that a
 * client that has none need not load what it consists of. One that is made after the
 * close is closed from the beginning. Thread-safe.
 */
final class ClientStreams implements AutoCloseable {

	private final Calls calls;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable KeepAliveStream keepAlives;

	private @Nullable WatchStream requiringLeader;

	private @Nullable WatchStream plain;

	private boolean closed;

	ClientStreams(Calls calls) {
		this.calls = calls;
	}

	KeepAliveStream keepAlives() {
		this.lock.lock();
		try {
			KeepAliveStream stream = this.keepAlives;
			if (stream == null) {
				stream = new KeepAliveStream(this.calls);
				if (this.closed) {
					stream.close();
				}
				this.keepAlives = stream;
			}
			return stream;
		}
		finally {
			this.lock.unlock();
		}
	}

	WatchStream watches(WatchRequest request) {
		boolean requireLeader = request.requiresLeader();
		this.lock.lock();
		try {
			WatchStream stream = requireLeader ? this.requiringLeader : this.plain;
			return (stream != null) ? stream : newWatches(requireLeader);
		}
		finally {
			this.lock.unlock();
		}
	}

	private WatchStream newWatches(boolean requireLeader) {
		WatchStream stream = new WatchStream(this.calls.channel(), requireLeader);
		if (this.closed) {
			stream.close();
		}
		if (requireLeader) {
			this.requiringLeader = stream;
		}
		else {
			this.plain = stream;
		}
		return stream;
	}

	/**
	 * Ends all watches and keep-alives; what that tells users is told without the lock.
	 */
	@Override
	public void close() {
		WatchStream requiringLeader;
		WatchStream plain;
		KeepAliveStream keepAlives;
		this.lock.lock();
		try {
			this.closed = true;
			requiringLeader = this.requiringLeader;
			plain = this.plain;
			keepAlives = this.keepAlives;
		}
		finally {
			this.lock.unlock();
		}
		if (requiringLeader != null) {
			requiringLeader.close();
		}
		if (plain != null) {
			plain.close();
		}
		if (keepAlives != null) {
			keepAlives.close();
		}
	}

}
