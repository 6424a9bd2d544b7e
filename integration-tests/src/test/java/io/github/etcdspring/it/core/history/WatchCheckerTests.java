/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.watch.WatchEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The control of every run that trusts the checker: it objects to each way in which a
 * watch can be wrong, and to nothing else.
 */
class WatchCheckerTests {

	private static final ByteSequence A = ByteSequence.of("a");

	private static final ByteSequence B = ByteSequence.of("b");

	private static final History HISTORY = History.of(Map.of(5L, Map.of(A, value("1")), 6L,
			Map.of(A, value("2"), B, value("1")), 7L, Map.of(B, Optional.empty()), 9L, Map.of(A, value("3"))));

	private static Optional<ByteSequence> value(String text) {
		return Optional.of(ByteSequence.of(text));
	}

	private static WatchEvent put(ByteSequence key, String value, long revision) {
		return new WatchEvent.Put(new KeyValue(key, ByteSequence.of(value), 5, revision, 1, LeaseId.NONE),
				Optional.empty());
	}

	private static WatchEvent delete(ByteSequence key, long revision) {
		return new WatchEvent.Delete(key, revision, Optional.empty());
	}

	/** What a watch must tell, one revision a call. */
	private static List<List<WatchEvent>> right() {
		return new ArrayList<>(List.of(List.of(put(A, "1", 5)), List.of(put(A, "2", 6), put(B, "1", 6)),
				List.of(delete(B, 7)), List.of(put(A, "3", 9))));
	}

	private static List<String> objections(List<List<WatchEvent>> calls) {
		return WatchChecker.objections(HISTORY, calls);
	}

	@Test
	void hasNoObjectionWhenWatchIsRight() {
		assertThat(objections(right())).isEmpty();
	}

	@Test
	void hasNoObjectionWhenOneCallBringsManyRevisions() {
		assertThat(objections(List.of(right().stream().flatMap(List::stream).toList()))).isEmpty();
	}

	@Test
	void objectsWhenRevisionIsDropped() {
		List<List<WatchEvent>> calls = right();
		calls.remove(2);

		assertThat(objections(calls)).containsExactly("missing: b at 7");
	}

	@Test
	void objectsWhenOneEventOfRevisionIsDropped() {
		List<List<WatchEvent>> calls = right();
		calls.set(1, List.of(put(A, "2", 6)));

		assertThat(objections(calls)).containsExactly("missing: b at 6");
	}

	@Test
	void objectsWhenLastRevisionIsDropped() {
		List<List<WatchEvent>> calls = right();
		calls.remove(3);

		assertThat(objections(calls)).containsExactly("missing: a at 9");
	}

	@Test
	void objectsWhenRevisionIsToldTwice() {
		List<List<WatchEvent>> calls = right();
		calls.add(2, calls.get(1));

		assertThat(objections(calls)).contains("twice: a at 6", "twice: b at 6");
	}

	@Test
	void objectsWhenEventIsTwiceInOneCall() {
		List<List<WatchEvent>> calls = right();
		calls.set(0, List.of(put(A, "1", 5), put(A, "1", 5)));

		assertThat(objections(calls)).containsExactly("twice: a at 5");
	}

	@Test
	void objectsWhenRevisionIsSplit() {
		List<List<WatchEvent>> calls = right();
		calls.set(1, List.of(put(A, "2", 6)));
		calls.add(2, List.of(put(B, "1", 6)));

		assertThat(objections(calls)).containsExactly("revision 6 is split over two calls");
	}

	@Test
	void objectsWhenOrderIsWrong() {
		List<List<WatchEvent>> calls = right();
		calls.add(0, calls.remove(3));

		assertThat(objections(calls)).contains("revision 5 after 9");
	}

	@Test
	void objectsWhenEventNeverHappened() {
		List<List<WatchEvent>> calls = right();
		calls.add(3, List.of(put(A, "x", 8)));

		assertThat(objections(calls)).containsExactly("never happened: a at 8");
	}

	@Test
	void objectsWhenValueIsWrong() {
		List<List<WatchEvent>> calls = right();
		calls.set(3, List.of(put(A, "x", 9)));

		assertThat(objections(calls)).containsExactly("other value: a at 9");
	}

	@Test
	void objectsWhenDeletionIsToldAsPut() {
		List<List<WatchEvent>> calls = right();
		calls.set(2, List.of(put(B, "1", 7)));

		assertThat(objections(calls)).containsExactly("other value: b at 7");
	}

	@Test
	void objectsWhenCallIsEmpty() {
		List<List<WatchEvent>> calls = right();
		calls.add(0, List.of());

		assertThat(objections(calls)).containsExactly("empty call after revision 0");
	}

	@Test
	void expectsOnlyWhatIsWatchedWhenRangeAndStartAreNarrow() {
		History seen = HISTORY.seenBy(KeyRange.key(B), 7);

		assertThat(WatchChecker.objections(seen, List.of(List.of(delete(B, 7))))).isEmpty();
		assertThat(seen.events()).isEqualTo(1);
	}

}
