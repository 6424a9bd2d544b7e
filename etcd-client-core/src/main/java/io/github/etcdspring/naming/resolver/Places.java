/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

import io.github.etcdspring.naming.Endpoint;
import io.github.etcdspring.naming.EndpointSnapshot;
import io.grpc.EquivalentAddressGroup;

/**
 * Where the endpoints of a service are, in the order of their ids: some by number, others
 * by name. Immutable.
 */
final class Places {

	private final boolean none;

	private final List<Place> places;

	private Places(boolean none, List<Place> places) {
		this.none = none;
		this.places = List.copyOf(places);
	}

	/** Reads endpoints; those that are at no host and port are left out. */
	static Places of(EndpointSnapshot snapshot, LeftOut leftOut) {
		List<Place> places = new ArrayList<>();
		for (Endpoint endpoint : snapshot.endpoints().values()) {
			String address = endpoint.address();
			HostAndPort.of(address)
				.ifPresentOrElse((place) -> places.add(new Place(place, place.number())),
						() -> leftOut.tell(address, "no address to connect to (expected: host:port)"));
		}
		return new Places(snapshot.endpoints().isEmpty(), places);
	}

	/** Whether the service has no endpoint, not even one that was left out. */
	boolean areNone() {
		return this.none;
	}

	/** Returns the hosts that have to be looked up. */
	Set<String> names() {
		Set<String> names = new LinkedHashSet<>();
		this.places.stream()
			.filter((place) -> place.number().isEmpty())
			.forEach((place) -> names.add(place.place().host()));
		return names;
	}

	/**
	 * Returns a group of addresses for each place that has any; one for several that are
	 * the same.
	 * @param addresses returns those of a host
	 */
	List<EquivalentAddressGroup> groups(Function<String, List<InetAddress>> addresses) {
		Set<EquivalentAddressGroup> groups = new LinkedHashSet<>();
		for (Place each : this.places) {
			HostAndPort place = each.place();
			List<InetAddress> found = each.number().map(List::of).orElseGet(() -> addresses.apply(place.host()));
			if (!found.isEmpty()) {
				groups.add(new EquivalentAddressGroup(found.stream()
					.<SocketAddress>map((address) -> new InetSocketAddress(address, place.port()))
					.toList()));
			}
		}
		return List.copyOf(groups);
	}

	/**
	 * One of them.
	 *
	 * @param place what the entry says
	 * @param number the host, if that is a number
	 */
	private record Place(HostAndPort place, Optional<InetAddress> number) {

	}

}
