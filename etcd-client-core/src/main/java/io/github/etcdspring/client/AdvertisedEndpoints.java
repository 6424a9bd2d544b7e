/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.etcdspring.internal.proto.ClusterProto;
import org.jspecify.annotations.Nullable;

/**
 * What the members of a cluster say their client URLs are: those that a client can take,
 * and why it cannot take the others. Members that have not started have none yet, and
 * learners refuse most calls, so both are left out.
 *
 * @param usable without duplicates, in the order of the member list
 * @param refused each with the reason
 */
record AdvertisedEndpoints(List<Endpoint> usable, List<String> refused) {

	/**
	 * Reads a member list for a client.
	 * @param present the client's endpoints, whose kind all must be of
	 */
	static AdvertisedEndpoints of(ClusterProto.MemberListResponse list, EndpointList present) {
		Set<Endpoint> usable = new LinkedHashSet<>();
		List<String> refused = new ArrayList<>();
		for (ClusterProto.Member member : list.getMembersList()) {
			if (member.getName().isEmpty() || member.getIsLearner()) {
				continue;
			}
			for (String url : member.getClientURLsList()) {
				take(url, present, usable, refused);
			}
		}
		return new AdvertisedEndpoints(List.copyOf(usable), refused);
	}

	private static void take(String url, EndpointList present, Set<Endpoint> usable, List<String> refused) {
		try {
			Endpoint endpoint = Endpoint.parse(url);
			String reason = unfit(endpoint, present);
			if (reason == null) {
				usable.add(endpoint);
			}
			else {
				refused.add(url + ": " + reason);
			}
		}
		catch (InvalidEndpointException ex) {
			refused.add(ex.endpoint() + ": " + ex.reason());
		}
	}

	private static @Nullable String unfit(Endpoint endpoint, EndpointList present) {
		if (endpoint instanceof TcpEndpoint tcp && tcp.isUnspecified()) {
			return "it stands for any address";
		}
		return present.misfit(endpoint);
	}

}
