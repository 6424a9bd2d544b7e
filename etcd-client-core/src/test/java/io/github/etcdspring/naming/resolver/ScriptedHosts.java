/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hosts that are found, unknown or slow to be found. Thread-safe.
 */
final class ScriptedHosts implements HostLookup {

	private final Map<String, List<String>> known = new ConcurrentHashMap<>();

	private final Map<String, CountDownLatch> slow = new ConcurrentHashMap<>();

	private final AtomicInteger begun = new AtomicInteger();

	/** Lets a host be found from now on. */
	void put(String name, String... addresses) {
		this.known.put(name, List.of(addresses));
	}

	/** Lets a host be unknown from now on. */
	void remove(String name) {
		this.known.remove(name);
	}

	/** Holds those who look up a host until it is released. */
	void hold(String name) {
		this.slow.put(name, new CountDownLatch(1));
	}

	void release(String name) {
		Objects.requireNonNull(this.slow.get(name)).countDown();
	}

	/** Returns how many look-ups have begun. */
	int begun() {
		return this.begun.get();
	}

	@Override
	public List<InetAddress> of(String name) throws UnknownHostException {
		this.begun.incrementAndGet();
		try {
			CountDownLatch latch = this.slow.get(name);
			if (latch != null) {
				latch.await();
			}
		}
		catch (InterruptedException ex) {
			throw new UnknownHostException("interrupted");
		}
		List<String> addresses = this.known.get(name);
		if (addresses == null) {
			throw new UnknownHostException(name);
		}
		List<InetAddress> found = new ArrayList<>();
		for (String address : addresses) {
			found.add(InetAddress.getByName(address));
		}
		return found;
	}

}
