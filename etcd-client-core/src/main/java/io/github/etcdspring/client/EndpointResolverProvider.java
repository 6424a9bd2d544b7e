/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannelBuilder;
import io.grpc.ManagedChannelRegistry;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;

/**
 * Makes resolvers for the targets of this client's channels. Stateless: the endpoints
 * come with the channel, as an argument. There is one provider for each kind of address,
 * since gRPC chooses the transport by the kind that a target's resolver produces.
 */
final class EndpointResolverProvider extends NameResolverProvider {

	private static final NameResolver.Args.Key<EndpointList> ENDPOINTS = NameResolver.Args.Key.create("etcd-endpoints");

	private static final String TCP_SCHEME = "etcd-endpoints";

	private static final String UNIX_SCHEME = "etcd-unix-endpoints";

	static {
		NameResolverRegistry registry = NameResolverRegistry.getDefaultRegistry();
		registry.register(new EndpointResolverProvider(TCP_SCHEME));
		registry.register(new EndpointResolverProvider(UNIX_SCHEME));
	}

	private final String scheme;

	private EndpointResolverProvider(String scheme) {
		this.scheme = scheme;
	}

	/**
	 * Begins a channel over endpoints that follows them as they change.
	 * @throws InvalidEndpointException if they are unix sockets and no transport for
	 * those is there
	 */
	static ManagedChannelBuilder<?> newChannelBuilder(EndpointList endpoints, ChannelCredentials credentials) {
		String scheme = endpoints.isUnix() ? UNIX_SCHEME : TCP_SCHEME;
		try {
			return Grpc.newChannelBuilder(scheme + ":///etcd", credentials).setNameResolverArg(ENDPOINTS, endpoints);
		}
		catch (ManagedChannelRegistry.ProviderNotFoundException ex) {
			if (!endpoints.isUnix()) {
				throw ex;
			}
			InvalidEndpointException failure = new InvalidEndpointException(endpoints.texts().get(0),
					"unix sockets need Netty's native transport epoll, which was not found or does not run here; on "
							+ "Linux add io.netty:netty-transport-native-epoll with the classifier of the machine, such "
							+ "as linux-x86_64, or use grpc-netty-shaded, which has it");
			failure.initCause(ex);
			throw failure;
		}
	}

	@Override
	protected boolean isAvailable() {
		return true;
	}

	@Override
	protected int priority() {
		return 5;
	}

	@Override
	public String getDefaultScheme() {
		return this.scheme;
	}

	@Override
	public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
		return this.scheme.equals(UNIX_SCHEME) ? UnixSockets.addressTypes() : Set.of(InetSocketAddress.class);
	}

	@Override
	public NameResolver newNameResolver(URI target, NameResolver.Args args) {
		EndpointList endpoints = Objects.requireNonNull(args.getArg(ENDPOINTS), "endpoints");
		Executor offload = Objects.requireNonNull(args.getOffloadExecutor(), "offloadExecutor");
		return new EndpointResolver(endpoints, new EndpointAddresses(args), args.getSynchronizationContext(), offload);
	}

}
