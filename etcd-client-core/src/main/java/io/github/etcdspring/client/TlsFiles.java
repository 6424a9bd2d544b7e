/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The files of certificates and keys.
 */
final class TlsFiles {

	/** Far more than all the authorities of a JDK. */
	private static final long MOST_BYTES = 4 * 1024 * 1024;

	private TlsFiles() {
	}

	/**
	 * Returns the bytes of a file.
	 * @throws InvalidTlsException if it cannot be read
	 */
	static byte[] read(Path file) {
		try {
			if (Files.size(file) > MOST_BYTES) {
				throw new InvalidTlsException(file, "it has " + Files.size(file) + " bytes",
						"at most " + MOST_BYTES + " bytes");
			}
			return Files.readAllBytes(file);
		}
		catch (NoSuchFileException ex) {
			throw new InvalidTlsException(file, "there is no such file", "the path of a file", ex);
		}
		catch (IOException ex) {
			throw new InvalidTlsException(file, "it cannot be read", "a file that this process may read", ex);
		}
	}

	/** Returns what differs when the content of a file does. */
	static Object version(List<Path> files) {
		return files.stream().map(TlsFiles::fingerprint).toList();
	}

	private static String fingerprint(Path file) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(read(file)));
		}
		catch (InvalidTlsException ex) {
			return ex.reason();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every JDK has SHA-256", ex);
		}
	}

	/** Whether every user of the machine can read a file, as far as the system tells. */
	static boolean isReadableByAll(Path file) {
		try {
			return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
		}
		catch (IOException | UnsupportedOperationException ex) {
			return false;
		}
	}

}
