/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.etcdspring.naming.Endpoint;
import io.grpc.EquivalentAddressGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up where endpoints are. May block; thread-safe.
 */
final class EndpointAddresses {

	/** The host between brackets, or with one colon after it. */
	private static final Pattern HOST_AND_PORT = Pattern
		.compile("(\\[(?<ipv6>[0-9A-Za-z:.%]{2,64})]|(?<host>[^:/\\[\\]]{1,253})):(?<port>[0-9]{1,5})");

	private static final Logger logger = LoggerFactory.getLogger(EndpointAddresses.class);

	private EndpointAddresses() {
	}

	/**
	 * Returns a group of addresses for each endpoint that can be found; one for several
	 * at the same place.
	 */
	static List<EquivalentAddressGroup> lookUp(Collection<Endpoint> endpoints) {
		Set<EquivalentAddressGroup> groups = new LinkedHashSet<>();
		for (Endpoint endpoint : endpoints) {
			try {
				groups.add(new EquivalentAddressGroup(addresses(endpoint.address())));
			}
			catch (UnknownHostException ex) {
				logger.debug("no address found for an endpoint: {}", ex.getMessage());
			}
		}
		return new ArrayList<>(groups);
	}

	private static List<SocketAddress> addresses(String address) throws UnknownHostException {
		Matcher parts = HOST_AND_PORT.matcher(address);
		int port = parts.matches() ? Integer.parseInt(parts.group("port")) : 0;
		if (port < 1 || port > 65535) {
			throw new UnknownHostException(address + " (expected: host:port)");
		}
		String host = (parts.group("ipv6") != null) ? parts.group("ipv6") : parts.group("host");
		List<SocketAddress> addresses = new ArrayList<>();
		for (InetAddress each : InetAddress.getAllByName(host)) {
			addresses.add(new InetSocketAddress(each, port));
		}
		return addresses;
	}

}
