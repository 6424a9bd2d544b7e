/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.tls;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;

import io.github.etcdspring.boot.test.cluster.CertificateFiles;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.OutputEncryptor;

/**
 * Puts certificates into files of every kind that a client reads.
 */
final class Material {

	private Material() {
	}

	/** Writes a key store that trusts a certificate. */
	static Path trustStore(Path file, String type, String password, Path certificate)
			throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance(type);
		store.load(null, null);
		store.setCertificateEntry("authority", certificate(certificate));
		return write(file, store, password);
	}

	/** Writes a key store with a certificate and its key. */
	static Path keyStore(Path file, String type, String password, String keyPassword, CertificateFiles files)
			throws GeneralSecurityException, IOException {
		KeyStore store = KeyStore.getInstance(type);
		store.load(null, null);
		store.setKeyEntry("client", key(files.key()), keyPassword.toCharArray(),
				new Certificate[] { certificate(files.certificate()) });
		return write(file, store, password);
	}

	/** Returns new managers of a certificate and its key. */
	static KeyManager[] keyManagers(CertificateFiles files) {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			store.setKeyEntry("key", key(files.key()), new char[0],
					new Certificate[] { certificate(files.certificate()) });
			KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			factory.init(store, new char[0]);
			return factory.getKeyManagers();
		}
		catch (GeneralSecurityException | IOException ex) {
			throw new IllegalStateException("cannot use " + files, ex);
		}
	}

	private static Path write(Path file, KeyStore store, String password) throws GeneralSecurityException, IOException {
		try (OutputStream output = Files.newOutputStream(file)) {
			store.store(output, password.toCharArray());
		}
		return file;
	}

	static Certificate certificate(Path file) throws GeneralSecurityException, IOException {
		try (var input = Files.newInputStream(file)) {
			return CertificateFactory.getInstance("X.509").generateCertificate(input);
		}
	}

	static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
		return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pemContent(file)));
	}

	private static byte[] pemContent(Path file) throws IOException {
		return Base64.getMimeDecoder().decode(Files.readString(file).replaceAll("-----[^-]*-----", ""));
	}

	/** Writes a key again, encrypted as openssl does today: PBES2 with AES-256. */
	static Path encryptedKey(Path file, String password, Path key) throws GeneralSecurityException, IOException {
		try {
			OutputEncryptor encryptor = new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
				.setProvider(new BouncyCastleProvider())
				.setPRF(PKCS8Generator.PRF_HMACSHA256)
				.setPassword(password.toCharArray())
				.build();
			try (JcaPEMWriter writer = new JcaPEMWriter(Files.newBufferedWriter(file))) {
				writer.writeObject(new JcaPKCS8Generator(key(key), encryptor));
			}
			return file;
		}
		catch (OperatorCreationException ex) {
			throw new IllegalStateException("AES-256 is there", ex);
		}
	}

	/** Writes one PEM block. */
	static Path pem(Path file, String type, byte[] content) throws IOException {
		return Files.write(file, List.of("-----BEGIN " + type + "-----",
				Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content), "-----END " + type + "-----"));
	}

	/** Puts files in the place of others, as who rotates certificates does. */
	static void replace(CertificateFiles old, CertificateFiles next) throws IOException {
		replace(old.certificate(), Files.readString(next.certificate()));
		replace(old.key(), Files.readString(next.key()));
	}

	/** Puts a content in the place of another, at once. */
	static void replace(Path file, String content) throws IOException {
		Path next = file.resolveSibling(file.getFileName() + ".next");
		Files.writeString(next, content);
		Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	/** Returns copies that can be replaced. */
	static CertificateFiles copy(CertificateFiles files, Path folder) throws IOException {
		return new CertificateFiles(Files.copy(files.certificate(), folder.resolve("certificate.pem")),
				Files.copy(files.key(), folder.resolve("key.pem")));
	}

}
