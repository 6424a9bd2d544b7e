/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import io.github.etcdspring.boot.test.cluster.CertificateAuthority;
import io.github.etcdspring.boot.test.cluster.CertificateFiles;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.InvalidEndpointException;
import io.github.etcdspring.client.InvalidTlsException;
import io.github.etcdspring.client.TlsOptions;
import io.github.etcdspring.client.TlsProtocol;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link TlsOptions}: what is refused, in what words, before anything is sent.
 */
class TlsOptionsTests {

	private static final String PASSWORD = "S3CR3T-store";

	@TempDir
	private Path folder;

	private CertificateAuthority authority;

	private CertificateFiles client;

	@BeforeEach
	void issue() {
		this.authority = CertificateAuthority.create(this.folder.resolve("authority"));
		this.client = this.authority.client("app");
	}

	private static void assertRefused(UnaryOperator<TlsOptions.Builder> options, Path source, String reason,
			String expected) {
		assertThatExceptionOfType(InvalidTlsException.class)
			.isThrownBy(() -> options.apply(TlsOptions.builder()).build())
			.withMessageStartingWith("invalid TLS material " + source)
			.withMessageContaining(": " + reason + " (expected: " + expected)
			.withMessageNotContaining("S3CR3T")
			.satisfies((ex) -> assertThat(ex.source()).startsWith(source.toString()))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(reason));
	}

	private Path write(String text) throws IOException {
		return Files.writeString(this.folder.resolve("file"), text);
	}

	@Test
	void trustsWhatTheJvmDoesAndSpeaksTls12WhenNothingIsSaid() {
		TlsOptions options = TlsOptions.builder().build();

		assertThat(options.hasClientCertificate()).isFalse();
		assertThat(options.serverName()).isEmpty();
		assertThat(options.minimumProtocol()).isEqualTo(TlsProtocol.TLS_1_2);
	}

	@Test
	void takesFilesOfEveryKind() throws GeneralSecurityException, IOException {
		Path encrypted = Material.encryptedKey(this.folder.resolve("encrypted.pem"), PASSWORD, this.client.key());
		for (String type : List.of("JKS", "PKCS12")) {
			Path trust = Material.trustStore(this.folder.resolve(type + ".trust"), type, PASSWORD,
					this.authority.certificate());
			Path keys = Material.keyStore(this.folder.resolve(type + ".keys"), type, PASSWORD, PASSWORD, this.client);

			assertThat(TlsOptions.builder().trustStore(trust, PASSWORD).keyStore(keys, PASSWORD).build())
				.satisfies((options) -> assertThat(options.hasClientCertificate()).isTrue())
				.hasToString("TlsOptions[trust=" + trust + ", clientCertificate=" + keys
						+ ", serverName=null, minimumProtocol=TLSv1.2]");
		}
		Path twoPasswords = Material.keyStore(this.folder.resolve("two.jks"), "JKS", PASSWORD, "S3CR3T-key",
				this.client);
		TlsOptions.builder().keyStore(twoPasswords, PASSWORD, "S3CR3T-key").build();
		assertThat(TlsOptions.builder()
			.trustCertificates(this.authority.certificate(), this.client.certificate())
			.clientCertificate(this.client.certificate(), encrypted, PASSWORD)
			.serverName("etcd.example.org")
			.minimumProtocol(TlsProtocol.TLS_1_3)
			.build()
			.toString()).contains(encrypted.toString(), "serverName=etcd.example.org", "TLSv1.3")
			.doesNotContain("S3CR3T");
	}

	@Test
	void takesCertificateAndKeyFromOneFile() throws IOException {
		Path both = write(
				"a comment\n" + Files.readString(this.client.key()) + Files.readString(this.client.certificate()));

		assertThat(TlsOptions.builder().clientCertificate(both, both).build().hasClientCertificate()).isTrue();
	}

	@Test
	void refusesFilesThatAreNotThere() {
		Path missing = this.folder.resolve("missing");

		assertRefused((tls) -> tls.trustCertificates(missing), missing, "there is no such file", "the path of a file");
		assertRefused((tls) -> tls.trustStore(missing, PASSWORD), missing, "there is no such file",
				"the path of a file");
		assertRefused((tls) -> tls.keyStore(missing, PASSWORD), missing, "there is no such file", "the path of a file");
		assertRefused((tls) -> tls.clientCertificate(missing, this.client.key()), missing, "there is no such file",
				"the path of a file");
		assertRefused((tls) -> tls.clientCertificate(this.client.certificate(), missing), missing,
				"there is no such file", "the path of a file");
		assertRefused((tls) -> tls.trustCertificates(this.folder), this.folder, "it cannot be read",
				"a file that this process may read");
	}

	@Test
	void refusesPemThatIsNone() throws IOException {
		Path half = write(Files.readString(this.authority.certificate()).substring(0, 200));
		assertRefused((tls) -> tls.trustCertificates(half), half, "it has no PEM block", "PEM: -----BEGIN");

		Path garbage = Material.pem(this.folder.resolve("garbage"), "CERTIFICATE", new byte[] { 1, 2, 3 });
		assertRefused((tls) -> tls.trustCertificates(garbage), garbage,
				"a block BEGIN CERTIFICATE holds no certificate", "X.509 certificates");
		assertRefused((tls) -> tls.trustCertificates(this.client.key()), this.client.key(), "it has no certificate",
				"at least one block BEGIN CERTIFICATE");
	}

	@Test
	void refusesTrustedCertificatesThatHaveAllExpired() {
		Instant now = Instant.now();
		Path expired = this.authority.withValidity(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)))
			.client("any")
			.certificate();

		assertRefused((tls) -> tls.trustCertificates(expired), expired,
				"every certificate in it is expired or not valid yet", "at least one that is valid now");
		assertThat(TlsOptions.builder().trustCertificates(expired, this.authority.certificate()).build()).isNotNull();
	}

	@Test
	void refusesStoresWithAnotherPasswordOrContent() throws GeneralSecurityException, IOException {
		for (String type : List.of("JKS", "PKCS12")) {
			Path trust = Material.trustStore(this.folder.resolve(type + ".trust"), type, PASSWORD,
					this.authority.certificate());
			Path keys = Material.keyStore(this.folder.resolve(type + ".keys"), type, PASSWORD, PASSWORD, this.client);

			assertRefused((tls) -> tls.trustStore(trust, "S3CR3T-wrong"), trust, "its password is wrong",
					"the password of the store");
			assertRefused((tls) -> tls.keyStore(keys, "S3CR3T-wrong"), keys, "its password is wrong",
					"the password of the store");
			assertRefused((tls) -> tls.keyStore(trust, PASSWORD), trust, "it has no key with a certificate",
					"at least one key entry");
			assertRefused((tls) -> tls.trustStore(keys, PASSWORD), keys, "it has no trusted certificate",
					"at least one certificate entry");
		}
		Path twoPasswords = Material.keyStore(this.folder.resolve("two.jks"), "JKS", PASSWORD, "S3CR3T-key",
				this.client);
		assertRefused((tls) -> tls.keyStore(twoPasswords, PASSWORD), twoPasswords, "the password of its key is wrong",
				"one password for all its keys");
		Path text = write("no store");
		assertRefused((tls) -> tls.trustStore(text, PASSWORD), text, "it is no key store", "PKCS#12 or JKS");
	}

	@Test
	void refusesAKeyOfAnotherCertificate() {
		CertificateFiles other = this.authority.client("other");

		assertRefused((tls) -> tls.clientCertificate(this.client.certificate(), other.key()), other.key(),
				"its key does not belong to the certificate in " + this.client.certificate(),
				"the private key of the first certificate there");
	}

	@Test
	void refusesAKeyInAFormThatItCannotRead() throws GeneralSecurityException, IOException {
		Path certificate = this.client.certificate();
		assertRefused((tls) -> tls.clientCertificate(certificate, certificate), certificate, "it has no private key",
				"PKCS#8: BEGIN PRIVATE KEY");

		Path old = Material.pem(this.folder.resolve("old.pem"), "EC PRIVATE KEY", new byte[] { 1 });
		assertRefused((tls) -> tls.clientCertificate(certificate, old), old,
				"its key is not PKCS#8 but BEGIN EC PRIVATE KEY", "PKCS#8: BEGIN PRIVATE KEY or BEGIN ENCRYPTED");

		Path garbage = Material.pem(this.folder.resolve("garbage.pem"), "PRIVATE KEY", new byte[] { 1 });
		assertRefused((tls) -> tls.clientCertificate(certificate, garbage), garbage,
				"it has no EC key, as the certificate in " + certificate + " needs",
				"the private key of that certificate");

		Path encrypted = Material.encryptedKey(this.folder.resolve("encrypted.pem"), PASSWORD, this.client.key());
		assertRefused((tls) -> tls.clientCertificate(certificate, encrypted), encrypted,
				"its key is encrypted and no password is given", "the password of the key");
		assertRefused((tls) -> tls.clientCertificate(certificate, encrypted, "S3CR3T-wrong"), encrypted,
				"its key cannot be decrypted", "the right password");
	}

	@Test
	void refusesAClientCertificateThatIsNotValidNow() throws GeneralSecurityException, IOException {
		Instant then = Instant.parse("2020-01-01T00:00:00Z");
		CertificateFiles expired = this.authority.withValidity(then, then.plusSeconds(60)).client("app");
		Path store = Material.keyStore(this.folder.resolve("expired.p12"), "PKCS12", PASSWORD, PASSWORD, expired);
		Instant later = Instant.parse("2999-01-01T00:00:00Z");
		CertificateFiles early = this.authority.withValidity(later, later.plusSeconds(60)).client("app");

		assertRefused((tls) -> tls.clientCertificate(expired.certificate(), expired.key()), expired.certificate(),
				"its certificate expired at 2020-01-01T00:01:00Z", "a certificate that is valid now");
		assertRefused((tls) -> tls.keyStore(store, PASSWORD), store, "its certificate expired at 2020-01-01T00:01:00Z",
				"a certificate that is valid now");
		assertRefused((tls) -> tls.clientCertificate(early.certificate(), early.key()), early.certificate(),
				"its certificate is not valid before 2999-01-01T00:00:00Z", "a certificate that is valid now");
	}

	@Test
	void refusesManagersThatCannotCheckTheHostName() {
		assertThatExceptionOfType(InvalidTlsException.class)
			.isThrownBy(() -> TlsOptions.builder()
				.trustManagers(() -> new TrustManager[] { Mockito.mock(X509TrustManager.class) })
				.build())
			.withMessageContaining("the supplier of trust managers: it gave ")
			.withMessageEndingWith("(expected: an X509ExtendedTrustManager, as the JDK's factories make)");
		assertThatExceptionOfType(InvalidTlsException.class)
			.isThrownBy(() -> TlsOptions.builder().keyManagers(() -> new KeyManager[0]).build())
			.withMessage("invalid TLS material the supplier of key managers: it gave nothing "
					+ "(expected: an X509ExtendedKeyManager, as the JDK's factories make)");
		assertThatExceptionOfType(InvalidTlsException.class).isThrownBy(() -> TlsOptions.builder().keyManagers(() -> {
			throw new IllegalStateException("closed");
		}).build()).withMessageContaining("it failed: java.lang.IllegalStateException");
	}

	@Test
	void warnsOfAKeyThatEverybodyCanRead() throws IOException {
		Path certificate = this.client.certificate();
		Path open = Files.copy(this.client.key(), this.folder.resolve("open.pem"));
		Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
		Path closed = Files.copy(this.client.key(), this.folder.resolve("closed.pem"));
		Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rw-r-----"));

		assertThat(warnings(TlsOptions.builder().clientCertificate(certificate, open).build()))
			.containsExactly("the private key in " + open
					+ " can be read by every user of this machine; take the permission from others");
		assertThat(warnings(TlsOptions.builder().clientCertificate(certificate, closed).build())).isEmpty();
	}

	private static List<String> warnings(TlsOptions tls) {
		List<String> warnings = new ArrayList<>();
		EtcdClientOptions options = EtcdClientOptions.builder(List.of("https://localhost:1"))
			.tls(tls)
			.warnings(warnings::add)
			.build();
		EtcdClient.create(options).close();
		return warnings;
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "host:2379", "https://host", "a b", "-a" })
	void refusesAServerNameThatIsNone(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> TlsOptions.builder().serverName(name))
			.withMessage("server name: '" + name + "' (expected: a host name or an address, without port)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http://host:2379", "host:2379" })
	void refusesPlaintextEndpointsBesideTlsOptions(String endpoint) {
		EtcdClientOptions.Builder options = EtcdClientOptions.builder(List.of(endpoint))
			.tls(TlsOptions.builder().build());

		assertThatExceptionOfType(InvalidEndpointException.class).isThrownBy(options::build)
			.withMessageStartingWith("invalid endpoint '" + endpoint
					+ "': it is plaintext, and TLS options are given; use https:// or leave them out");
	}

}
