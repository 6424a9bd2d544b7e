/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file in PEM: blocks of Base64 between lines that say what they are, and comments.
 *
 * @param file the file
 * @param blocks what is in it, in its order
 */
record PemFile(Path file, List<Block> blocks) {

	private static final Pattern BLOCK = Pattern
		.compile("-----BEGIN ([A-Z0-9 ]++)-----([^-]*+)-----END ([A-Z0-9 ]++)-----");

	/**
	 * Reads a file.
	 * @throws InvalidTlsException if it cannot be read or has no block
	 */
	static PemFile read(Path file) {
		String text = new String(TlsFiles.read(file), StandardCharsets.ISO_8859_1);
		List<Block> blocks = new ArrayList<>();
		Matcher block = BLOCK.matcher(text);
		while (block.find()) {
			if (!block.group(1).equals(block.group(3))) {
				throw invalid(file, "a block begins as " + block.group(1) + " and ends as " + block.group(3));
			}
			blocks.add(block(file, block.group(1), block.group(2)));
		}
		if (blocks.isEmpty()) {
			throw invalid(file, "it has no PEM block");
		}
		return new PemFile(file, blocks);
	}

	private static Block block(Path file, String type, String base64) {
		Block block = new Block(type, base64);
		try {
			block.der();
			return block;
		}
		catch (IllegalArgumentException ex) {
			throw invalid(file, "a block is no Base64");
		}
	}

	private static InvalidTlsException invalid(Path file, String reason) {
		return new InvalidTlsException(file, reason, "PEM: -----BEGIN ...-----, Base64, -----END ...-----");
	}

	/**
	 * Returns the certificates of the file.
	 * @throws InvalidTlsException if there is none, or one that is none
	 */
	List<X509Certificate> certificates() {
		List<X509Certificate> certificates = new ArrayList<>();
		for (Block block : this.blocks) {
			if (block.type().equals("CERTIFICATE")) {
				certificates.add(certificate(block.der()));
			}
		}
		if (certificates.isEmpty()) {
			throw new InvalidTlsException(this.file, "it has no certificate", "at least one block BEGIN CERTIFICATE");
		}
		return certificates;
	}

	private X509Certificate certificate(byte[] der) {
		try {
			return (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(der));
		}
		catch (CertificateException ex) {
			throw new InvalidTlsException(this.file, "a block BEGIN CERTIFICATE holds no certificate",
					"X.509 certificates", ex);
		}
	}

	/**
	 * One block.
	 *
	 * @param type what it says it is
	 * @param base64 its content, encoded and decodable
	 */
	record Block(String type, String base64) {

		byte[] der() {
			return Base64.getMimeDecoder().decode(this.base64);
		}

		@Override
		public String toString() {
			return this.type;
		}

	}

}
