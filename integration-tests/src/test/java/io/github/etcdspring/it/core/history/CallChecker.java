/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.it.core.history.CallLog.Call;
import io.github.etcdspring.it.core.history.CallLog.Result;

/**
 * Holds what clients were told of their calls against the history (P1, C1, C2): a write
 * that succeeded is there once, at its revision; one that was not applied is not; one
 * whose outcome is unknown is there once at most. Revisions follow real time, and a read
 * finds what the history holds at its revision.
 */
public final class CallChecker {

	private final List<String> objections = new ArrayList<>();

	/** For each value the revisions that wrote it. */
	private final Map<ByteSequence, List<Long>> written = new HashMap<>();

	/** For each key what it held from which revision on. */
	private final Map<ByteSequence, NavigableMap<Long, Optional<ByteSequence>>> states = new HashMap<>();

	private CallChecker(History history) {
		history.revisions().forEach((revision, changes) -> changes.forEach((key, value) -> {
			value.ifPresent((bytes) -> this.written.computeIfAbsent(bytes, (each) -> new ArrayList<>()).add(revision));
			this.states.computeIfAbsent(key, (each) -> new TreeMap<>()).put(revision, value);
		}));
	}

	/**
	 * Checks.
	 * @param history all that was written in the keys of the calls
	 * @param calls all calls
	 * @return what is wrong; empty if nothing is
	 */
	public static List<String> objections(History history, List<Call> calls) {
		CallChecker checker = new CallChecker(history);
		Set<ByteSequence> known = new HashSet<>();
		for (Call call : calls) {
			if (call.result() == Result.READ) {
				checker.checkRead(call);
			}
			else {
				known.add(call.value().orElseThrow());
				checker.checkWrite(call);
			}
		}
		checker.written.keySet()
			.stream()
			.filter((value) -> !known.contains(value))
			.forEach((value) -> checker.objections.add("nobody wrote " + value));
		checker.checkRealTime(calls);
		return checker.objections;
	}

	private void checkWrite(Call call) {
		List<Long> revisions = this.written.getOrDefault(call.value().orElseThrow(), List.of());
		boolean right = switch (call.result()) {
			case WRITTEN -> revisions.equals(List.of(call.revision()));
			case NOT_APPLIED -> revisions.isEmpty();
			case UNKNOWN -> revisions.size() <= 1;
			case READ -> true;
		};
		if (!right) {
			this.objections.add(call + " was written at " + revisions);
		}
	}

	private void checkRead(Call call) {
		Map.Entry<Long, Optional<ByteSequence>> state = this.states.getOrDefault(call.key(), new TreeMap<>())
			.floorEntry(call.revision());
		Optional<ByteSequence> expected = (state != null) ? state.getValue() : Optional.empty();
		if (!expected.equals(call.value())) {
			this.objections.add(call + " should have found " + expected);
		}
	}

	/** What began after another had ended has no lower revision, and a write a higher. */
	private void checkRealTime(List<Call> calls) {
		List<Call> answered = calls.stream().filter((call) -> call.revision() > 0).toList();
		List<Call> byBegin = answered.stream().sorted(Comparator.comparingLong(Call::begin)).toList();
		List<Call> byEnd = answered.stream().sorted(Comparator.comparingLong(Call::end)).toList();
		long highest = 0;
		int ended = 0;
		for (Call call : byBegin) {
			while (byEnd.get(ended).end() < call.begin()) {
				highest = Math.max(highest, byEnd.get(ended).revision());
				ended++;
			}
			long least = (call.result() == Result.WRITTEN) ? highest + 1 : highest;
			if (call.revision() < least) {
				this.objections.add(call + " began after revision " + highest + " had been answered");
			}
		}
	}

}
