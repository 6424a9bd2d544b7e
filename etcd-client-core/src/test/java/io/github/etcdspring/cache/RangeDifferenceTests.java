/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link RangeDifference}.
 */
class RangeDifferenceTests {

	private static final RangeSnapshot EARLIER = RangeSnapshot.of(7, List.of(kv("a", 1), kv("b", 2), kv("d", 3)));

	@Test
	void namesWhatIsNewWhatIsChangedAndWhatIsGone() {
		RangeSnapshot later = RangeSnapshot.of(9, List.of(kv("b", 8), kv("c", 9), kv("d", 3)));

		RangeDifference difference = later.since(EARLIER);

		assertThat(difference.put()).containsExactly(kv("b", 8), kv("c", 9));
		assertThat(difference.deleted()).containsExactly(ByteSequence.of("a"));
		assertThat(difference.isEmpty()).isFalse();
		assertThat(difference).hasToString("RangeDifference[2 put, 1 deleted]");
	}

	@Test
	void doesNotNameWhatStaysBesideWhatIsGone() {
		RangeDifference difference = RangeSnapshot.of(9, List.of(kv("b", 2), kv("d", 3))).since(EARLIER);

		assertThat(difference.put()).isEmpty();
		assertThat(difference.deleted()).containsExactly(ByteSequence.of("a"));
	}

	@Test
	void isEmptyBetweenSnapshotsThatHoldTheSame() {
		assertThat(EARLIER.at(20).since(EARLIER).isEmpty()).isTrue();
	}

	@Test
	void namesAllKeysSinceTheEmptySnapshot() {
		assertThat(EARLIER.since(RangeSnapshot.EMPTY).put()).isEqualTo(EARLIER.kvs());
		assertThat(RangeSnapshot.EMPTY.since(EARLIER).deleted()).hasSize(3);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3 })
	void turnsTheEarlierIntoTheLater(long seed) {
		Random random = new Random(seed);
		RangeSnapshot before = random(random, 1);
		RangeSnapshot after = random(random, 100);

		RangeDifference difference = after.since(before);

		Map<ByteSequence, KeyValue> applied = new HashMap<>();
		before.kvs().forEach((kv) -> applied.put(kv.key(), kv));
		difference.deleted().forEach(applied::remove);
		difference.put().forEach((kv) -> applied.put(kv.key(), kv));
		assertThat(new ArrayList<>(new TreeMap<>(applied).values())).isEqualTo(after.kvs());
	}

	private static RangeSnapshot random(Random random, long revision) {
		TreeMap<ByteSequence, KeyValue> kvs = new TreeMap<>();
		for (int i = 0; i < 200; i++) {
			KeyValue kv = kv("key" + random.nextInt(300), revision);
			kvs.put(kv.key(), kv);
		}
		return RangeSnapshot.of(revision, new ArrayList<>(kvs.values()));
	}

	private static KeyValue kv(String key, long modRevision) {
		return new KeyValue(ByteSequence.of(key), ByteSequence.of("value"), 1, modRevision, 1, LeaseId.NONE);
	}

}
