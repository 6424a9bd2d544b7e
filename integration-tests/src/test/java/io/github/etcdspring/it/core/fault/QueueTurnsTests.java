/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.it.core.history.History;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The control of the runs that trust the turns.
 */
class QueueTurnsTests {

	private static final KeyRange QUEUE = KeyRange.prefix("lock/");

	private static final ByteSequence LOG = ByteSequence.of("log");

	private final Map<Long, Map<ByteSequence, Optional<ByteSequence>>> revisions = new TreeMap<>();

	private void enter(long revision, String who) {
		this.revisions.put(revision, Map.of(ByteSequence.of("lock/" + who), Optional.of(ByteSequence.EMPTY)));
	}

	private void leave(long revision, String who) {
		this.revisions.put(revision, Map.of(ByteSequence.of("lock/" + who), Optional.empty()));
	}

	private void write(long revision, long token) {
		this.revisions.put(revision, Map.of(LOG, Optional.of(ByteSequence.of("" + token))));
	}

	@Test
	void hasNoObjectionWhenOneTurnFollowsTheOther() {
		enter(10, "a");
		enter(11, "b");
		write(12, 10);
		write(13, 10);
		leave(14, "a");
		write(15, 11);
		enter(16, "a");
		write(17, 11);
		leave(18, "b");
		write(19, 16);

		assertThat(QueueTurns.objections(History.of(this.revisions), QUEUE, LOG)).isEmpty();
	}

	@Test
	void objectsToTurnWhileAnOlderKeyStandsAndToTurnThatGoesOn() {
		enter(10, "a");
		enter(11, "b");
		write(12, 10);
		write(13, 11);
		write(14, 10);

		assertThat(QueueTurns.objections(History.of(this.revisions), QUEUE, LOG)).containsExactly(
				"out of turn: 11 before 10 with lock/a", "overlap: the turn of 10 went on after that of 11");
	}

}
