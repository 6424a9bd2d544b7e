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
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up where endpoints are: one group of addresses for each, with the endpoint's own
 * authority. May block; thread-safe.
 */
final class EndpointAddresses {

	private static final Logger logger = LoggerFactory.getLogger(EndpointAddresses.class);

	private final NameResolver.Args args;

	EndpointAddresses(NameResolver.Args args) {
		this.args = args;
	}

	/** Returns the groups of those that are known, or an error if none is. */
	StatusOr<List<EquivalentAddressGroup>> lookUp(List<Endpoint> endpoints) {
		List<EquivalentAddressGroup> groups = new ArrayList<>();
		List<String> unknown = new ArrayList<>();
		for (Endpoint endpoint : endpoints) {
			try {
				groups.add(group(endpoint));
			}
			catch (UnknownHostException ex) {
				unknown.add((endpoint instanceof TcpEndpoint tcp) ? tcp.host() : endpoint.toString());
			}
		}
		if (!unknown.isEmpty()) {
			logger.debug("no address found for {}", unknown);
		}
		return groups.isEmpty()
				? StatusOr.fromStatus(Status.UNAVAILABLE.withDescription("no address found for " + unknown))
				: StatusOr.fromValue(groups);
	}

	private EquivalentAddressGroup group(Endpoint endpoint) throws UnknownHostException {
		return new EquivalentAddressGroup(addresses(endpoint),
				Attributes.newBuilder()
					.set(EquivalentAddressGroup.ATTR_AUTHORITY_OVERRIDE, endpoint.authority())
					.build());
	}

	private List<SocketAddress> addresses(Endpoint endpoint) throws UnknownHostException {
		if (endpoint instanceof UnixEndpoint unix) {
			return UnixSockets.addresses(unix, this.args);
		}
		TcpEndpoint tcp = (TcpEndpoint) endpoint;
		List<SocketAddress> addresses = new ArrayList<>();
		for (InetAddress address : InetAddress.getAllByName(tcp.host())) {
			addresses.add(new InetSocketAddress(address, tcp.port()));
		}
		return addresses;
	}

	/** Returns all addresses of groups. */
	static Set<SocketAddress> of(List<EquivalentAddressGroup> groups) {
		Set<SocketAddress> addresses = new HashSet<>();
		groups.forEach((group) -> addresses.addAll(group.getAddresses()));
		return addresses;
	}

}
