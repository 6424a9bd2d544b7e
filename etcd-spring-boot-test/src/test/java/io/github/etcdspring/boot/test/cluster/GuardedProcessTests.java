/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class GuardedProcessTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@TempDir
	Path folder;

	@Test
	void keepsOutputApartAndReportsExitCodeWhenProgramEnds() throws IOException {
		GuardedProcess process = start("echo out; echo err >&2; exit 7");

		assertThat(process.awaitExit(SOON)).isTrue();
		assertThat(process.exitCode()).isEqualTo(7);
		assertThat(this.folder.resolve("out")).hasContent("out");
		assertThat(this.folder.resolve("err")).hasContent("err");
	}

	@Test
	void givesNoSettingsOfEtcdToProgram() throws IOException {
		GuardedProcess process = start("env | grep ^ETCDCTL_");

		assertThat(process.awaitExit(SOON)).isTrue();
		assertThat(Files.readString(this.folder.resolve("out"))).isEqualTo("ETCDCTL_API=3\n");
	}

	@Test
	void leavesNoZombieWhenProgramDiesByItself() {
		GuardedProcess process = start("kill -9 $$");

		assertThat(process.awaitExit(SOON)).isTrue();
		assertThat(process.exitCode()).isEqualTo(128 + 9);
		assertThat(ProcessHandle.of(process.pid())).isEmpty();
	}

	@Test
	void killsProgramWhenItIsStopped() {
		GuardedProcess process = start("exec sleep 100");
		GuardedProcess.signal("STOP", List.of(process));
		assertThat(process.isAlive()).isTrue();

		process.kill();

		assertThat(process.isAlive()).isFalse();
		assertThat(process.exitCode()).isEqualTo(128 + 9);
		assertThat(ProcessHandle.of(process.pid())).isEmpty();
	}

	@Test
	void interruptsProgramThatHandlesNoSignal() {
		// sleep would ignore the signal if whatever started this build does
		GuardedProcess process = start("exec perl -e '$SIG{INT} = \"DEFAULT\"; $| = 1; print 1; sleep 100'");
		Path output = this.folder.resolve("out");
		await().atMost(SOON).until(() -> Files.exists(output) && Files.size(output) > 0);

		GuardedProcess.signal("INT", List.of(process));

		assertThat(process.awaitExit(SOON)).isTrue();
		assertThat(process.exitCode()).isEqualTo(128 + 2);
	}

	@Test
	void killsAndKeepsFlagWhenThreadIsInterrupted() {
		GuardedProcess process = start("exec sleep 100");
		Thread.currentThread().interrupt();

		process.kill();

		assertThat(Thread.interrupted()).isTrue();
		assertThat(process.isAlive()).isFalse();
	}

	private GuardedProcess start(String script) {
		return GuardedProcess.start(List.of("bash", "-c", script), this.folder.resolve("out"),
				this.folder.resolve("err"));
	}

}
