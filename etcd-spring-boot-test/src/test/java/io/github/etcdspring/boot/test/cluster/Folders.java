/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Looks into the temporary folders of clusters.
 */
final class Folders {

	private Folders() {
	}

	static Path of(EtcdCluster cluster) {
		return Objects.requireNonNull(cluster.member(0).log().getParent());
	}

	static List<String> children(EtcdCluster cluster) {
		try (Stream<Path> children = Files.list(of(cluster))) {
			return children.map((path) -> String.valueOf(path.getFileName())).sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
