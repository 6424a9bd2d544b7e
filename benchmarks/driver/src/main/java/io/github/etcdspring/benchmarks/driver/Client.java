/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.driver;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A client that is measured. The first is what the others are compared with.
 */
enum Client {

	/** Raw stubs. */
	STUBS("stubs", "stubs.StubsClient"),

	/** jetcd. */
	JETCD("jetcd", "jetcd.JetcdClient"),

	/** IBM etcd-java. */
	ETCD_JAVA("etcd-java", "etcdjava.EtcdJavaClient"),

	/** Ours. */
	OURS("ours", "ours.OurClient");

	/** What a reader wants to know the versions of. */
	private static final Pattern LIBRARY = Pattern.compile(
			"(grpc-netty(?:-shaded)?|protobuf-java|netty-codec-http2|netty-transport|jetcd-core|etcd-java)-(\\d.*)\\.jar");

	private final String module;

	private final String mainClass;

	Client(String module, String mainClass) {
		this.module = module;
		this.mainClass = "io.github.etcdspring.benchmarks." + mainClass;
	}

	static Client named(String name) {
		return Arrays.stream(values())
			.filter((client) -> client.module.equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"client: '" + name + "' (expected: one of " + Arrays.toString(values()) + ")"));
	}

	String mainClass() {
		return this.mainClass;
	}

	String classPath() {
		return classPath(this.module);
	}

	/** Returns the class path of a module, which its build has written down. */
	static String classPath(String module) {
		Path target = Path.of(System.getProperty("benchmarks.home")).resolve(module).resolve("target");
		try (Stream<Path> files = Files.list(target)) {
			String own = files.map(Path::toString)
				.filter((file) -> file.endsWith("-SNAPSHOT.jar") || file.matches(".*-\\d[\\d.]*\\.jar"))
				.collect(Collectors.joining(File.pathSeparator));
			return own + File.pathSeparator + Files.readString(target.resolve("class-path")).trim();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(module + " is not built", ex);
		}
	}

	/** Returns the libraries it runs on, with their versions. */
	String libraries() {
		List<String> names = Arrays.stream(classPath().split(File.pathSeparator, -1))
			.map((entry) -> LIBRARY.matcher(Path.of(entry).getFileName().toString()))
			.filter(Matcher::matches)
			.map((jar) -> jar.group(1) + " " + jar.group(2))
			.sorted()
			.toList();
		return String.join(", ", names);
	}

	@Override
	public String toString() {
		return this.module;
	}

}
