/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.CertificateAuthority;
import io.github.etcdspring.boot.test.cluster.CertificateFiles;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EndpointSync;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.TlsOptions;
import io.github.etcdspring.client.TlsProtocol;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server that speaks TLS, and what becomes of clients that trust it, or must not (S1).
 * etcd reads its certificate for each connection, so a test can give it another.
 */
class TlsIntegrationTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(2);

	private static final AtomicReference<CertificateFiles> SERVER = new AtomicReference<>();

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().tls().serverCertificate(TlsIntegrationTests::issue));

	@TempDir
	private Path folder;

	private final KeySpace keys = KeySpace.unique();

	private static CertificateFiles issue(CertificateAuthority authority) {
		CertificateFiles files = authority.server("localhost", "127.0.0.1");
		SERVER.set(files);
		return files;
	}

	private static CertificateAuthority authority() {
		return etcd.cluster().certificateAuthority();
	}

	private static void present(CertificateFiles certificate) throws IOException {
		Material.replace(Objects.requireNonNull(SERVER.get()), certificate);
	}

	@AfterEach
	void presentWhatIsRight() throws IOException {
		present(authority().server("localhost", "127.0.0.1"));
	}

	private TlsOptions.Builder trusting() {
		return TlsOptions.builder().trustCertificates(authority().certificate());
	}

	private static EtcdClient connect(TlsOptions tls) {
		return EtcdClients.connect(etcd.cluster().endpoints(), (options) -> options.tls(tls).requestTimeout(TIMEOUT));
	}

	private void assertServes(EtcdClient client) {
		client.kv().put(this.keys.name("k"), "v");
		assertThat(client.kv().get(this.keys.name("k")).first().orElseThrow().value().toUtf8()).isEqualTo("v");
	}

	@Test
	void takesAnAdvertisedAddressOnlyWhenTheCertificateIsForIt() throws IOException {
		String advertised = etcd.cluster().endpoints().get(0);
		String byName = advertised.replace("127.0.0.1", "localhost");
		present(authority().server("localhost"));
		try (EtcdClient client = EtcdClients.connect(List.of(byName), (options) -> options.tls(trusting().build()))) {
			EndpointSync refused = client.syncEndpoints();
			present(authority().server("localhost", "127.0.0.1"));
			EndpointSync taken = client.syncEndpoints();

			assertThat(refused.endpoints()).containsExactly(byName);
			assertThat(refused.refused()).singleElement().asString().startsWith(advertised + ": ");
			assertThat(taken.endpoints()).containsExactly(advertised);
			assertServes(client);
		}
	}

	/** Calls all at once, and returns each failure. */
	private List<EtcdException> failures(List<String> endpoints,
			List<UnaryOperator<EtcdClientOptions.Builder>> settings) {
		List<EtcdClient> clients = new ArrayList<>();
		List<CompletableFuture<?>> calls = new ArrayList<>();
		for (UnaryOperator<EtcdClientOptions.Builder> setting : settings) {
			EtcdClient client = EtcdClients.connect(endpoints,
					(options) -> setting.apply(options).requestTimeout(TIMEOUT));
			clients.add(client);
			calls.add(client.kv().putAsync(this.keys.name("refused"), "v"));
		}
		try {
			return calls.stream().map(TlsIntegrationTests::failure).toList();
		}
		finally {
			clients.forEach(EtcdClient::close);
		}
	}

	private static EtcdException failure(CompletableFuture<?> call) {
		try {
			throw new AssertionError("served: " + call.join());
		}
		catch (CompletionException ex) {
			return (EtcdException) Objects.requireNonNull(ex.getCause());
		}
	}

	private void assertRefused(List<UnaryOperator<EtcdClientOptions.Builder>> settings, String reason) {
		assertThat(failures(etcd.cluster().endpoints(), settings)).hasSameSizeAs(settings).allSatisfy((ex) -> {
			assertThat(ex).isInstanceOf(EtcdUnavailableException.class);
			assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			assertThat(ex).hasMessageContaining("no member could be reached").hasMessageContaining(reason);
		});
		try (EtcdClient trusting = connect(trusting().serverName("localhost").build())) {
			presentWhatIsRight();
			assertThat(trusting.kv().get(this.keys.name("refused")).first()).isEmpty();
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
	}

	/** The same trust in every form. */
	private List<UnaryOperator<EtcdClientOptions.Builder>> everyForm(Path certificate)
			throws GeneralSecurityException, IOException {
		List<UnaryOperator<EtcdClientOptions.Builder>> settings = new ArrayList<>();
		for (TrustForm form : TrustForm.values()) {
			TlsOptions tls = form.trusting(certificate, this.folder).build();
			settings.add((options) -> options.tls(tls));
		}
		return settings;
	}

	@ParameterizedTest
	@EnumSource
	void servesClientsThatTrustItsAuthority(TrustForm form) throws GeneralSecurityException, IOException {
		try (EtcdClient client = connect(form.trusting(authority().certificate(), this.folder).build())) {
			assertServes(client);
		}
	}

	@Test
	void isRefusedByClientsThatTrustAnotherAuthority() throws GeneralSecurityException, IOException {
		Path foreign = CertificateAuthority.create(this.folder.resolve("foreign")).certificate();
		List<UnaryOperator<EtcdClientOptions.Builder>> settings = everyForm(foreign);
		// what the JVM trusts
		settings.add(UnaryOperator.identity());

		assertRefused(settings, "unable to find valid certification path");
	}

	@Test
	void isRefusedWhenItsCertificateIsForAnotherHost() throws GeneralSecurityException, IOException {
		present(authority().server("etcd.example.org", "127.0.0.9"));

		assertRefused(everyForm(authority().certificate()), "No subject alternative names matching IP address");
	}

	@Test
	void isRefusedWhenItsCertificateHasExpired() throws GeneralSecurityException, IOException {
		Instant now = Instant.now();
		present(authority().withValidity(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)))
			.server("127.0.0.1"));

		assertRefused(everyForm(authority().certificate()), "validity check failed");
	}

	@Test
	void isAcceptedUnderTheNameThatOptionsSay() throws IOException {
		present(authority().server("etcd.example.org"));
		try (EtcdClient client = connect(trusting().serverName("etcd.example.org").build())) {
			assertServes(client);
		}

		TlsOptions other = trusting().serverName("other.example.org").build();
		assertRefused(List.of((options) -> options.tls(other)),
				"No subject alternative DNS name matching other.example.org found");
	}

	@Test
	void servesClientsThatSpeakTls13Only() {
		try (EtcdClient client = connect(trusting().minimumProtocol(TlsProtocol.TLS_1_3).build())) {
			assertServes(client);
		}
	}

	@Test
	void isRefusedWhenItsProtocolIsOlderThanTheMinimum() throws GeneralSecurityException, IOException {
		TlsOptions newer = trusting().minimumProtocol(TlsProtocol.TLS_1_3).build();
		TlsOptions older = trusting().build();
		try (OldTlsServer server = OldTlsServer.start(authority().server("127.0.0.1"))) {
			List<EtcdException> failures = failures(List.of(server.endpoint()),
					List.of((options) -> options.tls(newer)));
			assertThat(failures).singleElement()
				.satisfies((ex) -> assertThat(ex)
					.hasMessageContaining("the server speaks TLSv1.2 (expected: TLSv1.3 or newer"));
			assertThat(server.handshakes()).isZero();

			failures(List.of(server.endpoint()), List.of((options) -> options.tls(older)));
			assertThat(server.handshakes()).isPositive();
		}
	}

	@Test
	void saysWhyWhenItTakesNoUserFromTheClientsCertificate() {
		EtcdCluster cluster = etcd.cluster();
		CertificateFiles root = authority().client("root");
		cluster.etcdctl("user", "add", "root:secret");
		cluster.etcdctl("user", "grant-role", "root", "root");
		cluster.etcdctl("auth", "enable");
		RecordingListener listener = new RecordingListener();
		try (EtcdClient client = connect(trusting().clientCertificate(root.certificate(), root.key()).build())) {
			assertThatExceptionOfType(EtcdAuthenticationException.class)
				.isThrownBy(() -> client.kv().put(this.keys.name("k"), "v"))
				.withMessageStartingWith("Put failed: etcdserver: user name is empty; the client sends no token")
				.withMessageContaining("--client-cert-auth")
				.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(6))
				.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED));

			client.watch().open(WatchRequest.of(this.keys.range()).from(1), listener);
			listener.awaitClosed();
			assertThat(listener.cause()).containsInstanceOf(EtcdAuthenticationException.class);
		}
		finally {
			cluster.etcdctl("--user=root:secret", "auth", "disable");
		}
	}

	@Test
	void failsWithinTheTimeoutWhenOneSideSpeaksPlaintext() {
		String open = etcd.cluster().endpoints().get(0).replace("https:", "http:");
		assertThat(failures(List.of(open), List.of(UnaryOperator.identity()))).singleElement()
			.satisfies((ex) -> assertThat(ex).isInstanceOf(EtcdUnavailableException.class)
				.hasMessageContaining("no member could be reached within 2000 ms at [" + open + "]: "));

		TlsOptions tls = trusting().build();
		try (EtcdCluster plaintext = EtcdCluster.start()) {
			String endpoint = plaintext.endpoints().get(0).replace("http:", "https:");
			assertThat(failures(List.of(endpoint), List.of((options) -> options.tls(tls)))).singleElement()
				.satisfies((ex) -> assertThat(ex).isInstanceOf(EtcdUnavailableException.class)
					.hasMessageContaining("within 2000 ms at [" + endpoint + "]: "));
		}
	}

}
