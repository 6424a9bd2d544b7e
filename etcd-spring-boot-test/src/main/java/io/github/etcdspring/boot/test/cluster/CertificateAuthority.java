/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * A certificate authority for tests. It issues certificates of servers and clients and
 * writes them, with keys on the curve P-256, as PEM files into a folder. Its own key is
 * never written. Thread-safe.
 */
public final class CertificateAuthority {

	private static final String SIGNATURE = "SHA256withECDSA";

	private static final Duration BACKDATED = Duration.ofHours(1);

	private static final Duration LIFETIME = Duration.ofDays(30);

	private static final SecureRandom RANDOM = new SecureRandom();

	private final Path folder;

	private final X500Name name;

	private final KeyPair keys;

	private final AtomicInteger issued;

	private final Instant notBefore;

	private final Instant notAfter;

	private CertificateAuthority(Path folder, X500Name name, KeyPair keys, AtomicInteger issued, Instant notBefore,
			Instant notAfter) {
		this.folder = folder;
		this.name = name;
		this.keys = keys;
		this.issued = issued;
		this.notBefore = notBefore;
		this.notAfter = notAfter;
	}

	/**
	 * Creates an authority with a key and a name of its own, and writes its certificate.
	 * What it issues is valid from an hour ago, for 30 days.
	 * @param folder for all its files, made if there is none; not that of another
	 * authority
	 * @return the authority
	 * @throws UncheckedIOException if nothing can be written there, or another authority
	 * has done so
	 */
	public static CertificateAuthority create(Path folder) {
		Instant now = Instant.now();
		X500Name name = commonName("etcd-spring test authority " + serialNumber().toString(36));
		CertificateAuthority authority = new CertificateAuthority(folder, name, newKeys(), new AtomicInteger(),
				now.minus(BACKDATED), now.plus(LIFETIME));
		authority.writeCertificate();
		return authority;
	}

	/**
	 * {@return this authority, but issuing certificates of another validity, such as
	 * expired ones} Its own certificate stays as it is.
	 * @param notBefore when they become valid, in whole seconds
	 * @param notAfter when they expire, in whole seconds
	 */
	public CertificateAuthority withValidity(Instant notBefore, Instant notAfter) {
		Objects.requireNonNull(notBefore, "notBefore");
		Objects.requireNonNull(notAfter, "notAfter");
		return new CertificateAuthority(this.folder, this.name, this.keys, this.issued, notBefore, notAfter);
	}

	/**
	 * {@return the file of the authority's own certificate, PEM: what is to be trusted}
	 */
	public Path certificate() {
		return this.folder.resolve("ca.pem");
	}

	/**
	 * Issues a certificate of a server. Servers may present it to each other too, as
	 * etcd's gateway does.
	 * @param names DNS names and IP addresses, at least one; subject alternative names
	 * @return its files
	 */
	public CertificateFiles server(String... names) {
		if (names.length == 0) {
			throw new IllegalArgumentException("names: none (expected: at least one)");
		}
		GeneralName[] alternatives = Stream.of(names)
			.map(CertificateAuthority::alternativeName)
			.toArray(GeneralName[]::new);
		// without a common name: etcd would take it for a user
		X500Name subject = new X500NameBuilder().addRDN(BCStyle.O, "etcd-spring test server").build();
		return issue("server", subject,
				List.of(new Entry(Extension.subjectAlternativeName, new GeneralNames(alternatives)),
						purposes(KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth)));
	}

	/**
	 * Issues a certificate of a client.
	 * @param commonName of its subject, which etcd takes for the user's name where it
	 * authenticates by certificate
	 * @return its files
	 */
	public CertificateFiles client(String commonName) {
		return issue("client", commonName(commonName), List.of(purposes(KeyPurposeId.id_kp_clientAuth)));
	}

	PublicKey publicKey() {
		return this.keys.getPublic();
	}

	private void writeCertificate() {
		try {
			Files.createDirectories(this.folder);
			write(certificate(), "CERTIFICATE",
					sign(this.name, this.keys.getPublic(), List.of(
							new Entry(Extension.basicConstraints, new BasicConstraints(0)),
							new Entry(Extension.keyUsage, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)))));
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot write the certificate of an authority", ex);
		}
	}

	private CertificateFiles issue(String role, X500Name subject, List<Entry> extensions) {
		String file = role + "-" + this.issued.incrementAndGet();
		KeyPair subjectKeys = newKeys();
		List<Entry> all = Stream
			.concat(Stream.of(new Entry(Extension.basicConstraints, new BasicConstraints(false)),
					new Entry(Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature))), extensions.stream())
			.toList();
		CertificateFiles files = new CertificateFiles(this.folder.resolve(file + ".pem"),
				this.folder.resolve(file + "-key.pem"));
		try {
			write(files.certificate(), "CERTIFICATE", sign(subject, subjectKeys.getPublic(), all));
			write(files.key(), "PRIVATE KEY", subjectKeys.getPrivate().getEncoded());
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot write a certificate", ex);
		}
		return files;
	}

	private byte[] sign(X500Name subject, PublicKey key, List<Entry> extensions) throws IOException {
		X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(this.name, serialNumber(),
				Date.from(this.notBefore), Date.from(this.notAfter), subject, key);
		for (Entry extension : extensions) {
			builder.addExtension(extension.type(), extension.isCritical(), extension.value());
		}
		try {
			return builder.build(new JcaContentSignerBuilder(SIGNATURE).build(this.keys.getPrivate())).getEncoded();
		}
		catch (OperatorCreationException ex) {
			throw new IllegalStateException("cannot sign by " + SIGNATURE, ex);
		}
	}

	private static void write(Path file, String type, byte[] content) throws IOException {
		try (PemWriter writer = new PemWriter(Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW))) {
			writer.writeObject(new PemObject(type, content));
		}
	}

	private static X500Name commonName(String name) {
		return new X500NameBuilder().addRDN(BCStyle.CN, name).build();
	}

	private static GeneralName alternativeName(String name) {
		boolean address = name.contains(":") || name.matches("[0-9.]+");
		return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, name);
	}

	private static Entry purposes(KeyPurposeId... purposes) {
		return new Entry(Extension.extendedKeyUsage, new ExtendedKeyUsage(purposes));
	}

	private static BigInteger serialNumber() {
		return new BigInteger(120, RANDOM).add(BigInteger.ONE);
	}

	private static KeyPair newKeys() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("cannot make a key", ex);
		}
	}

	// one extension of a certificate
	private record Entry(ASN1ObjectIdentifier type, ASN1Encodable value) {

		boolean isCritical() {
			return this.type.equals(Extension.basicConstraints) || this.type.equals(Extension.keyUsage);
		}

	}

}
