/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.it.core.ChildJvm;
import io.github.etcdspring.it.core.NoClientLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * What an application says that can not start because of etcd. The password shows in none
 * of it (S7).
 */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureIntegrationTests {

	private static final String CANARY = "S3CR3T-canary";

	private static final String FAILED = "APPLICATION FAILED TO START";

	/** Nobody listens here. */
	private static final String NOBODY = "http://127.0.0.1:1";

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().serverArguments("--bcrypt-cost=4"));

	private String output = "";

	@BeforeAll
	static void enableAuthentication() {
		EtcdCluster cluster = etcd.cluster();
		cluster.etcdctl("user", "add", "root:rootpw");
		cluster.etcdctl("user", "grant-role", "root", "root");
		cluster.etcdctl("user", "add", "stranger:" + CANARY);
		cluster.etcdctl("auth", "enable");
	}

	@BeforeEach
	void forget() {
		this.output = "";
	}

	@AfterEach
	void s7ShowsPasswordNowhere(CapturedOutput output) {
		assertThat(output.toString() + this.output).doesNotContain(CANARY);
	}

	@Test
	void explainsInvalidEndpoint(CapturedOutput output) {
		assertFails(app("ftp://etcd:2379"));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("The etcd endpoint 'ftp://etcd:2379' in 'etcd.endpoints' is not valid: its scheme is 'ftp'.")
			.contains("Set 'etcd.endpoints' to the client addresses of the cluster's members");
	}

	@Test
	void explainsInvalidEndpointWhenItIsImportedFrom(CapturedOutput output) {
		assertFails(app("http://root:" + CANARY + "@etcd:2379").importing("etcd:"));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("The etcd endpoint 'http://***@etcd:2379' in 'etcd.endpoints' is not valid");
	}

	@Test
	void g7ExplainsThatNobodyAnswersInTime(EtcdCluster cluster, CapturedOutput output) {
		Duration unhindered = timeOfFailureThatWaitsForNothing(cluster);
		int said = output.length();
		Duration took = Moments
			.timed(() -> assertFails(app(NOBODY).importing("etcd:").set("etcd.config.startup-timeout", "1s")));

		assertThat(took.minus(unhindered)).isLessThan(Duration.ofSeconds(2));
		assertThat(output.subSequence(said, output.length())).containsOnlyOnce(FAILED)
			.contains("'spring.config.import=etcd:' could not read etcd keys under 'config/application/', "
					+ "'config/failing/', 'config/application,default/', 'config/failing,default/' from [" + NOBODY
					+ "] ('etcd.endpoints'): etcd did not answer within 1000 ms.")
			.contains("Start etcd, or correct 'etcd.endpoints'.")
			.contains("'spring.config.import=optional:etcd:'");
	}

	@Test
	void g7ExplainsThatClusterIsPaused(EtcdCluster cluster, CapturedOutput output) {
		Duration unhindered = timeOfFailureThatWaitsForNothing(cluster);
		int said = output.length();
		cluster.member(0).pause();

		Duration took = Moments.timed(() -> assertFails(
				app(cluster.endpoints().get(0)).importing("etcd:").set("etcd.config.startup-timeout", "1s")));

		assertThat(took.minus(unhindered)).isLessThan(Duration.ofSeconds(2));
		assertThat(output.subSequence(said, output.length())).containsOnlyOnce(FAILED)
			.contains("etcd did not answer within 1000 ms");
	}

	@Test
	void explainsWrongPassword(EtcdCluster cluster, CapturedOutput output) {
		assertFails(app(cluster.endpoints().get(0)).importing("etcd:")
			.set("etcd.username", "root")
			.set("etcd.password", CANARY));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("etcd refused the user 'root' ('etcd.username').")
			.contains("Check 'etcd.username' and 'etcd.password'");
	}

	@Test
	void explainsAtOnceThatUserIsWanted(EtcdCluster cluster, CapturedOutput output) {
		Duration took = Moments.timed(() -> assertFails(app(cluster.endpoints().get(0)).importing("etcd:")));

		// far below the time to start
		assertThat(took).isLessThan(Duration.ofSeconds(5));
		assertThat(output).containsOnlyOnce(FAILED)
			.contains("etcd wants to know the user, and 'etcd.username' is not set.")
			.contains("Set 'etcd.username' and 'etcd.password'");
	}

	@Test
	void explainsMissingPermission(EtcdCluster cluster, CapturedOutput output) {
		assertFails(app(cluster.endpoints().get(0)).importing("etcd:")
			.set("etcd.username", "stranger")
			.set("etcd.password", CANARY));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("the user 'stranger' ('etcd.username') may not read there.")
			.contains("Grant the user a role with READ on the prefix");
	}

	@Test
	void explainsValueThatIsNoDuration(CapturedOutput output) {
		assertFails(app(NOBODY).set("etcd.request-timeout", "soon"));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("Property: etcd.request-timeout")
			.contains("Value: \"soon\"");
	}

	@Test
	void explainsValueThatIsNoDurationWhenImporting(CapturedOutput output) {
		assertFails(app(NOBODY).importing("etcd:").set("etcd.request-timeout", "soon"));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("Property: etcd.request-timeout")
			.contains("Value: \"soon\"");
	}

	@Test
	void explainsHalfOfCredentials(CapturedOutput output) {
		assertFails(app(NOBODY).set("etcd.password", CANARY));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("The credentials for etcd are incomplete: etcd.password is set, but etcd.username is not.")
			.contains("Set 'etcd.username' as well, or leave both out.");
	}

	@Test
	void explainsHalfOfCredentialsWhenImporting(CapturedOutput output) {
		assertFails(app(NOBODY).importing("etcd:").set("etcd.username", "root"));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("The credentials for etcd are incomplete: etcd.username is set, but etcd.password is not.")
			.contains("Set 'etcd.password' as well, or leave both out.");
	}

	@Test
	void explainsImportThatIsNone(CapturedOutput output) {
		assertFails(app(NOBODY).importing("etcd:config?format=yaml"));

		assertThat(output).containsOnlyOnce(FAILED)
			.contains("The import 'etcd:config?format=yaml' in 'spring.config.import' is not valid.");
	}

	@Test
	void p9LeavesNoClientWhenFileOfProfileDoesNotParseAfterTheImport(EtcdCluster cluster, @TempDir Path folder)
			throws IOException {
		Files.writeString(folder.resolve("application-blue.yaml"), "a: [");

		assertFails(app(cluster.endpoints().get(0)).importing("etcd:")
			.set("spring.config.location", folder.toUri().toString())
			.set("spring.profiles.active", "blue")
			.set("etcd.username", "root")
			.set("etcd.password", "rootpw"));

		Moments.soon().until(() -> NoClientLeft.clients().isEmpty());
	}

	@Test
	void endsWithExitCode1WhenNobodyAnswers() {
		assertExits(List.of("--etcd.endpoints=" + NOBODY, "--etcd.config.startup-timeout=1s"),
				"etcd did not answer within 1000 ms");
	}

	@Test
	void endsWithExitCode1WhenPasswordIsWrong(EtcdCluster cluster) {
		assertExits(
				List.of("--etcd.endpoints=" + cluster.endpoints().get(0), "--etcd.username=root",
						"--etcd.password=" + CANARY, "--logging.level.io.github.etcdspring=trace"),
				"etcd refused the user 'root' ('etcd.username').");
	}

	private static App.Builder app(String endpoints) {
		return App.of(endpoints, "failing").set("logging.level.io.github.etcdspring", "trace");
	}

	/** How long a start takes on this machine whose etcd refuses it at once. */
	private static Duration timeOfFailureThatWaitsForNothing(EtcdCluster cluster) {
		return Moments.timed(() -> assertFails(app(cluster.endpoints().get(0)).importing("etcd:")
			.set("etcd.username", "root")
			.set("etcd.password", CANARY)));
	}

	private static void assertFails(App.Builder app) {
		assertThatException().isThrownBy(() -> app.start().close());
	}

	private void assertExits(List<String> arguments, String explanation) {
		List<String> all = new ArrayList<>(arguments);
		all.add("--spring.config.import=etcd:");
		all.add("--spring.main.web-application-type=none");
		try (ChildJvm child = ChildJvm.start(Main.class, all)) {
			assertThat(child.awaitExit(Duration.ofSeconds(60))).isEqualTo(1);
			this.output = child.output();
		}
		assertThat(this.output).containsOnlyOnce(FAILED).contains(explanation);
	}

	/** What a user's main class looks like. */
	static final class Main {

		private Main() {
		}

		public static void main(String[] arguments) {
			SpringApplication.run(App.Base.class, arguments);
		}

	}

}
