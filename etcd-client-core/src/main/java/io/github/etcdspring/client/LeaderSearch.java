/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.internal.proto.MaintenanceGrpc;
import io.github.etcdspring.internal.proto.MaintenanceProto.StatusRequest;
import io.github.etcdspring.maintenance.MemberStatus;

/**
 * Finds the endpoint of the leader: asks all endpoints at once for their status, so that
 * one that hangs holds up nobody, and takes the first that says it leads. Thread-safe.
 */
final class LeaderSearch {

	private final List<String> endpoints;

	private final CompletableFuture<Endpoint> found = new CompletableFuture<>();

	private final Queue<MemberStatus> followers = new ConcurrentLinkedQueue<>();

	private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final AtomicInteger unanswered;

	private LeaderSearch(List<String> endpoints) {
		this.endpoints = endpoints;
		this.unanswered = new AtomicInteger(endpoints.size());
	}

	/**
	 * Begins a search.
	 * @param calls makes the calls
	 * @return the leader's endpoint; cancelling it cancels the calls
	 */
	static CompletableFuture<Endpoint> begin(Calls calls) {
		LeaderSearch search = new LeaderSearch(calls.channel().endpoints());
		Endpoint.parseAll(search.endpoints).forEach((endpoint) -> search.ask(calls, endpoint));
		return search.found;
	}

	private void ask(Calls calls, Endpoint endpoint) {
		CompletableFuture<MemberStatus> call = calls.at(endpoint)
			.unary(MaintenanceGrpc.getStatusMethod(), StatusRequest.getDefaultInstance(), RetryPolicy.REPEATABLE,
					(answer, sentAtNanos) -> MaintenanceCodec.fromProto(answer));
		this.found.whenComplete((leader, failure) -> call.cancel(true));
		call.whenComplete((status, failure) -> {
			if (failure != null) {
				this.failures.add(failure);
			}
			else if (status.isLeader()) {
				this.found.complete(endpoint);
			}
			else {
				this.followers.add(status);
			}
			if (this.unanswered.decrementAndGet() == 0) {
				// changes nothing if it was found
				this.found.completeExceptionally(notFound());
			}
		});
	}

	private Throwable notFound() {
		Throwable failure = this.failures.peek();
		return (failure != null) ? failure : nobodyLeads();
	}

	private EtcdException nobodyLeads() {
		return this.followers.stream()
			.map(MemberStatus::leader)
			.filter((leader) -> !leader.isNone())
			.findFirst()
			.<EtcdException>map((leader) -> new EtcdRequestException(
					details("the leader " + leader + " is none of " + this.endpoints, StatusCode.FAILED_PRECONDITION),
					null))
			.orElseGet(() -> new EtcdUnavailableException(
					details("no member of " + this.endpoints + " sees a leader", StatusCode.UNAVAILABLE), null));
	}

	private FailureDetails details(String message, StatusCode code) {
		return new FailureDetails("MoveLeader failed: " + message, null, code, Outcome.NOT_APPLIED, true, null,
				this.endpoints.size());
	}

}
