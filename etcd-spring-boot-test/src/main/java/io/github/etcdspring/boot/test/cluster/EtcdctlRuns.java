/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs etcdctl against one cluster; closes what the user has not closed. Thread-safe.
 */
final class EtcdctlRuns {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Set<EtcdctlProcess> open = ConcurrentHashMap.newKeySet();

	private final MemberGroup group;

	private final String minorVersion;

	// written once, when authentication is enabled
	private volatile List<String> user = List.of();

	private volatile boolean closed;

	/**
	 * Creates an empty collection.
	 * @param group the members, which serve; etcdctl is of their minor version
	 */
	EtcdctlRuns(MemberGroup group) {
		this.group = group;
		this.minorVersion = group.version().substring(0, group.version().lastIndexOf('.'));
	}

	/**
	 * Enables authentication, with the user whom all further ones are run as.
	 */
	void enableAuth(String rootPassword) {
		String credentials = "root:" + rootPassword;
		run(List.of("user", "add", credentials));
		run(List.of("user", "grant-role", "root", "root"));
		run(List.of("auth", "enable"));
		this.user = List.of("--user=" + credentials);
	}

	/**
	 * Runs one to its successful end and returns its output.
	 */
	String run(List<String> arguments) {
		try (EtcdctlProcess process = start(new EtcdctlCommand(arguments))) {
			return process.awaitSuccess(TIMEOUT);
		}
	}

	EtcdctlProcess start(EtcdctlCommand command) {
		List<String> line = command.line(EtcdBinaries.etcdctl(this.minorVersion), connection());
		if (this.closed) {
			throw new IllegalStateException("cluster is closed");
		}
		EtcdctlProcess process = EtcdctlProcess.start(command, line, this.group.folder(), this.open::remove);
		this.open.add(process);
		if (this.closed) {
			// closed meanwhile, perhaps without seeing this one
			process.close();
		}
		return process;
	}

	private List<String> connection() {
		// not to learners, which refuse most calls
		Stream<String> endpoints = this.group.membership().voters().stream().map(EtcdMember::endpoint);
		List<String> flags = new ArrayList<>(List.of("--endpoints=" + endpoints.collect(Collectors.joining(","))));
		flags.addAll(this.group.tls().etcdctlFlags());
		flags.addAll(this.user);
		return flags;
	}

	/**
	 * Kills all that run and starts no more.
	 */
	void close() {
		this.closed = true;
		this.open.forEach(EtcdctlProcess::close);
	}

}
