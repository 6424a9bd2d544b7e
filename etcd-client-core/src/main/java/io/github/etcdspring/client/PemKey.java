/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;

import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * A private key in PEM, PKCS#8, encrypted or not.
 */
final class PemKey {

	private static final String EXPECTED = "PKCS#8: BEGIN PRIVATE KEY or BEGIN ENCRYPTED PRIVATE KEY";

	private final Path file;

	private final @Nullable String password;

	PemKey(Path file, @Nullable String password) {
		this.file = file;
		this.password = password;
	}

	/**
	 * Reads the key that belongs to a certificate.
	 * @throws InvalidTlsException if there is none, or it is another's
	 */
	PrivateKey of(PublicKey certified, Path certificate) {
		PKCS8EncodedKeySpec encoded = encoded();
		try {
			PrivateKey key = KeyFactory.getInstance(certified.getAlgorithm()).generatePrivate(encoded);
			if (belongTogether(key, certified)) {
				return key;
			}
		}
		catch (GeneralSecurityException ex) {
			throw new InvalidTlsException(this.file,
					"it has no " + certified.getAlgorithm() + " key, as the certificate in " + certificate + " needs",
					"the private key of that certificate", ex);
		}
		throw new InvalidTlsException(this.file, "its key does not belong to the certificate in " + certificate,
				"the private key of the first certificate there");
	}

	private PKCS8EncodedKeySpec encoded() {
		// certificates and parameters may stand in the same file
		PemFile.Block block = PemFile.read(this.file)
			.blocks()
			.stream()
			.filter((each) -> each.type().endsWith("PRIVATE KEY"))
			.findFirst()
			.orElseThrow(() -> new InvalidTlsException(this.file, "it has no private key", EXPECTED));
		return switch (block.type()) {
			case "PRIVATE KEY" -> new PKCS8EncodedKeySpec(block.der());
			case "ENCRYPTED PRIVATE KEY" -> decrypted(block.der());
			default -> throw new InvalidTlsException(this.file, "its key is not PKCS#8 but BEGIN " + block.type(),
					EXPECTED + "; openssl pkcs8 -topk8 -nocrypt -in KEY -out NEW_KEY makes one");
		};
	}

	private PKCS8EncodedKeySpec decrypted(byte[] der) {
		if (this.password == null) {
			throw new InvalidTlsException(this.file, "its key is encrypted and no password is given",
					"the password of the key, or a key that is not encrypted");
		}
		PBEKeySpec password = new PBEKeySpec(this.password.toCharArray());
		try {
			EncryptedPrivateKeyInfo encrypted = new EncryptedPrivateKeyInfo(der);
			AlgorithmParameters parameters = encrypted.getAlgParameters();
			// PBES2 has its algorithms among its parameters
			String algorithm = "PBES2".equals(parameters.getAlgorithm()) ? parameters.toString()
					: encrypted.getAlgName();
			SecretKey secret = SecretKeyFactory.getInstance(algorithm).generateSecret(password);
			Cipher cipher = Cipher.getInstance(algorithm);
			cipher.init(Cipher.DECRYPT_MODE, secret, parameters);
			return encrypted.getKeySpec(cipher);
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new InvalidTlsException(this.file, "its key cannot be decrypted",
					"the right password, and PBES2 with an algorithm of the JDK, such as AES-256", ex);
		}
		finally {
			password.clearPassword();
		}
	}

	/** Signs with one what the other verifies. */
	private static boolean belongTogether(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
		String algorithm = switch (certified.getAlgorithm()) {
			case "RSA" -> "SHA256withRSA";
			case "EC" -> "SHA256withECDSA";
			default -> certified.getAlgorithm();
		};
		byte[] message = certified.getEncoded();
		Signature signature = Signature.getInstance(algorithm);
		signature.initSign(key);
		signature.update(message);
		byte[] signed = signature.sign();
		signature.initVerify(certified);
		signature.update(message);
		return signature.verify(signed);
	}

}
