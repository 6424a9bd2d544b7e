/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code ./quickstart} in a tree that has never been built, on the cluster that
 * {@code ETCD_ENDPOINTS} names, with a second instance beside the first.
 */
class QuickstartBuildIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@TempDir
	Path folder;

	@Test
	void buildsWhatIsNeededAndRunsTwoInstancesOnTheClusterOfTheEnvironment(EtcdCluster cluster) throws IOException {
		Path tree = copyOfTheTree();
		Map<String, String> environment = Map.of("ETCD_ENDPOINTS", String.join(",", cluster.endpoints()));
		try (ScriptRun one = ScriptRun.start(tree, Files.createDirectory(this.folder.resolve("one")), environment)) {
			one.awaitAnswer("/api/greeting", "{\"greeting\":\"Hello\"}");
			assertThat(one.output()).contains("Building the sample");
			try (ScriptRun two = ScriptRun.start(tree, Files.createDirectory(this.folder.resolve("two")),
					environment)) {
				for (ScriptRun each : List.of(one, two)) {
					each.awaitAnswer("/api/instances",
							Stream.of(one, two)
								.sorted(Comparator.comparing(ScriptRun::id))
								.map((run) -> "{\"id\":\"" + run.id() + "\",\"host\":\"localhost\",\"port\":"
										+ run.port() + "}")
								.collect(Collectors.joining(",", "[", "]")));
				}
				assertThat(two.output()).doesNotContain("Building the sample");
			}
			cluster.etcdctl("put", "config/quickstart/demo.greeting", "Hi");
			one.awaitAnswer("/api/greeting", "{\"greeting\":\"Hi\"}");
		}
	}

	/** What a clone has: neither what a build makes nor the history. */
	private Path copyOfTheTree() throws IOException {
		Path root = Path.of("../..").toRealPath();
		Path copy = this.folder.resolve("tree");
		Files.walkFileTree(root, new SimpleFileVisitor<>() {

			@Override
			public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
					throws IOException {
				String name = String.valueOf(directory.getFileName());
				if (name.equals("target") || name.equals(".git")) {
					return FileVisitResult.SKIP_SUBTREE;
				}
				Files.createDirectories(copy.resolve(root.relativize(directory)));
				return FileVisitResult.CONTINUE;
			}

			@Override
			public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
				Files.copy(file, copy.resolve(root.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
				return FileVisitResult.CONTINUE;
			}

		});
		return copy;
	}

}
