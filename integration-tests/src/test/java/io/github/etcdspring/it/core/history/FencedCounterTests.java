/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The control of the runs that trust the checker.
 */
class FencedCounterTests {

	private static final ByteSequence COUNTER = ByteSequence.of("counter");

	/** Makes a history of numbers and tokens, one revision after the other. */
	private static History history(long... numbersAndTokens) {
		Map<Long, Map<ByteSequence, Optional<ByteSequence>>> revisions = new TreeMap<>();
		for (int i = 0; i < numbersAndTokens.length; i += 2) {
			revisions.put((long) i,
					Map.of(COUNTER, Optional.of(FencedCounter.value(numbersAndTokens[i], numbersAndTokens[i + 1]))));
		}
		return History.of(revisions);
	}

	@Test
	void hasNoObjectionWhenHoldersFollowOneAnother() {
		assertThat(FencedCounter.objections(history(1, 10, 2, 10, 3, 20),
				List.of(FencedCounter.value(1, 10), FencedCounter.value(3, 20))))
			.isEmpty();
	}

	@Test
	void objectsWhenUpdateIsLost() {
		assertThat(FencedCounter.objections(history(1, 10, 2, 20, 2, 20), List.of())).singleElement()
			.asString()
			.startsWith("lost update");
	}

	@Test
	void objectsWhenOldTokenIsAccepted() {
		assertThat(FencedCounter.objections(history(1, 10, 2, 20, 3, 10), List.of())).singleElement()
			.asString()
			.startsWith("old token accepted");
	}

	@Test
	void objectsWhenAcknowledgedWriteIsMissing() {
		assertThat(FencedCounter.objections(history(1, 10), List.of(FencedCounter.value(2, 10))))
			.containsExactly("acknowledged and not there: 2 10");
	}

	@Test
	void readsNumberWhenThereIsOne() {
		assertThat(FencedCounter.number(Optional.empty())).isZero();
		assertThat(FencedCounter.number(Optional.of(FencedCounter.value(7, 1)))).isEqualTo(7);
	}

}
