/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnOperation;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link PageDifference}.
 */
class PageDifferenceTests {

	private final Random random = new Random(20261126);

	private Map<ByteSequence, ByteSequence> keys() {
		Map<ByteSequence, ByteSequence> keys = new TreeMap<>();
		this.random.ints(this.random.nextInt(12), 0, 20)
			.forEach((key) -> keys.put(ByteSequence.of("k%02d".formatted(key)),
					ByteSequence.of("" + this.random.nextInt(2))));
		return keys;
	}

	private static KeyValue kv(ByteSequence key, ByteSequence value, long lease) {
		return new KeyValue(key, value, 5, 5, 1, new LeaseId(lease));
	}

	private static void apply(List<TxnOperation> operations, Map<ByteSequence, ByteSequence> keys) {
		for (TxnOperation operation : operations) {
			if (operation instanceof PutRequest put) {
				keys.put(put.key(), put.value());
			}
			else if (operation instanceof DeleteRequest delete) {
				assertThat(keys.remove(delete.range().start())).isNotNull();
			}
		}
	}

	@Test
	void makesWhatIsThereEqualToWhatIsWanted() {
		for (int i = 0; i < 2_000; i++) {
			Map<ByteSequence, ByteSequence> wanted = keys();
			Map<ByteSequence, ByteSequence> there = keys();
			List<PutRequest> puts = new ArrayList<>();
			wanted.forEach((key, value) -> puts.add(PutRequest.of(key, value)));
			List<KeyValue> found = new ArrayList<>();
			there.forEach((key, value) -> found.add(kv(key, value, 0)));
			PageDifference difference = new PageDifference(puts);
			int cut = this.random.nextInt(found.size() + 1);

			apply(difference.upTo(found.subList(0, cut)), there);
			apply(difference.upTo(found.subList(cut, found.size())), there);
			apply(difference.rest(), there);

			assertThat(there).isEqualTo(wanted);
		}
	}

	@Test
	void leavesAloneWhatIsTheSame() {
		ByteSequence key = ByteSequence.of("k");
		ByteSequence value = ByteSequence.of("v");

		assertThat(new PageDifference(List.of(PutRequest.of(key, value))).upTo(List.of(kv(key, value, 0)))).isEmpty();
	}

	@Test
	void writesWhatIsTheSameButOnALease() {
		ByteSequence key = ByteSequence.of("k");
		ByteSequence value = ByteSequence.of("v");

		assertThat(new PageDifference(List.of(PutRequest.of(key, value))).upTo(List.of(kv(key, value, 7)))).hasSize(1);
	}

}
