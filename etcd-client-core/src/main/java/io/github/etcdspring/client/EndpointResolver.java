/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the channel where the members are: one group of addresses for each endpoint, with
 * the endpoint's own authority, so that certificates are checked against the host that
 * was configured. Host names are looked up off the event loop, again whenever the channel
 * asks; one that cannot be looked up is left out while others can.
 */
final class EndpointResolver extends NameResolver {

	private static final Logger logger = LoggerFactory.getLogger(EndpointResolver.class);

	private final List<Endpoint> endpoints;

	private final SynchronizationContext context;

	private final Executor lookupExecutor;

	// the fields below: only from context

	private @Nullable Listener2 listener;

	private boolean lookingUp;

	private boolean shutdown;

	EndpointResolver(List<Endpoint> endpoints, SynchronizationContext context, Executor lookupExecutor) {
		this.endpoints = endpoints;
		this.context = context;
		this.lookupExecutor = lookupExecutor;
	}

	@Override
	public String getServiceAuthority() {
		return this.endpoints.get(0).authority();
	}

	@Override
	public void start(Listener2 listener) {
		this.listener = listener;
		lookUp();
	}

	@Override
	public void refresh() {
		lookUp();
	}

	@Override
	public void shutdown() {
		this.shutdown = true;
	}

	private void lookUp() {
		Listener2 listener = this.listener;
		if (listener == null || this.lookingUp || this.shutdown) {
			return;
		}
		this.lookingUp = true;
		this.lookupExecutor.execute(() -> {
			ResolutionResult result = result();
			this.context.execute(() -> {
				this.lookingUp = false;
				if (!this.shutdown) {
					listener.onResult2(result);
				}
			});
		});
	}

	private ResolutionResult result() {
		List<EquivalentAddressGroup> groups = new ArrayList<>();
		List<String> unknown = new ArrayList<>();
		for (Endpoint endpoint : this.endpoints) {
			try {
				groups.add(group(endpoint));
			}
			catch (UnknownHostException ex) {
				unknown.add(endpoint.host());
			}
		}
		if (!unknown.isEmpty()) {
			logger.debug("no address found for {}", unknown);
		}
		StatusOr<List<EquivalentAddressGroup>> addresses = groups.isEmpty()
				? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription("no address found for " + unknown))
				: StatusOr.fromValue(groups);
		return ResolutionResult.newBuilder().setAddressesOrError(addresses).build();
	}

	private static EquivalentAddressGroup group(Endpoint endpoint) throws UnknownHostException {
		List<SocketAddress> addresses = new ArrayList<>();
		for (InetAddress address : InetAddress.getAllByName(endpoint.host())) {
			addresses.add(new InetSocketAddress(address, endpoint.port()));
		}
		return new EquivalentAddressGroup(addresses,
				Attributes.newBuilder()
					.set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.authority())
					.build());
	}

}
