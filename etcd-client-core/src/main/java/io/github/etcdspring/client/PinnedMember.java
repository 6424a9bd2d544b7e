/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;

/**
 * One member, on a connection of its own that lasts for one call. What etcd does on the
 * member that is asked, and not on the cluster, goes here.
 */
final class PinnedMember implements Members, AutoCloseable {

	private final Endpoint endpoint;

	private final ManagedChannel channel;

	PinnedMember(Endpoint endpoint, ManagedChannel channel) {
		this.endpoint = endpoint;
		this.channel = channel;
	}

	@Override
	public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
		return Connector.newCall(this.channel, method, options);
	}

	@Override
	public List<String> endpoints() {
		return List.of(this.endpoint.toString());
	}

	@Override
	public int count() {
		return 1;
	}

	@Override
	public ConnectionState state() {
		return Connector.state(this.channel);
	}

	/** Cuts the connection; a call under way ends. Returns at once. */
	@Override
	public void close() {
		this.channel.shutdownNow();
	}

}
