/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code ./quickstart} without {@code ETCD_ENDPOINTS}, as a newcomer starts and ends it.
 */
class QuickstartScriptIntegrationTests {

	/** The jar was packaged a moment ago: the script need not build it again. */
	private static final Path STAMP = Path.of("target/quickstart.built");

	@TempDir
	Path folder;

	@BeforeAll
	static void markJarAsBuilt() throws IOException {
		Files.writeString(STAMP, "");
	}

	@AfterAll
	static void forgetThatJarIsBuilt() throws IOException {
		Files.delete(STAMP);
	}

	@Test
	void servesWhatItPrintsAndLeavesEtcdInOrderWhenInterruptedTwice() throws Exception {
		try (ScriptRun run = start("one", Map.of()); EtcdctlWatch watch = run.watch("services/")) {
			run.awaitAnswer("/api/greeting", "{\"greeting\":\"Hello\"}");

			assertThat(run.runPrintedPut()).isEqualTo("OK\n");
			run.awaitAnswer("/api/greeting", "{\"greeting\":\"Hi\"}");
			watch.await("PUT\nservices/quickstart/" + run.id());
			run.awaitOutput("Leader of role 'report'");

			run.signal("INT");
			run.awaitOutput("Deregistering quickstart/" + run.id());
			run.signal("INT");

			assertThat(run.awaitExit()).isEqualTo(130);
			watch.await("DELETE\nservices/quickstart/" + run.id());
			assertThat(run.output()).containsPattern("No longer leader of role 'report' with token \\d+: RESIGNED")
				.doesNotContain("stream lost");
			run.assertNothingLeft();
		}
	}

	@Test
	void runsOnEtcdOfItsOwnWhenTwoStartAtOnce() throws Exception {
		try (ScriptRun one = start("one", Map.of()); ScriptRun two = start("two", Map.of())) {
			assertThat(one.etcd()).isNotEqualTo(two.etcd());
			for (ScriptRun each : List.of(one, two)) {
				each.awaitAnswer("/api/instances",
						"[{\"id\":\"" + each.id() + "\",\"host\":\"localhost\",\"port\":" + each.port() + "}]");
			}
		}
	}

	@Test
	void keepsSettingsOfOtherEtcdFromItsOwnAndLeavesNothingWhenTerminated() throws Exception {
		try (ScriptRun run = start("one", Map.of("ETCD_NAME", "other", "ETCD_DATA_DIR", "/nowhere"))) {
			assertThat(run.runPrintedPut()).isEqualTo("OK\n");

			run.signal("TERM");

			assertThat(run.awaitExit()).isEqualTo(143);
			run.assertNothingLeft();
		}
	}

	@Test
	void takesOtherPortsWhenOneIsTakenThatAnswersNobody() throws Exception {
		try (Socket bound = new Socket()) {
			bindUnlessTaken(bound, 2379);
			try (ScriptRun run = start("one", Map.of())) {
				assertThat(run.etcd()).isNotEqualTo("http://127.0.0.1:2379");
				assertThat(run.runPrintedPut()).isEqualTo("OK\n");
			}
		}
	}

	private static void bindUnlessTaken(Socket socket, int port) {
		try {
			socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		}
		catch (IOException ex) {
			// somebody else has it
		}
	}

	private ScriptRun start(String name, Map<String, String> environment) throws IOException {
		return ScriptRun.start(Path.of("../.."), Files.createDirectory(this.folder.resolve(name)), environment);
	}

}
