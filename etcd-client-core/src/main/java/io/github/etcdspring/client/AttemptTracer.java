/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.SocketAddress;

import io.github.etcdspring.Ticker;
import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether an attempt reached a member, and which: only then may it have had an
 * effect. Written by the transport's thread before the attempt ends, read after it has.
 */
final class AttemptTracer extends ClientStreamTracer.Factory {

	private final Ticker ticker;

	private volatile boolean reachedMember;

	private volatile long reachedAtNanos;

	private volatile @Nullable SocketAddress member;

	AttemptTracer(Ticker ticker) {
		this.ticker = ticker;
	}

	@Override
	public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
		return new ClientStreamTracer() {

			@Override
			public void streamCreated(Attributes transport, Metadata headers) {
				reached(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
			}

		};
	}

	private void reached(@Nullable SocketAddress member) {
		if (!this.reachedMember) {
			this.reachedAtNanos = this.ticker.nanoTime();
			this.reachedMember = true;
		}
		this.member = member;
	}

	boolean reachedMember() {
		return this.reachedMember;
	}

	/** Returns when the attempt was about to be sent; only if it reached a member. */
	long reachedAtNanos() {
		return this.reachedAtNanos;
	}

	@Nullable SocketAddress member() {
		return this.member;
	}

}
