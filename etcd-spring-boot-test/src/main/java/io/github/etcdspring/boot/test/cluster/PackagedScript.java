/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the shell scripts that lie beside this class.
 */
final class PackagedScript {

	private PackagedScript() {
	}

	static String read(String name) {
		try (InputStream stream = PackagedScript.class.getResourceAsStream(name)) {
			if (stream == null) {
				throw new IllegalStateException(
						"script missing beside " + PackagedScript.class.getName() + ": " + name);
			}
			return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot read script " + name, ex);
		}
	}

}
