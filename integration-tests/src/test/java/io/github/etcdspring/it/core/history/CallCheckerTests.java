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
import io.github.etcdspring.it.core.history.CallLog.Call;
import io.github.etcdspring.it.core.history.CallLog.Result;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The control of the runs that trust the checker.
 */
class CallCheckerTests {

	private static final ByteSequence K = ByteSequence.of("k");

	private static final History HISTORY = History
		.of(Map.of(5L, Map.of(K, value("a")), 6L, Map.of(K, value("b")), 8L, Map.of(K, value("c"))));

	private static Optional<ByteSequence> value(String text) {
		return Optional.of(ByteSequence.of(text));
	}

	private static Call call(String value, Result result, long revision, long begin) {
		return new Call(K, value(value), result, revision, begin, begin + 5);
	}

	/** What happened, told truthfully. */
	private static List<Call> right() {
		return new ArrayList<>(List.of(call("a", Result.WRITTEN, 5, 0), call("b", Result.UNKNOWN, 0, 10),
				call("x", Result.UNKNOWN, 0, 10), call("y", Result.NOT_APPLIED, 0, 10), call("b", Result.READ, 7, 20),
				call("c", Result.WRITTEN, 8, 30)));
	}

	private static List<String> objections(List<Call> calls) {
		return CallChecker.objections(HISTORY, calls);
	}

	@Test
	void hasNoObjectionWhenCallsAreRight() {
		assertThat(objections(right())).isEmpty();
	}

	@Test
	void objectsWhenSuccessfulWriteIsMissing() {
		List<Call> calls = right();
		calls.add(call("z", Result.WRITTEN, 9, 40));

		assertThat(objections(calls)).singleElement().asString().contains("was written at []");
	}

	@Test
	void objectsWhenRefusedWriteIsThere() {
		List<Call> calls = right();
		calls.set(1, call("b", Result.NOT_APPLIED, 0, 10));

		assertThat(objections(calls)).singleElement().asString().contains("was written at [6]");
	}

	@Test
	void objectsWhenWriteIsThereTwice() {
		History history = History.of(Map.of(5L, Map.of(K, value("a")), 6L, Map.of(K, value("a"))));

		assertThat(CallChecker.objections(history, List.of(call("a", Result.WRITTEN, 5, 0)))).singleElement()
			.asString()
			.contains("was written at [5, 6]");
		assertThat(CallChecker.objections(history, List.of(call("a", Result.UNKNOWN, 0, 0)))).singleElement()
			.asString()
			.contains("was written at [5, 6]");
	}

	@Test
	void objectsWhenRevisionIsAnotherOne() {
		List<Call> calls = right();
		calls.set(0, call("a", Result.WRITTEN, 4, 0));

		assertThat(objections(calls)).singleElement().asString().contains("was written at [5]");
	}

	@Test
	void objectsWhenNobodyWroteTheValue() {
		List<Call> calls = right();
		calls.remove(1);

		assertThat(objections(calls)).containsExactly("nobody wrote b");
	}

	@Test
	void objectsWhenReadIsStale() {
		List<Call> calls = right();
		calls.add(call("b", Result.READ, 7, 40));

		assertThat(objections(calls)).singleElement().asString().contains("began after revision 8");
	}

	@Test
	void objectsWhenReadFindsAnotherValue() {
		List<Call> calls = right();
		calls.set(4, call("a", Result.READ, 7, 20));

		assertThat(objections(calls)).singleElement().asString().contains("should have found");
	}

	@Test
	void objectsWhenWriteGoesBackInTime() {
		List<Call> calls = right();
		calls.set(0, call("a", Result.WRITTEN, 5, 50));

		assertThat(objections(calls)).singleElement().asString().contains("began after revision 8");
	}

	@Test
	void hasNoObjectionWhenConcurrentReadIsOlder() {
		List<Call> calls = right();
		calls.set(4, new Call(K, value("b"), Result.READ, 7, 28, 60));

		assertThat(objections(calls)).isEmpty();
	}

}
