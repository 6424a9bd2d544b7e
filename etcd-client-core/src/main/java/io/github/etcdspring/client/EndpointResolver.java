/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.SocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells the channel where the members are: one group of addresses for each endpoint, with
 * the endpoint's own authority, so that certificates are checked against the host that
 * was configured. Host names are looked up off the event loop, again whenever the channel
 * asks and at once when the endpoints are replaced; one that cannot be looked up is left
 * out while others can.
 */
final class EndpointResolver extends NameResolver {

	private final EndpointList endpoints;

	private final EndpointAddresses lookup;

	private final SynchronizationContext context;

	private final Executor lookupExecutor;

	private final Runnable endpointsChanged = this::endpointsChanged;

	// the fields below: only from context

	private @Nullable Listener2 listener;

	/** The list that is being looked up; the answer to any other comes too late. */
	private @Nullable List<Endpoint> lookingUp;

	/** The list that was last found, and where. */
	private @Nullable List<Endpoint> found;

	private Set<SocketAddress> addresses = Set.of();

	private boolean shutdown;

	EndpointResolver(EndpointList endpoints, EndpointAddresses lookup, SynchronizationContext context,
			Executor lookupExecutor) {
		this.endpoints = endpoints;
		this.lookup = lookup;
		this.context = context;
		this.lookupExecutor = lookupExecutor;
	}

	@Override
	public String getServiceAuthority() {
		return this.endpoints.current().get(0).authority();
	}

	@Override
	public void start(Listener2 listener) {
		this.listener = listener;
		this.endpoints.addListener(this.endpointsChanged);
		lookUp();
	}

	@Override
	public void refresh() {
		lookUp();
	}

	@Override
	public void shutdown() {
		this.shutdown = true;
		this.endpoints.removeListener(this.endpointsChanged);
	}

	private void endpointsChanged() {
		this.context.execute(() -> {
			if (this.found != this.endpoints.current()) {
				lookUp();
			}
		});
	}

	private void lookUp() {
		List<Endpoint> wanted = this.endpoints.current();
		if (this.listener == null || this.lookingUp == wanted || this.shutdown) {
			return;
		}
		this.lookingUp = wanted;
		this.lookupExecutor.execute(() -> {
			StatusOr<List<EquivalentAddressGroup>> result = this.lookup.lookUp(wanted);
			this.context.execute(() -> take(wanted, result));
		});
	}

	private void take(List<Endpoint> endpoints, StatusOr<List<EquivalentAddressGroup>> result) {
		Listener2 listener = this.listener;
		if (listener == null || this.lookingUp != endpoints || this.shutdown) {
			return;
		}
		this.lookingUp = null;
		listener.onResult2(ResolutionResult.newBuilder().setAddressesOrError(result).build());
		if (result.hasValue()) {
			remember(endpoints, EndpointAddresses.of(result.getValue()));
		}
	}

	/** Names move about by themselves; only who is no endpoint any more has left. */
	private void remember(List<Endpoint> endpoints, Set<SocketAddress> addresses) {
		Set<SocketAddress> left = new HashSet<>(this.addresses);
		left.removeAll(addresses);
		boolean replaced = this.found != null && this.found != endpoints;
		this.found = endpoints;
		this.addresses = addresses;
		if (replaced) {
			this.endpoints.left(left);
		}
	}

}
