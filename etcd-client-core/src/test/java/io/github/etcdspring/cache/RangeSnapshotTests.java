/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.watch.WatchEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link RangeSnapshot}.
 */
class RangeSnapshotTests {

	private static final RangeSnapshot ABD = RangeSnapshot.of(7,
			Stream.of("a", "b", "d").map((key) -> kv(key, 1)).toList());

	@Test
	void findsAKeyThatIsThereOnly() {
		assertThat(ABD.get(ByteSequence.of("b"))).contains(kv("b", 1));
		assertThat(ABD.get(ByteSequence.of("c"))).isEmpty();
		assertThat(ABD.get(ByteSequence.of("e"))).isEmpty();
		assertThat(RangeSnapshot.EMPTY.get(ByteSequence.of("a"))).isEmpty();
	}

	@Test
	void returnsThePartThatARangeCovers() {
		assertThat(ABD.kvs(KeyRange.between(ByteSequence.of("b"), ByteSequence.of("d")))).containsExactly(kv("b", 1));
		assertThat(ABD.kvs(KeyRange.from(ByteSequence.of("b")))).containsExactly(kv("b", 1), kv("d", 1));
		assertThat(ABD.kvs(KeyRange.key("d"))).containsExactly(kv("d", 1));
		assertThat(ABD.kvs(KeyRange.key("c"))).isEmpty();
		assertThat(ABD.kvs(KeyRange.prefix("x"))).isEmpty();
		assertThat(ABD.kvs(KeyRange.all())).isEqualTo(ABD.kvs());
	}

	@Test
	void followsTheEventsThatItDoesNotHave() {
		WatchEvent.Put replaced = new WatchEvent.Put(kv("b", 8), Optional.empty());
		WatchEvent.Put created = new WatchEvent.Put(kv("c", 9), Optional.empty());
		WatchEvent.Delete deleted = new WatchEvent.Delete(ByteSequence.of("a"), 10, Optional.empty());

		RangeSnapshot one = ABD.after(List.of(replaced));
		RangeSnapshot two = one.after(List.of(created));
		RangeSnapshot three = two.after(List.of(replaced, created, deleted));

		assertThat(one.kvs()).containsExactly(kv("a", 1), kv("b", 8), kv("d", 1));
		assertThat(two.kvs()).containsExactly(kv("a", 1), kv("b", 8), kv("c", 9), kv("d", 1));
		assertThat(three.kvs()).containsExactly(kv("b", 8), kv("c", 9), kv("d", 1));
		assertThat(List.of(one.revision(), two.revision(), three.revision())).containsExactly(8L, 9L, 10L);
		assertThat(three.after(List.of(replaced))).isSameAs(three);
	}

	@Test
	void isLeftAloneByTheOneThatFollows() {
		NavigableMap<ByteSequence, Optional<KeyValue>> changes = new TreeMap<>();
		changes.put(ByteSequence.of("a"), Optional.empty());
		changes.put(ByteSequence.of("c"), Optional.of(kv("c", 8)));
		changes.put(ByteSequence.of("d"), Optional.of(kv("d", 8)));
		changes.put(ByteSequence.of("e"), Optional.empty());

		RangeSnapshot next = ABD.with(8, changes);

		assertThat(next.kvs()).containsExactly(kv("b", 1), kv("c", 8), kv("d", 8));
		assertThat(next.revision()).isEqualTo(8);
		assertThat(ABD.kvs()).containsExactly(kv("a", 1), kv("b", 1), kv("d", 1));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void equalsWhatASortedMapHoldsAfterRandomChanges(long seed) {
		Random random = new Random(seed);
		TreeMap<ByteSequence, KeyValue> expected = new TreeMap<>();
		RangeSnapshot snapshot = RangeSnapshot.EMPTY;

		for (int revision = 1; revision <= 200; revision++) {
			NavigableMap<ByteSequence, Optional<KeyValue>> changes = new TreeMap<>();
			for (int i = random.nextInt(5); i >= 0; i--) {
				String key = String.valueOf(random.nextInt(30));
				changes.put(ByteSequence.of(key),
						random.nextBoolean() ? Optional.of(kv(key, revision)) : Optional.empty());
			}
			changes.forEach((key, change) -> {
				expected.remove(key);
				change.ifPresent((kv) -> expected.put(key, kv));
			});
			snapshot = snapshot.with(revision, changes);
		}

		assertThat(snapshot.kvs()).containsExactlyElementsOf(expected.values());
		assertThat(snapshot.size()).isEqualTo(expected.size());
	}

	@Test
	void returnsListsThatCannotBeChanged() {
		List<KeyValue> kvs = ABD.kvs();

		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> kvs.remove(0));
	}

	@Test
	void returnsAllKeysWithoutACopy() {
		assertThat(ABD.kvs()).isSameAs(ABD.kvs());
	}

	@Test
	void printsItsRevisionAndSizeOnly() {
		assertThat(ABD).hasToString("RangeSnapshot[revision=7, 3 keys]");
	}

	private static KeyValue kv(String key, long revision) {
		return new KeyValue(ByteSequence.of(key), ByteSequence.EMPTY, 1, revision, 1, LeaseId.NONE);
	}

}
