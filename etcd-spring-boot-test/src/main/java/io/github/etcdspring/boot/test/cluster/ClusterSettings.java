/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a cluster is to be. Immutable.
 *
 * @param members how many, 1 to 7
 * @param version such as {@code 3.5} or {@code 3.5.30}, empty for any
 * @param heartbeatInterval of the leader
 * @param electionTimeout of the followers
 * @param tls of the connections of clients
 * @param serverArguments further flags of every member
 */
record ClusterSettings(int members, String version, Duration heartbeatInterval, Duration electionTimeout,
		TlsSettings tls, List<String> serverArguments) {

	ClusterSettings {
		serverArguments = List.copyOf(serverArguments);
	}

	/**
	 * The version that the environment wants, empty for any.
	 */
	static String defaultVersion() {
		String environment = Objects.requireNonNullElse(System.getenv("ETCD_VERSION"), "");
		return System.getProperty("etcd.version", environment).strip();
	}

	/**
	 * The command that runs one member, the same at every start, without further flags.
	 * @param state of the cluster at the first start, {@code new} or {@code existing}
	 */
	List<String> command(String server, MemberAddress member, List<MemberAddress> all, String token, String state,
			Path data) {
		List<String> command = new ArrayList<>(
				List.of(server, "--name", member.name(), "--data-dir", data.toString(), "--listen-client-urls",
						member.endpoint(), "--advertise-client-urls", member.endpoint(), "--listen-peer-urls",
						member.peerUrl(), "--initial-advertise-peer-urls", member.peerUrl(), "--initial-cluster",
						all.stream().map((each) -> each.name() + "=" + each.peerUrl()).collect(Collectors.joining(",")),
						"--initial-cluster-token", token, "--initial-cluster-state", state, "--heartbeat-interval",
						Long.toString(this.heartbeatInterval.toMillis()), "--election-timeout",
						Long.toString(this.electionTimeout.toMillis())));
		// 3.4 has another logger by default, and may log to journald
		command.addAll(List.of("--logger", "zap", "--log-outputs", "stderr"));
		// the least, for the speed of tests with authentication
		command.addAll(List.of("--bcrypt-cost", "4"));
		return command;
	}

}
