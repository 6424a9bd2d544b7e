/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.watch.WatchRequest;

/**
 * The streams of a client's watches: one for those that leave a member without a leader,
 * one for those that stay. Each is opened for its first watch. Thread-safe.
 */
final class WatchStreams implements AutoCloseable {

	private final WatchStream requiringLeader;

	private final WatchStream plain;

	WatchStreams(EtcdChannel channel) {
		this.requiringLeader = new WatchStream(channel, true);
		this.plain = new WatchStream(channel, false);
	}

	WatchStream of(WatchRequest request) {
		return request.requiresLeader() ? this.requiringLeader : this.plain;
	}

	@Override
	public void close() {
		this.requiringLeader.close();
		this.plain.close();
	}

}
