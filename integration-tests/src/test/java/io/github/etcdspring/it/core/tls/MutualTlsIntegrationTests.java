/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.CertificateAuthority;
import io.github.etcdspring.boot.test.cluster.CertificateFiles;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.TlsOptions;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A cluster whose clients show certificates, and that takes the user from them (S5);
 * certificates of both sides are replaced while a client runs (S4). Each user may read
 * all and write below its own name.
 */
class MutualTlsIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private static final AtomicReference<CertificateFiles> SERVER = new AtomicReference<>();

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().mutualTls("root").serverCertificate(MutualTlsIntegrationTests::issue));

	@AutoClose
	private final TcpProxy proxy = TcpProxy.to(etcd.cluster().member(0).clientPort());

	@TempDir
	private Path folder;

	/** What the client shows; replaced by some tests. */
	private CertificateFiles shown;

	/** What the client trusts; replaced by some tests. */
	private Path trusted;

	private static CertificateFiles issue(CertificateAuthority authority) {
		CertificateFiles files = authority.server("localhost", "127.0.0.1");
		SERVER.set(files);
		return files;
	}

	private static CertificateAuthority authority() {
		return etcd.cluster().certificateAuthority();
	}

	@BeforeAll
	static void enableAuthentication() {
		EtcdCluster cluster = etcd.cluster();
		cluster.etcdctl("user", "add", "root:S3CR3T-root");
		cluster.etcdctl("user", "grant-role", "root", "root");
		for (String user : List.of("ann", "bob")) {
			cluster.etcdctl("user", "add", user, "--no-password");
			cluster.etcdctl("role", "add", user);
			cluster.etcdctl("role", "grant-permission", user, "--prefix=true", "read", "/");
			cluster.etcdctl("role", "grant-permission", user, "--prefix=true", "readwrite", "/" + user + "/");
			cluster.etcdctl("user", "grant-role", user, user);
		}
		cluster.etcdctl("auth", "enable");
	}

	@BeforeEach
	void issueClientCertificate() throws IOException {
		this.shown = Material.copy(authority().client("ann"), this.folder);
		this.trusted = Files.copy(authority().certificate(), this.folder.resolve("trusted.pem"));
	}

	private EtcdClient connect(TlsOptions.Builder tls) {
		return EtcdClients.connect(List.of(this.proxy.endpoint().replace("http:", "https:")),
				(options) -> options.tls(tls.build()).requestTimeout(SOON));
	}

	private TlsOptions.Builder ann() {
		return TlsOptions.builder()
			.trustCertificates(this.trusted)
			.clientCertificate(this.shown.certificate(), this.shown.key());
	}

	private void reconnect() {
		this.proxy.cut();
		this.proxy.restore();
	}

	private static void assertIsAnn(EtcdClient client) {
		client.kv().put("/ann/k", "v");
		assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(() -> client.kv().put("/bob/k", "v"));
	}

	@Test
	void takesTheUserFromTheCertificateInEveryForm() throws GeneralSecurityException, IOException {
		Path jks = Material.keyStore(this.folder.resolve("ann.jks"), "JKS", "secret", "other", this.shown);
		Path p12 = Material.keyStore(this.folder.resolve("ann.p12"), "PKCS12", "secret", "secret", this.shown);
		Path encrypted = Material.encryptedKey(this.folder.resolve("encrypted.pem"), "secret", this.shown.key());
		for (TlsOptions.Builder tls : List.of(ann(), ann().keyStore(jks, "secret", "other"),
				ann().keyStore(p12, "secret"), ann().keyManagers(() -> Material.keyManagers(this.shown)),
				ann().clientCertificate(this.shown.certificate(), encrypted, "secret"))) {
			try (EtcdClient client = connect(tls)) {
				assertIsAnn(client);
			}
		}
	}

	@Test
	void refusesClientsWithoutACertificateOfItsAuthority() {
		CertificateFiles foreign = CertificateAuthority.create(this.folder.resolve("foreign")).client("ann");
		for (TlsOptions.Builder tls : List.of(TlsOptions.builder().trustCertificates(this.trusted),
				ann().clientCertificate(foreign.certificate(), foreign.key()))) {
			try (EtcdClient client = EtcdClients.connect(etcd.cluster().endpoints(),
					(options) -> options.tls(tls.build()).requestTimeout(Duration.ofSeconds(1)))) {
				assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> client.kv().get("/ann/k"))
					.satisfies((ex) -> assertThat(ex).isInstanceOf(EtcdUnavailableException.class));
			}
		}
	}

	@Test
	void failsSoonAndSaysWhyWhenTheCertificateNamesNoUser() {
		CertificateFiles stranger = authority().client("stranger");
		try (EtcdClient client = connect(ann().clientCertificate(stranger.certificate(), stranger.key()))) {
			assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> client.kv().put("/ann/k", "v"))
				.satisfies((ex) -> assertThat(ex).isInstanceOfAny(EtcdPermissionException.class,
						EtcdAuthenticationException.class));
		}
	}

	@Test
	void callsGoOnWhileRolesChange() {
		try (EtcdClient client = connect(ann()); SteadyReads reads = new SteadyReads(client, "/ann/k")) {
			for (int i = 0; i < 5; i++) {
				etcd.cluster().etcdctl("role", "grant-permission", "bob", "read", "/more" + i);
			}
			reads.awaitMore(1);
		}
	}

	@Test
	void speaksAsTheUserOfTheNewCertificateAfterTheNextConnection() throws IOException {
		try (EtcdClient client = connect(ann()); SteadyReads reads = new SteadyReads(client, "/ann/k")) {
			assertIsAnn(client);
			Material.replace(this.shown, authority().client("bob"));
			reads.awaitMore(1);
			assertIsAnn(client);

			reconnect();

			reads.awaitMore(2);
			client.kv().put("/bob/k", "v");
			assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(() -> client.kv().put("/ann/k", "v"));
		}
	}

	@Test
	void asksTheSupplierOfKeyManagersForEachConnection() {
		AtomicReference<CertificateFiles> certificate = new AtomicReference<>(this.shown);
		TlsOptions.Builder tls = ann().keyManagers(() -> Material.keyManagers(certificate.get()));
		try (EtcdClient client = connect(tls)) {
			assertIsAnn(client);
			certificate.set(authority().client("bob"));

			reconnect();

			client.kv().get("/bob/k");
			client.kv().put("/bob/k", "v");
		}
	}

	@Test
	void watchGoesOnUnderTheNewCertificate() throws IOException {
		RecordingListener listener = new RecordingListener();
		try (EtcdClient client = connect(ann())) {
			client.watch().open(WatchRequest.of(KeyRange.prefix("/ann/")), listener);
			listener.awaitRevision(client.kv().put("/ann/k", "before").revision(), SOON);
			Material.replace(this.shown, authority().client("ann"));

			reconnect();
			// repeated, as a put on the connection that breaks is not
			client.kv().get("/ann/k");

			listener.awaitRevision(client.kv().put("/ann/k", "after").revision(), SOON);
		}
	}

	@Test
	void callsGoOnWhileTheServerMovesToAnotherAuthority() throws IOException {
		CertificateFiles server = Objects.requireNonNull(SERVER.get());
		String before = Files.readString(authority().certificate());
		CertificateAuthority next = CertificateAuthority.create(this.folder.resolve("next"));
		String after = Files.readString(next.certificate());
		try (EtcdClient client = connect(ann()); SteadyReads reads = new SteadyReads(client, "/ann/k")) {
			reads.awaitMore(1);
			Material.replace(this.trusted, before + after);
			reconnect();
			reads.awaitMore(2);
			Material.replace(server, next.server("127.0.0.1"));
			reconnect();
			reads.awaitMore(2);
			Material.replace(this.trusted, after);
			reconnect();
			reads.awaitMore(2);

			TlsOptions.Builder old = ann().trustCertificates(authority().certificate());
			try (EtcdClient late = EtcdClients.connect(etcd.cluster().endpoints(),
					(options) -> options.tls(old.build()).requestTimeout(Duration.ofSeconds(1)))) {
				assertThatExceptionOfType(EtcdUnavailableException.class).isThrownBy(() -> late.kv().get("/ann/k"));
			}
		}
		finally {
			Material.replace(server, authority().server("localhost", "127.0.0.1"));
		}
	}

	@Test
	void keepsWhatWasGoodAndWarnsOnceWhileFilesAreBroken() throws IOException {
		Logger logger = (Logger) LoggerFactory.getLogger("io.github.etcdspring.client.TlsMaterial");
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try (EtcdClient client = connect(ann()); SteadyReads reads = new SteadyReads(client, "/ann/k")) {
			reads.awaitMore(1);
			Material.replace(this.shown.key(), Files.readString(this.shown.key()).substring(0, 60));
			Files.delete(this.trusted);
			for (int i = 0; i < 3; i++) {
				reconnect();
				reads.awaitMore(2);
			}
			assertIsAnn(client);
			assertThat(log.list).filteredOn((event) -> event.getLevel() == Level.WARN)
				.extracting(ILoggingEvent::getFormattedMessage)
				.hasSize(2)
				.allMatch((message) -> message.endsWith("what was read before stays in use"))
				.anyMatch((message) -> message.contains(this.shown.key() + ": it has no PEM block"))
				.anyMatch((message) -> message.contains(this.trusted + ": there is no such file"));

			Files.copy(authority().certificate(), this.trusted);
			Material.replace(this.shown, authority().client("bob"));
			reconnect();
			reads.awaitMore(2);
			client.kv().put("/bob/k", "v");
		}
		finally {
			logger.detachAppender(log);
		}
	}

}
