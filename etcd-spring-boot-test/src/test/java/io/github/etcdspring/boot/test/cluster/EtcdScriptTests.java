/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What {@code scripts/etcd} makes of a machine.
 */
class EtcdScriptTests {

	private static final Path SCRIPT = Path.of("../scripts/etcd");

	@TempDir
	Path folder;

	private final Map<String, String> environment = new HashMap<>();

	private Fakes fakes;

	private Path cache;

	@BeforeEach
	void makeMachine() {
		this.fakes = Fakes.in(this.folder.resolve("bin")).with("uname", "[ \"$1\" = -m ] && echo x86_64 || echo Linux");
		this.cache = this.folder.resolve("cache");
		this.environment.put("PATH", this.fakes.path());
		this.environment.put("ETCD_SPRING_CACHE", this.cache.toString());
	}

	@Test
	void printsPlaceOnPathWhenNamesAreBare() {
		this.fakes.withServer("our-etcd", "3.5.9").withEtcdctl("our-etcdctl", "3.5.8");
		this.environment.put("ETCD_BIN", "our-etcd");
		this.environment.put("ETCDCTL_BIN", "our-etcdctl");

		assertThat(run("3.5")).isEqualTo(found("bin/our-etcd"));
		assertThat(run("--etcdctl", "3.5")).isEqualTo(found("bin/our-etcdctl"));
	}

	@Test
	void saysSoWhenBareNameIsNoProgram() {
		this.environment.put("ETCD_BIN", "no-etcd");

		Result result = run("3.5");

		assertThat(result.exitCode()).isEqualTo(1);
		assertThat(result.output()).isEmpty();
		assertThat(result.errors()).startsWith("etcd: passed over: ETCD_BIN=no-etcd does not run\n");
	}

	@Test
	void takesNoEtcdctlOfOtherVersion() {
		this.fakes.withServer("etcd", "3.5.9").withEtcdctl("etcdctl", "3.4.9").withEtcdctl("other", "3.4.9");
		this.environment.put("ETCDCTL_BIN", "other");

		Result result = run("--etcdctl");

		assertThat(result.exitCode()).isEqualTo(1);
		assertThat(result.errors()).contains("etcd on the PATH has no etcdctl of its version");
	}

	@Test
	void takesCachedVersionWhenCacheCannotBeWritten() {
		Fakes.program(this.cache.resolve("etcd/3.5.9-linux-amd64/etcd"), "echo 'etcd Version: 3.5.9'");
		this.fakes.with("mkdir", "exit 1");

		assertThat(run("3.5")).isEqualTo(found("cache/etcd/3.5.9-linux-amd64/etcd"));
	}

	@Test
	void saysSoOnceWhenCacheCannotBeWritten() {
		this.fakes.with("mkdir", "exit 1");

		assertThat(run("3.5").errors()).containsOnlyOnce(
				"cannot write to the cache " + this.cache + "/etcd (set ETCD_SPRING_CACHE). Install etcd 3.5");
	}

	@Test
	void saysSoWhenArchiveCannotBeUnpacked() {
		downloadWhateverTheSum();
		this.fakes.with("tar", "echo 'tar: no space left' >&2; exit 2");

		Result result = run("3.5");

		assertThat(result.exitCode()).isEqualTo(1);
		assertThat(result.errors()).contains("tar: no space left\n")
			.containsPattern("release archive 3\\.5\\.\\d+ cannot be unpacked in " + this.cache + "/etcd;");
	}

	@Test
	void saysSoOnceWhenUnpackedProgramDoesNotRun() {
		downloadWhateverTheSum();
		this.fakes.with("tar", "exit 0");
		Fakes.program(this.cache.resolve("etcd/3.5.9-linux-amd64/etcd"), "exit 126");

		assertThat(run("3.5").errors())
			.containsPattern("what release archive 3\\.5\\.\\d+ holds does not run in " + this.cache + "/etcd;")
			.containsOnlyOnce("3.5.9-linux-amd64 does not run");
	}

	/** The archive is what curl writes; its sum is the one of the first row. */
	private void downloadWhateverTheSum() {
		this.fakes.with("curl", "while [ \"$1\" != -o ]; do shift; done; echo archive >\"$2\"")
			.with("sha256sum", "sed -n 's/^3[.]5[.][0-9]* linux-amd64 //p' " + SCRIPT.toAbsolutePath());
	}

	private Result found(String path) {
		return new Result(0, this.folder.resolve(path) + "\n", "");
	}

	private Result run(String... arguments) {
		List<String> command = new ArrayList<>(List.of("bash", SCRIPT.toString()));
		command.addAll(List.of(arguments));
		Path errors = this.folder.resolve("errors");
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
		builder.environment().clear();
		builder.environment().putAll(this.environment);
		try {
			Process process = builder.start();
			String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return new Result(process.onExit().join().exitValue(), output, Files.readString(errors));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	private record Result(int exitCode, String output, String errors) {
	}

}
