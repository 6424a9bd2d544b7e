/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses free loopback ports below the kernel's ephemeral range (from 32768 on Linux,
 * 49152 elsewhere): a port inside it could be taken by somebody's outgoing connection
 * while its member is down and is to come back on it. Thread-safe.
 */
final class FreePorts {

	private static final int FIRST = 20_000;

	private static final int END = 30_000;

	private static final int ATTEMPTS = 1_000;

	private static final Set<Integer> CHOSEN = ConcurrentHashMap.newKeySet();

	private FreePorts() {
	}

	/**
	 * Returns a port that is free now and was never returned before.
	 * @throws IllegalStateException if no such port is found
	 */
	static int next() {
		for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
			int port = ThreadLocalRandom.current().nextInt(FIRST, END);
			if (CHOSEN.add(port) && isFree(port)) {
				return port;
			}
		}
		throw new IllegalStateException("no free port found between " + FIRST + " and " + END);
	}

	private static boolean isFree(int port) {
		try (ServerSocket socket = new ServerSocket()) {
			socket.bind(MemberAddress.loopback(port));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
