/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdMember;

/**
 * A snapshot of a cluster of one member, as an operator takes it and puts the cluster
 * back to it: with etcdctl, which gives the cluster another id.
 */
final class ClusterBackup {

	private final EtcdCluster cluster;

	private final Path file;

	private ClusterBackup(EtcdCluster cluster, Path file) {
		this.cluster = cluster;
		this.file = file;
	}

	static ClusterBackup of(EtcdCluster cluster) {
		Path file = cluster.member(0).log().resolveSibling("backup.db");
		cluster.etcdctl("snapshot", "save", file.toString());
		return new ClusterBackup(cluster, file);
	}

	/** Returns when the cluster serves again, as it was at the backup. */
	void restore() {
		EtcdMember member = this.cluster.member(0);
		Path data = member.log().resolveSibling(member.name() + ".data");
		member.kill();
		delete(data);
		this.cluster.etcdctl("snapshot", "restore", this.file.toString(), "--data-dir", data.toString());
		member.restart();
	}

	private static void delete(Path folder) {
		try (Stream<Path> files = Files.walk(folder)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
