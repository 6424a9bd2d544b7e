/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The etcdctl processes of one cluster that are not closed. Thread-safe.
 */
final class EtcdctlRuns {

	private final Set<EtcdctlProcess> open = ConcurrentHashMap.newKeySet();

	private final ClusterFolder folder;

	private final Supplier<List<String>> connection;

	private final String minorVersion;

	private volatile boolean closed;

	/**
	 * Creates an empty collection.
	 * @param connection the flags by which one that is started reaches the cluster
	 * @param version of the servers, such as {@code 3.4.23}; etcdctl is of its minor
	 * version
	 */
	EtcdctlRuns(ClusterFolder folder, Supplier<List<String>> connection, String version) {
		this.folder = folder;
		this.connection = connection;
		this.minorVersion = version.substring(0, version.lastIndexOf('.'));
	}

	EtcdctlProcess start(EtcdctlCommand command) {
		List<String> line = command.line(EtcdBinaries.etcdctl(this.minorVersion), this.connection.get());
		if (this.closed) {
			throw new IllegalStateException("cluster is closed");
		}
		EtcdctlProcess process = EtcdctlProcess.start(command, line, this.folder, this.open::remove);
		this.open.add(process);
		if (this.closed) {
			// closed meanwhile, perhaps without seeing this one
			process.close();
		}
		return process;
	}

	/**
	 * Kills all that run and starts no more.
	 */
	void close() {
		this.closed = true;
		this.open.forEach(EtcdctlProcess::close);
	}

}
