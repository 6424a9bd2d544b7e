/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link SortedKeyValues} and how changes are made to them.
 */
class SortedKeyValuesTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 127, 128, 129, 256, 257, 1000 })
	void holdsWhatItIsMadeOf(int size) {
		List<KeyValue> kvs = IntStream.range(0, size).mapToObj((i) -> kv(i, 1)).toList();

		assertHolds(SortedKeyValues.copyOf(kvs), kvs);
	}

	@Test
	void sharesThePiecesThatDoNotChange() {
		SortedKeyValues kvs = SortedKeyValues.copyOf(IntStream.range(0, 1000).mapToObj((i) -> kv(i, 1)).toList());

		SortedKeyValues changed = SortedKeyValuesBuilder.change(kvs, changes(kv(500, 2)));

		assertThat(changed.get(500).modRevision()).isEqualTo(2);
		assertThat(kvs.get(500).modRevision()).isEqualTo(1);
		assertThat(changed.pieces()).isEqualTo(kvs.pieces());
		assertThat(IntStream.range(0, kvs.pieces()).filter((i) -> changed.piece(i) != kvs.piece(i))).hasSize(1);
	}

	@Test
	void replacesAKeyThatItHasAndNoOther() {
		List<KeyValue> expected = new ArrayList<>(IntStream.range(0, 1000).mapToObj((i) -> kv(2 * i, 1)).toList());
		SortedKeyValues kvs = SortedKeyValues.copyOf(expected);

		for (int index : new int[] { 0, 124, 125, 500, 999 }) {
			KeyValue kv = kv(2 * index, 2);
			expected.set(index, kv);
			SortedKeyValues replaced = Objects.requireNonNull(kvs.replace(kv));
			assertThat(kvs.get(index).modRevision()).isEqualTo(1);
			kvs = replaced;
		}

		assertHolds(kvs, expected);
		assertThat(kvs.replace(kv(251, 2))).isNull();
		assertThat(kvs.replace(kv(2000, 2))).isNull();
		assertThat(kvs.replace(new KeyValue(ByteSequence.of("a"), ByteSequence.EMPTY, 1, 2, 1, LeaseId.NONE))).isNull();
		assertThat(SortedKeyValues.EMPTY.replace(kv(0, 2))).isNull();
	}

	@Test
	void isEmptyWhenAllIsDeletedAndFillsAgain() {
		SortedKeyValues kvs = SortedKeyValues.copyOf(List.of(kv(1, 1), kv(2, 1)));
		NavigableMap<ByteSequence, Optional<KeyValue>> changes = new TreeMap<>();
		changes.put(kv(1, 1).key(), Optional.empty());
		changes.put(kv(2, 1).key(), Optional.empty());
		changes.put(kv(3, 1).key(), Optional.empty());

		SortedKeyValues none = SortedKeyValuesBuilder.change(kvs, changes);

		assertHolds(none, List.of());
		assertHolds(SortedKeyValuesBuilder.change(none, changes(kv(7, 3))), List.of(kv(7, 3)));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void keepsFewPiecesWhenKeysAreDeletedOneByOne(boolean upwards) {
		SortedKeyValues kvs = SortedKeyValues.copyOf(IntStream.range(0, 2000).mapToObj((i) -> kv(i, 1)).toList());

		for (int i = 0; i < 2000; i++) {
			int number = upwards ? i : 1999 - i;
			if (number % 100 != 0) {
				NavigableMap<ByteSequence, Optional<KeyValue>> change = new TreeMap<>();
				change.put(kv(number, 1).key(), Optional.empty());
				kvs = SortedKeyValuesBuilder.change(kvs, change);
			}
		}

		assertThat(kvs).hasSize(20);
		assertThat(kvs.pieces()).isLessThanOrEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void isWhatATreeOfTheSameChangesIs(long seed) {
		Random random = new Random(seed);
		NavigableMap<ByteSequence, KeyValue> expected = new TreeMap<>();
		SortedKeyValues kvs = SortedKeyValues.EMPTY;
		for (int round = 1; round <= 400; round++) {
			NavigableMap<ByteSequence, Optional<KeyValue>> changes = new TreeMap<>();
			int count = 1 + random.nextInt((round % 20 == 0) ? 600 : 5);
			boolean shrinks = (round / 50) % 2 == 1;
			for (int i = 0; i < count; i++) {
				KeyValue kv = kv(random.nextInt(3000), round);
				boolean delete = random.nextInt(10) < (shrinks ? 8 : 2);
				changes.put(kv.key(), delete ? Optional.empty() : Optional.of(kv));
			}
			changes.forEach(
					(key, change) -> change.ifPresentOrElse((kv) -> expected.put(key, kv), () -> expected.remove(key)));

			kvs = SortedKeyValuesBuilder.change(kvs, changes);

			assertHolds(kvs, new ArrayList<>(expected.values()));
			for (int piece = 0; piece < kvs.pieces(); piece++) {
				assertThat(kvs.piece(piece).length).isBetween(1, 2 * SortedKeyValues.PIECE);
			}
		}
	}

	private static void assertHolds(SortedKeyValues kvs, List<KeyValue> expected) {
		assertThat(new ArrayList<>(kvs)).isEqualTo(expected);
		assertThat(kvs).hasSize(expected.size());
		for (int i = 0; i < expected.size(); i++) {
			assertThat(kvs.get(i)).isSameAs(kvs.subList(i, i + 1).get(0)).isEqualTo(expected.get(i));
			assertThat(kvs.indexOf(expected.get(i).key())).isEqualTo(i);
		}
		assertThat(kvs.indexOf(ByteSequence.of("z"))).isEqualTo(expected.size());
		assertThat(kvs.indexOf(ByteSequence.of("a"))).isZero();
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> kvs.get(expected.size()));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> kvs.get(-1));
		assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> kvs.add(kv(0, 0)));
	}

	private static NavigableMap<ByteSequence, Optional<KeyValue>> changes(KeyValue kv) {
		NavigableMap<ByteSequence, Optional<KeyValue>> changes = new TreeMap<>();
		changes.put(kv.key(), Optional.of(kv));
		return changes;
	}

	private static KeyValue kv(int number, long revision) {
		return new KeyValue(ByteSequence.of(String.format("key%06d", number)), ByteSequence.of("value"), 1, revision, 1,
				LeaseId.NONE);
	}

}
