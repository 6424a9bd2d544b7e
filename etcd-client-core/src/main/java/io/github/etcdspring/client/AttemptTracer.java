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
 * Sees whether an attempt may have reached a member, and which: only then may it have had
 * an effect; and whether its end is a member's word. Written by the transport's thread
 * before the attempt ends, read after it has.
 */
final class AttemptTracer extends ClientStreamTracer.Factory {

	private final Ticker ticker;

	/** Whether a connection was chosen to send it on. */
	private volatile boolean chosen;

	private volatile boolean reachedMember;

	private volatile long reachedAtNanos;

	private volatile @Nullable SocketAddress member;

	private volatile boolean endedByMember;

	AttemptTracer(Ticker ticker) {
		this.ticker = ticker;
	}

	@Override
	public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
		return new ClientStreamTracer() {

			@Override
			public void streamCreated(Attributes transport, Metadata headers) {
				chosen(transport.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
			}

			/** Called when the first bytes are with the operating system. */
			@Override
			public void outboundHeaders() {
				AttemptTracer.this.reachedMember = true;
			}

			@Override
			public void inboundHeaders() {
				AttemptTracer.this.reachedMember = true;
			}

			@Override
			public void inboundTrailers(Metadata trailers) {
				AttemptTracer.this.reachedMember = true;
				AttemptTracer.this.endedByMember = true;
			}

		};
	}

	private void chosen(@Nullable SocketAddress member) {
		this.reachedAtNanos = this.ticker.nanoTime();
		this.member = member;
		this.chosen = true;
	}

	/**
	 * Takes the word that the attempt has ended.
	 * @param unsent whether it is certain that it does not leave any more, if it was not
	 * seen to leave
	 */
	void ended(boolean unsent) {
		if (this.chosen && !unsent) {
			this.reachedMember = true;
		}
	}

	boolean reachedMember() {
		return this.reachedMember;
	}

	/** Returns when the attempt was about to be sent. */
	long reachedAtNanos() {
		return this.reachedAtNanos;
	}

	@Nullable SocketAddress member() {
		return this.member;
	}

	/** Whether the status came from the member instead of being found here. */
	boolean endedByMember() {
		return this.endedByMember;
	}

}
