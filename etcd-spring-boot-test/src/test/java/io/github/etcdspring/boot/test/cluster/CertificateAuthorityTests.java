/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class CertificateAuthorityTests {

	private static final int DNS_NAME = 2;

	private static final int IP_ADDRESS = 7;

	@TempDir
	private Path folder;

	private CertificateAuthority authority;

	@BeforeEach
	void createAuthority() {
		this.authority = CertificateAuthority.create(this.folder.resolve("new"));
	}

	@Test
	void signsItselfAsAuthority() throws GeneralSecurityException {
		X509Certificate own = read(this.authority.certificate());

		own.verify(own.getPublicKey());
		own.checkValidity();
		assertThat(own.getBasicConstraints()).isZero();
	}

	@Test
	void issuesServerCertificateForNamesAndAddresses() throws GeneralSecurityException {
		X509Certificate server = read(this.authority.server("localhost", "127.0.0.1", "::1").certificate());

		assertIsIssued(server);
		server.checkValidity();
		assertThat(server.getSubjectAlternativeNames()).containsExactly(List.of(DNS_NAME, "localhost"),
				List.of(IP_ADDRESS, "127.0.0.1"), List.of(IP_ADDRESS, "0:0:0:0:0:0:0:1"));
		assertThat(server.getSubjectX500Principal().getName()).doesNotContain("CN=");
		assertThat(server.getBasicConstraints()).isEqualTo(-1);
	}

	@Test
	void issuesClientCertificateForUser() throws GeneralSecurityException {
		X509Certificate client = read(this.authority.client("ann").certificate());

		assertIsIssued(client);
		assertThat(client.getSubjectX500Principal().getName()).isEqualTo("CN=ann");
	}

	@Test
	void writesKeyOfCertificate() throws GeneralSecurityException, IOException {
		CertificateFiles files = this.authority.client("ann");

		Signature signature = Signature.getInstance("SHA256withECDSA");
		signature.initSign(readKey(files.key()));
		byte[] signed = signature.sign();
		signature.initVerify(read(files.certificate()));

		assertThat(signature.verify(signed)).isTrue();
	}

	@Test
	void issuesExpiredCertificateWhenWanted() throws GeneralSecurityException {
		Instant begin = Instant.parse("2020-01-01T00:00:00Z");
		Instant end = begin.plus(1, ChronoUnit.DAYS);

		X509Certificate expired = read(this.authority.withValidity(begin, end).client("ann").certificate());

		assertIsIssued(expired);
		assertThat(expired.getNotBefore()).isEqualTo(begin);
		assertThat(expired.getNotAfter()).isEqualTo(end);
		assertThatExceptionOfType(CertificateExpiredException.class).isThrownBy(expired::checkValidity);
		read(this.authority.client("ann").certificate()).checkValidity();
	}

	@Test
	void refusesServerWithoutName() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.authority.server())
			.withMessage("names: none (expected: at least one)");
	}

	@Test
	void refusesFolderOfAnotherAuthority() throws GeneralSecurityException {
		X509Certificate before = read(this.authority.certificate());

		assertThatExceptionOfType(UncheckedIOException.class)
			.isThrownBy(() -> CertificateAuthority.create(this.folder.resolve("new")))
			.withMessage("cannot write the certificate of an authority");

		assertThat(read(this.authority.certificate())).isEqualTo(before);
	}

	private void assertIsIssued(X509Certificate certificate) throws GeneralSecurityException {
		X509Certificate issuer = read(this.authority.certificate());
		certificate.verify(issuer.getPublicKey());
		assertThat(certificate.getIssuerX500Principal()).isEqualTo(issuer.getSubjectX500Principal());
	}

	private static X509Certificate read(Path file) throws GeneralSecurityException {
		try (InputStream input = Files.newInputStream(file)) {
			return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(input);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// without the library that wrote it
	private static PrivateKey readKey(Path file) throws GeneralSecurityException, IOException {
		String pem = Files.readString(file).replaceAll("-----(BEGIN|END) PRIVATE KEY-----", "");
		return KeyFactory.getInstance("EC")
			.generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem)));
	}

}
