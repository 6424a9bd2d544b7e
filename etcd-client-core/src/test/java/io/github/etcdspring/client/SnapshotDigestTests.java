/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Arrays;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.ScriptedSnapshot;
import io.github.etcdspring.maintenance.SnapshotChunk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link SnapshotDigest}.
 */
class SnapshotDigestTests {

	private final ScriptedSnapshot snapshot = ScriptedSnapshot.create();

	private final SnapshotDigest digest = new SnapshotDigest();

	private void take(byte[] bytes, int piece) {
		for (int from = 0; from < bytes.length; from += piece) {
			int to = Math.min(from + piece, bytes.length);
			this.digest.update(
					new SnapshotChunk(ByteSequence.copyOf(Arrays.copyOfRange(bytes, from, to)), 0, Optional.empty()));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 31, 32, 33, 63, 64, 4095, 4096, 4128 })
	void findsTheDigestAtTheEndHoweverTheBytesCome(int piece) {
		take(this.snapshot.bytes(), piece);

		assertThat(this.digest.verify()).isEqualTo(this.snapshot.sha256());
		assertThat(this.digest.size()).isEqualTo(4128);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 4095, 4096, 4127 })
	void refusesASnapshotOfWhichOneBitIsOther(int index) {
		byte[] bytes = this.snapshot.bytes();
		bytes[index] ^= 1;

		take(bytes, 1000);

		assertThatExceptionOfType(EtcdServerException.class).isThrownBy(this.digest::verify)
			.withMessageStartingWith("Snapshot failed: its SHA-256 digest is ")
			.satisfies((failure) -> {
				assertThat(failure.code()).isEqualTo(StatusCode.DATA_LOSS);
				assertThat(failure.isRetryable()).isTrue();
				assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			});
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 31, 512, 4096, 4127 })
	void refusesASnapshotThatEndsTooEarly(int length) {
		take(Arrays.copyOf(this.snapshot.bytes(), length), 1000);

		assertThatExceptionOfType(EtcdServerException.class).isThrownBy(this.digest::verify)
			.withMessageStartingWith("Snapshot failed: it was cut short after " + length
					+ " bytes (expected: a database and the 32 bytes of its digest)");
	}

	@Test
	void refusesASnapshotOfWhichBytesRemain() {
		this.digest.update(new SnapshotChunk(ByteSequence.copyOf(new byte[32]), 4096, Optional.empty()));

		assertThatExceptionOfType(EtcdServerException.class).isThrownBy(this.digest::verify)
			.withMessageStartingWith("Snapshot failed: it was cut short after 32 bytes");
	}

}
