/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an endpoint is, as an entry says.
 *
 * @param host a name, or a number
 * @param port from 1 to 65535
 */
record HostAndPort(String host, int port) {

	/** The host between brackets, or with one colon after it. */
	private static final Pattern PARTS = Pattern.compile(
			"(\\[(?<ipv6>(?=.{2,64}])[0-9A-Fa-f:][0-9A-Fa-f:.]*(%[0-9A-Za-z.]+)?)]|(?<host>[^:/\\[\\]]{1,253})):(?<port>[0-9]{1,5})");

	private static final Pattern IPV4 = Pattern
		.compile("(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])([.](25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}");

	/** Returns what an address says; empty if it is none. */
	static Optional<HostAndPort> of(String address) {
		Matcher parts = PARTS.matcher(address);
		int port = parts.matches() ? Integer.parseInt(parts.group("port")) : 0;
		if (port < 1 || port > 65535) {
			return Optional.empty();
		}
		String host = (parts.group("ipv6") != null) ? parts.group("ipv6") : parts.group("host");
		return Optional.of(new HostAndPort(host, port));
	}

	/** Returns the host if it is a number, which no name server has to be asked for. */
	Optional<InetAddress> number() {
		if (!this.host.contains(":") && !IPV4.matcher(this.host).matches()) {
			return Optional.empty();
		}
		try {
			return Optional.of(InetAddress.getByName(this.host));
		}
		catch (UnknownHostException ex) {
			return Optional.empty();
		}
	}

}
