/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where a member is reached. Immutable.
 *
 * @param name unique in its cluster
 * @param scheme of the client URL, {@code http} or {@code https}
 * @param clientPort of the loopback interface
 * @param peerPort of the loopback interface
 */
record MemberAddress(String name, String scheme, int clientPort, int peerPort) {

	/**
	 * The address of a port of the IPv4 loopback interface, whatever this JVM prefers.
	 */
	static InetSocketAddress loopback(int port) throws UnknownHostException {
		return new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), port);
	}

	String endpoint() {
		return this.scheme + "://127.0.0.1:" + this.clientPort;
	}

	String peerUrl() {
		return "http://127.0.0.1:" + this.peerPort;
	}

}
