/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.maintenance.SnapshotChunk;

/**
 * Checks a snapshot while it goes by: its last 32 bytes are the SHA-256 digest of all
 * before them. Which the last ones are shows at the end, so as many are always held back.
 * Not thread-safe.
 */
final class SnapshotDigest {

	private static final int LENGTH = 32;

	/** A database is whole pages, which are multiples of this on every system. */
	private static final int BLOCK = 512;

	private final MessageDigest sha256;

	private final byte[] heldBack = new byte[LENGTH];

	private int heldBackLength;

	private long size;

	private long remaining;

	SnapshotDigest() {
		try {
			this.sha256 = MessageDigest.getInstance("SHA-256");
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every JVM has SHA-256", ex);
		}
	}

	/** Takes the next chunk. */
	void update(SnapshotChunk chunk) {
		ByteBuffer bytes = chunk.bytes().asReadOnlyByteBuffer();
		this.size += bytes.remaining();
		this.remaining = chunk.remaining();
		release(Math.max(0, this.heldBackLength + bytes.remaining() - LENGTH), bytes);
		int rest = bytes.remaining();
		bytes.get(this.heldBack, this.heldBackLength, rest);
		this.heldBackLength += rest;
	}

	/** Hashes bytes that are no longer the last: first those held back, then the new. */
	private void release(int count, ByteBuffer bytes) {
		int old = Math.min(count, this.heldBackLength);
		this.sha256.update(this.heldBack, 0, old);
		this.heldBackLength -= old;
		System.arraycopy(this.heldBack, old, this.heldBack, 0, this.heldBackLength);
		int end = bytes.limit();
		bytes.limit(bytes.position() + count - old);
		this.sha256.update(bytes);
		bytes.limit(end);
	}

	/** Returns how many bytes there were, those of the digest among them. */
	long size() {
		return this.size;
	}

	/**
	 * Ends the check.
	 * @return the digest, in lower-case hexadecimal
	 * @throws EtcdServerException if the snapshot was cut short or damaged
	 */
	String verify() {
		if (this.remaining > 0 || this.size % BLOCK != LENGTH) {
			throw failure("it was cut short after " + this.size
					+ " bytes (expected: a database and the 32 bytes of its digest)");
		}
		byte[] actual = this.sha256.digest();
		if (!Arrays.equals(actual, this.heldBack)) {
			throw failure("its SHA-256 digest is " + HexFormat.of().formatHex(actual) + " (expected: "
					+ HexFormat.of().formatHex(this.heldBack) + ", as the member sent it)");
		}
		return HexFormat.of().formatHex(actual);
	}

	private static EtcdServerException failure(String message) {
		return new EtcdServerException(new FailureDetails("Snapshot failed: " + message, null, StatusCode.DATA_LOSS,
				Outcome.NOT_APPLIED, true, null, 1), null);
	}

}
