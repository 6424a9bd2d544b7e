/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Programs that stand in a folder of the PATH for those of the machine.
 */
final class Fakes {

	private final Path folder;

	private Fakes(Path folder) {
		this.folder = folder;
	}

	/** Creates the folder with an apt-get and a curl that reach nobody. */
	static Fakes in(Path folder) {
		return new Fakes(folder).with("apt-get", "exit 1").with("curl", "exit 1");
	}

	Fakes with(String name, String script) {
		program(this.folder.resolve(name), script);
		return this;
	}

	Fakes withServer(String name, String version) {
		return with(name, "echo 'etcd Version: " + version + "'");
	}

	Fakes withEtcdctl(String name, String version) {
		return with(name, "echo 'etcdctl version: " + version + "'");
	}

	/** Returns a PATH that has them first, then what every system has. */
	String path() {
		return this.folder + ":/usr/bin:/bin";
	}

	static Path program(Path file, String script) {
		try {
			Files.createDirectories(file.toAbsolutePath().getParent());
			Files.writeString(file, "#!/bin/sh\n" + script + "\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		if (!file.toFile().setExecutable(true)) {
			throw new IllegalStateException("not executable: " + file);
		}
		return file;
	}

}
