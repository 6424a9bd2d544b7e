/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.leader.LeaderElections;
import io.github.etcdspring.election.Candidate;
import io.github.etcdspring.election.Leadership;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.stereotype.Component;

/**
 * What this instance knows at a moment: all of it from memory.
 */
@Component
class QuickstartView {

	private final Greeting greeting;

	private final DiscoveryClient discovery;

	private final LeaderElections elections;

	private final ReportRuns runs;

	private final String service;

	QuickstartView(Greeting greeting, DiscoveryClient discovery, LeaderElections elections, ReportRuns runs,
			@Value("${spring.application.name}") String service) {
		this.greeting = greeting;
		this.discovery = discovery;
		this.elections = elections;
		this.runs = runs;
		this.service = service;
	}

	String greeting() {
		return this.greeting.text();
	}

	List<Instance> instances() {
		return this.discovery.getInstances(this.service)
			.stream()
			.map(Instance::of)
			.sorted(Comparator.comparing(Instance::id))
			.toList();
	}

	LeaderState leader() {
		Optional<Leadership> own = this.elections.leadership(ReportJob.ROLE);
		Optional<Candidate> leader = this.elections.leader(ReportJob.ROLE);
		long token = own.map(Leadership::fencingToken).or(() -> leader.map(Candidate::token)).orElse(0L);
		return new LeaderState(ReportJob.ROLE, leader.map(Candidate::value).map(ByteSequence::toUtf8).orElse(""),
				own.isPresent(), token, this.runs.count());
	}

	Everything everything() {
		return new Everything(greeting(), instances(), leader(), this.runs.disconnectedFor().isEmpty());
	}

	/**
	 * An instance of this application.
	 */
	record Instance(String id, String host, int port) {

		static Instance of(ServiceInstance instance) {
			return new Instance(String.valueOf(instance.getInstanceId()), instance.getHost(), instance.getPort());
		}

	}

	/**
	 * The election.
	 *
	 * @param leader whether this instance leads
	 */
	record LeaderState(String role, String leaderId, boolean leader, long fencingToken, long runs) {

	}

	/**
	 * What the page shows.
	 *
	 * @param connected whether etcd is heard of
	 */
	record Everything(String greeting, List<Instance> instances, LeaderState leader, boolean connected) {

	}

}
