/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Codec;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.DecompressorRegistry;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;

/**
 * Makes the gRPC channels of a client: all with the same credentials and limits.
 */
final class Connector {

	/** The shortest that a server with default settings puts up with is 5 s. */
	private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

	private static final Duration PING_TIMEOUT = Duration.ofSeconds(5);

	/** etcd compresses nothing, so that no call needs to offer it. */
	private static final DecompressorRegistry NO_COMPRESSION = DecompressorRegistry.emptyInstance()
		.with(Codec.Identity.NONE, false);

	static {
		LoadBalancerRegistry.getDefaultRegistry().register(new AnsweringFirstBalancerProvider());
	}

	private final EtcdClientOptions options;

	private final ChannelSecurity security;

	/**
	 * Reads the certificates.
	 * @throws InvalidTlsException if they have become invalid since the options were made
	 */
	Connector(EtcdClientOptions options) {
		this.options = options;
		this.security = ChannelSecurity.of(options);
	}

	/**
	 * Returns a channel over members, following them as they change; it does not connect
	 * before its first call.
	 * @throws InvalidEndpointException if they are unix sockets and no transport for
	 * those is there
	 */
	ManagedChannel connect(EndpointList endpoints) {
		return this.security.secure(EndpointResolverProvider.newChannelBuilder(endpoints, this.security.credentials()))
			.setNameResolverArg(AnsweringFirstBalancerProvider.TICKER, this.options.ticker())
			.defaultLoadBalancingPolicy(AnsweringFirstBalancerProvider.POLICY)
			.disableServiceConfigLookUp()
			.disableRetry()
			.decompressorRegistry(NO_COMPRESSION)
			.keepAliveTime(PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)
			.keepAliveTimeout(PING_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
			.maxInboundMessageSize(this.options.maxInboundMessageSize())
			.directExecutor()
			.build();
	}

	/**
	 * Returns a call that belongs to nobody: gRPC would else tie it to the call that is
	 * served by this thread, whose end would cut what others share, such as a login or a
	 * stream.
	 */
	static <Q, R> ClientCall<Q, R> newCall(ManagedChannel channel, MethodDescriptor<Q, R> method, CallOptions options) {
		Context caller = Context.ROOT.attach();
		try {
			return channel.newCall(method, options);
		}
		finally {
			Context.ROOT.detach(caller);
		}
	}

	/** Returns whether a member is connected; asking does not connect. */
	static ConnectionState state(ManagedChannel channel) {
		ConnectivityState state = channel.getState(false);
		return switch (state) {
			case IDLE -> ConnectionState.IDLE;
			case CONNECTING -> ConnectionState.CONNECTING;
			case READY -> ConnectionState.CONNECTED;
			case TRANSIENT_FAILURE -> ConnectionState.DISCONNECTED;
			case SHUTDOWN -> ConnectionState.CLOSED;
		};
	}

}
