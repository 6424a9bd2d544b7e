/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.net.SocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * The endpoints of one client, which may be replaced while it runs by others of the same
 * kind, and what follows from that: the members that are none any more. Listeners are
 * told on the thread that changes something, never under a lock, and look what it is.
 * Thread-safe.
 */
final class EndpointList {

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private final AtomicReference<List<Endpoint>> current;

	private volatile Set<SocketAddress> left = Set.of();

	EndpointList(List<Endpoint> endpoints) {
		this.current = new AtomicReference<>(List.copyOf(endpoints));
	}

	/** Returns the endpoints now; another list, not only an equal one, once replaced. */
	List<Endpoint> current() {
		return this.current.get();
	}

	List<String> texts() {
		return current().stream().map(Endpoint::toString).toList();
	}

	int size() {
		return current().size();
	}

	boolean isTls() {
		return current().get(0).tls();
	}

	boolean isUnix() {
		return current().get(0).isUnix();
	}

	/**
	 * Reads endpoints that may take the place of these.
	 * @throws InvalidEndpointException if one is invalid or of another kind
	 */
	List<Endpoint> parse(List<String> texts) {
		List<Endpoint> endpoints = Endpoint.parseAll(texts);
		String misfit = misfit(endpoints.get(0));
		if (misfit != null) {
			throw new InvalidEndpointException(texts.get(0), misfit);
		}
		return endpoints;
	}

	/**
	 * Returns why an endpoint cannot be one of this client, or {@code null} if it can.
	 */
	@Nullable String misfit(Endpoint endpoint) {
		if (endpoint.tls() != isTls()) {
			return isTls() ? "it is plaintext, and the client was made for TLS"
					: "it is TLS, and the client was made for plaintext";
		}
		if (endpoint.isUnix() != isUnix()) {
			return isUnix() ? "it is TCP, and the client was made for unix sockets"
					: "it is a unix socket, and the client was made for TCP";
		}
		return null;
	}

	/** Takes the place of all endpoints at once. */
	void replace(List<Endpoint> endpoints) {
		this.current.set(List.copyOf(endpoints));
		tellListeners();
	}

	/** Does so unless another list came in the meantime; returns whether it did. */
	boolean replace(List<Endpoint> expected, List<Endpoint> endpoints) {
		boolean replaced = this.current.compareAndSet(expected, List.copyOf(endpoints));
		if (replaced) {
			tellListeners();
		}
		return replaced;
	}

	/** Takes the word that addresses belong to no endpoint any more. */
	void left(Set<SocketAddress> addresses) {
		this.left = Set.copyOf(addresses);
		tellListeners();
	}

	/** Whether an address belonged to an endpoint before the last replacement only. */
	boolean hasLeft(@Nullable SocketAddress address) {
		return address != null && this.left.contains(address);
	}

	private void tellListeners() {
		this.listeners.forEach(Runnable::run);
	}

	void addListener(Runnable listener) {
		this.listeners.add(listener);
	}

	void removeListener(Runnable listener) {
		this.listeners.remove(listener);
	}

}
