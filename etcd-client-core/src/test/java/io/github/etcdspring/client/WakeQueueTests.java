/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

/**
 * Tests of {@link WakeQueue}.
 */
class WakeQueueTests {

	private final WakeQueue<Named> queue = new WakeQueue<>();

	private final Named a = new Named("a");

	private final Named b = new Named("b");

	private final Named c = new Named("c");

	@Test
	void hasNobodyFirstWhenItIsEmpty() {
		assertThatObject(this.queue.first()).isNull();
	}

	@Test
	void hasWhoeverWakesFirstFirst() {
		this.queue.put(this.a, 2);
		this.queue.put(this.b, 1);
		this.queue.put(this.c, 3);

		assertThatObject(this.queue.first()).isSameAs(this.b);
		assertThat(this.b.wakeNanos()).isEqualTo(1);
	}

	@Test
	void movesOneThatWakesEarlierThanBefore() {
		this.queue.put(this.a, 2);
		this.queue.put(this.b, 3);

		this.queue.put(this.b, 1);

		assertThat(drained()).containsExactly(this.b, this.a);
	}

	@Test
	void movesOneThatWakesLaterThanBefore() {
		this.queue.put(this.a, 2);
		this.queue.put(this.b, 3);

		this.queue.put(this.a, 4);

		assertThat(drained()).containsExactly(this.b, this.a);
	}

	@Test
	void knowsNothingOfOneThatWasRemoved() {
		this.queue.put(this.a, 1);
		this.queue.put(this.b, 2);

		this.queue.remove(this.a);

		assertThat(drained()).containsExactly(this.b);
	}

	@Test
	void removesNobodyForOneThatIsNotThere() {
		this.queue.put(this.a, 1);

		this.queue.remove(this.b);

		assertThat(drained()).containsExactly(this.a);
	}

	@Test
	void takesOneAgainThatWasRemoved() {
		this.queue.put(this.a, 1);
		this.queue.remove(this.a);

		this.queue.put(this.a, 2);

		assertThat(drained()).containsExactly(this.a);
	}

	@Test
	void ordersReadingsOfAClockThatOverflows() {
		this.queue.put(this.a, Long.MIN_VALUE + 1);
		this.queue.put(this.b, Long.MAX_VALUE - 1);

		assertThat(drained()).containsExactly(this.b, this.a);
	}

	@RepeatedTest(20)
	void isInOrderWhateverIsPutMovedAndRemoved(RepetitionInfo repetition) {
		Random random = new Random(repetition.getCurrentRepetition());
		List<Named> all = new ArrayList<>();
		List<Named> expected = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			all.add(new Named(String.valueOf(i)));
		}
		for (int i = 0; i < 2_000; i++) {
			Named entry = all.get(random.nextInt(all.size()));
			expected.remove(entry);
			if (random.nextInt(3) == 0) {
				this.queue.remove(entry);
			}
			else {
				this.queue.put(entry, random.nextInt(1_000));
				expected.add(entry);
			}
			assertThat(firstNanos(this.queue.first()))
				.isEqualTo(firstNanos(expected.stream().min(Comparator.comparingLong(Named::wakeNanos)).orElse(null)));
		}

		List<Named> drained = drained();

		assertThat(drained).containsExactlyInAnyOrderElementsOf(expected);
		assertThat(drained).isSortedAccordingTo(Comparator.comparingLong(Named::wakeNanos));
	}

	private static long firstNanos(@Nullable Named first) {
		return (first != null) ? first.wakeNanos() : -1;
	}

	private List<Named> drained() {
		List<Named> drained = new ArrayList<>();
		for (Named first = this.queue.first(); first != null; first = this.queue.first()) {
			drained.add(first);
			this.queue.remove(first);
		}
		return drained;
	}

	private static final class Named extends WakeQueue.Entry {

		private final String name;

		Named(String name) {
			this.name = name;
		}

		@Override
		public String toString() {
			return this.name;
		}

	}

}
