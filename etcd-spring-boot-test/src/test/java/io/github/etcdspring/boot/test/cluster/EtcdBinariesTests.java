/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdBinariesTests {

	@TempDir
	Path folder;

	@Test
	void saysOnceThatEtcdBinIsPassedOver() throws IOException {
		Fakes fakes = Fakes.in(this.folder).withServer("etcd", "3.5.9").withEtcdctl("etcdctl", "3.5.9");
		Path old = Fakes.program(this.folder.resolve("old/etcd"), "echo 'etcd Version: 3.4.9'");
		Path errors = this.folder.resolve("errors");
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-cp", Objects.requireNonNullElse(System.getProperty("surefire.test.class.path"),
						System.getProperty("java.class.path")),
				Finder.class.getName())
			.redirectError(errors.toFile());
		builder.environment().put("PATH", fakes.path());
		builder.environment().put("ETCD_BIN", old.toString());

		Process jvm = builder.start();

		assertThat(jvm.getInputStream()).asString(StandardCharsets.UTF_8)
			.isEqualTo(this.folder.resolve("etcd") + "\n" + this.folder.resolve("etcdctl") + "\n");
		assertThat(Files.readString(errors)).isEqualTo("etcd: passed over: ETCD_BIN=" + old + " is 3.4.9\n");
	}

	/**
	 * Prints what it finds.
	 */
	static final class Finder {

		private Finder() {
		}

		public static void main(String[] arguments) {
			System.out.println(EtcdBinaries.server("3.5"));
			System.out.println(EtcdBinaries.etcdctl("3.5"));
		}

	}

}
