/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link KeyValue}.
 */
class KeyValueTests {

	@Test
	void printsItsKeyAndRevisionsAndNeverItsValue() {
		KeyValue kv = new KeyValue(ByteSequence.of("key"), ByteSequence.of("secret"), 3, 4, 2, new LeaseId(-5));

		assertThat(kv)
			.hasToString("KeyValue[key=key, value=6 bytes, createRevision=3, modRevision=4, version=2, lease=-5]");
	}

	@Test
	void isEqualToOneWithTheSameKeyValueAndRevisions() {
		KeyValue kv = new KeyValue(ByteSequence.of("ab"), ByteSequence.of("c"), 3, 4, 2, LeaseId.NONE);

		assertThat(kv).isEqualTo(new KeyValue(ByteSequence.of("ab"), ByteSequence.of("c"), 3, 4, 2, LeaseId.NONE))
			.hasSameHashCodeAs(new KeyValue(ByteSequence.of("ab"), ByteSequence.of("c"), 3, 4, 2, LeaseId.NONE))
			.isNotEqualTo(new KeyValue(ByteSequence.of("a"), ByteSequence.of("bc"), 3, 4, 2, LeaseId.NONE))
			.isNotEqualTo(new KeyValue(ByteSequence.of("ab"), ByteSequence.of("c"), 3, 5, 2, LeaseId.NONE))
			.isNotEqualTo(new KeyValue(ByteSequence.of("ab"), ByteSequence.of("c"), 3, 4, 2, new LeaseId(1)));
	}

	@Test
	void takesCopiesOfBuffersAndLeavesTheirPositions() {
		byte[] bytes = "-key-value-".getBytes(StandardCharsets.UTF_8);
		ByteBuffer key = ByteBuffer.wrap(bytes, 1, 3);
		ByteBuffer value = ByteBuffer.wrap(bytes, 5, 5);

		KeyValue kv = KeyValue.copyOf(key, value, 3, 4, 2, new LeaseId(7));
		Arrays.fill(bytes, (byte) 0);

		assertThat(kv)
			.isEqualTo(new KeyValue(ByteSequence.of("key"), ByteSequence.of("value"), 3, 4, 2, new LeaseId(7)));
		assertThat(key.remaining()).isEqualTo(3);
		assertThat(value.remaining()).isEqualTo(5);
	}

	@Test
	void letsGoOfALongValueWhoseKeyIsKept() {
		byte[] value = new byte[4 << 20];
		Runtime runtime = Runtime.getRuntime();
		System.gc();
		long before = runtime.totalMemory() - runtime.freeMemory();

		List<ByteSequence> keys = IntStream.range(0, 64)
			.mapToObj((i) -> new KeyValue(ByteSequence.of("key" + i), ByteSequence.copyOf(value), 3, 4, 2, LeaseId.NONE)
				.key())
			.toList();

		await().until(() -> {
			System.gc();
			return runtime.totalMemory() - runtime.freeMemory() < before + (128L << 20);
		});
		assertThat(keys).hasSize(64).contains(ByteSequence.of("key63"));
	}

	@Test
	void tellsItsPartsWhateverTheirLengths() {
		for (int size : new int[] { 0, 1, 1024, 1025, 5000 }) {
			ByteSequence part = ByteSequence.of("x".repeat(size));

			KeyValue kv = new KeyValue(part, ByteSequence.of("other"), 3, 4, 2, LeaseId.NONE);
			KeyValue turned = new KeyValue(ByteSequence.of("other"), part, 3, 4, 2, LeaseId.NONE);

			assertThat(kv.key()).isEqualTo(part).isEqualTo(turned.value());
			assertThat(kv.value()).isEqualTo(ByteSequence.of("other")).isEqualTo(turned.key());
		}
	}

}
