/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.SocketAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;

import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;

/**
 * Makes resolvers for the targets of this client's channels. Stateless: the endpoints
 * come with the channel, as an argument.
 */
final class EndpointResolverProvider extends NameResolverProvider {

	static final String SCHEME = "etcd-endpoints";

	static final NameResolver.Args.Key<List<Endpoint>> ENDPOINTS = NameResolver.Args.Key.create("etcd-endpoints");

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
		return SCHEME;
	}

	@Override
	public Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
		return Set.of(InetSocketAddress.class);
	}

	@Override
	public NameResolver newNameResolver(URI target, NameResolver.Args args) {
		List<Endpoint> endpoints = Objects.requireNonNull(args.getArg(ENDPOINTS), "endpoints");
		Executor offload = Objects.requireNonNull(args.getOffloadExecutor(), "offloadExecutor");
		return new EndpointResolver(endpoints, args.getSynchronizationContext(), offload);
	}

}
