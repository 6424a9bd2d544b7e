/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.internal.proto.ClusterGrpc;
import io.github.etcdspring.internal.proto.ClusterProto;
import org.jspecify.annotations.Nullable;

/**
 * One look at the member list: takes what the members advertise as the client's
 * endpoints, if the client can use it. Before it does, it asks each of them for its
 * cluster, on a connection of its own: one that belongs to another cluster is refused,
 * and unless one at least answers, all stays as it was. Advertised addresses are often
 * those of another network, or {@code localhost}, etcd's default.
 */
final class MemberListSync {

	private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(3);

	private final Calls calls;

	private final EndpointList endpoints;

	private final List<Endpoint> before;

	private final CompletableFuture<EndpointSync> result = new CompletableFuture<>();

	private MemberListSync(Calls calls) {
		this.calls = calls;
		this.endpoints = calls.channel().endpointList();
		this.before = this.endpoints.current();
	}

	/**
	 * Begins a look. The future completes on a connection's thread; cancelling it ends
	 * what is under way.
	 * @param calls of all members
	 */
	static CompletableFuture<EndpointSync> start(Calls calls) {
		MemberListSync sync = new MemberListSync(calls);
		sync.then(memberList(calls, true), (list, failure) -> {
			if (failure != null) {
				sync.result.completeExceptionally(failure);
			}
			else {
				sync.take(list.list());
			}
		});
		return sync.result;
	}

	private static CompletableFuture<Listed> memberList(Calls calls, boolean linearizable) {
		ClusterProto.MemberListRequest request = ClusterProto.MemberListRequest.newBuilder()
			.setLinearizable(linearizable)
			.build();
		return calls.unary(ClusterGrpc.getMemberListMethod(), request, RetryPolicy.REPEATABLE,
				(answer, sentAtNanos) -> new Listed(KvCodec.header(answer.getHeader()), answer));
	}

	/** Takes the next step after a call, and ends the call with the whole. */
	private <T> void then(CompletableFuture<T> call, Step<T> step) {
		this.result.whenComplete((sync, failure) -> call.cancel(true));
		call.whenComplete((value, failure) -> {
			if (this.result.isDone()) {
				return;
			}
			try {
				step.take(value, failure);
			}
			catch (Throwable ex) {
				// nobody else ends it
				this.result.completeExceptionally(ex);
			}
		});
	}

	private void take(ClusterProto.MemberListResponse list) {
		AdvertisedEndpoints advertised = AdvertisedEndpoints.of(list, this.endpoints);
		List<Endpoint> usable = advertised.usable();
		if (usable.isEmpty() || new HashSet<>(usable).equals(new HashSet<>(this.before))) {
			List<String> refused = (usable.isEmpty() && advertised.refused().isEmpty())
					? List.of("no voting member advertises a client URL") : advertised.refused();
			end(false, refused);
			return;
		}
		long cluster = list.getHeader().getClusterId();
		List<CompletableFuture<Probe>> probes = usable.stream().map((endpoint) -> probe(endpoint, cluster)).toList();
		then(CompletableFuture.allOf(probes.toArray(CompletableFuture<?>[]::new)),
				(done, failure) -> choose(probes.stream().map(CompletableFuture::join).toList(), advertised.refused()));
	}

	private CompletableFuture<Probe> probe(Endpoint endpoint, long cluster) {
		CompletableFuture<Probe> probe = new CompletableFuture<>();
		then(memberList(this.calls.at(endpoint).withTimeout(PROBE_TIMEOUT), false), (list, failure) -> {
			if (failure instanceof EtcdClosedException) {
				this.result.completeExceptionally(failure);
			}
			else if (failure instanceof EtcdUnavailableException || failure instanceof EtcdTimeoutException) {
				probe.complete(new Probe(endpoint, false, false, "nobody answers there within " + PROBE_TIMEOUT));
			}
			else if (failure != null) {
				probe.complete(new Probe(endpoint, false, true, String.valueOf(failure.getMessage())));
			}
			else if (list.header().clusterId() != cluster) {
				probe.complete(new Probe(endpoint, false, true, "it belongs to another cluster"));
			}
			else {
				probe.complete(new Probe(endpoint, true, false, ""));
			}
		});
		return probe;
	}

	/** One that is silent may be back soon; one that is wrong stays wrong. */
	private void choose(List<Probe> probes, List<String> refusedBefore) {
		boolean reachable = probes.stream().anyMatch(Probe::member);
		List<Endpoint> chosen = new ArrayList<>();
		List<String> refused = new ArrayList<>(refusedBefore);
		for (Probe probe : probes) {
			if (reachable && !probe.wrong()) {
				chosen.add(probe.endpoint());
			}
			else {
				refused.add(probe.endpoint() + ": " + probe.reason());
			}
		}
		boolean other = !new HashSet<>(chosen).equals(new HashSet<>(this.before));
		end(reachable && other && this.endpoints.replace(this.before, chosen), refused);
	}

	private void end(boolean replaced, List<String> refused) {
		this.result.complete(new EndpointSync(this.endpoints.texts(), replaced, refused));
	}

	/** What comes after a call. */
	private interface Step<T> {

		void take(T value, @Nullable Throwable failure);

	}

	/**
	 * What was learnt of an address.
	 *
	 * @param member whether a member of this cluster answered
	 * @param wrong whether somebody else did
	 * @param reason why it is not a member
	 */
	private record Probe(Endpoint endpoint, boolean member, boolean wrong, String reason) {

	}

	/**
	 * A member list as etcd sent it, with the header that every answer is checked for.
	 */
	private record Listed(ResponseHeader header, ClusterProto.MemberListResponse list) implements EtcdResult {

	}

}
