/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.github.etcdspring.ByteSequence;

/**
 * A counter that whoever holds a lock reads, then writes with its token. Says whether a
 * history of it can have come about by one holder at a time (P5, L2): each write is one
 * more than the one before, and no token is lower than one before.
 */
public final class FencedCounter {

	private FencedCounter() {
	}

	/**
	 * {@return what a holder writes}
	 * @param number one more than it has read
	 * @param token of its hold
	 */
	public static ByteSequence value(long number, long token) {
		return ByteSequence.of(number + " " + token);
	}

	/**
	 * {@return the number in a value; 0 if there is none}
	 * @param value what was read
	 */
	public static long number(Optional<ByteSequence> value) {
		return value.map((bytes) -> Write.of(bytes).number()).orElse(0L);
	}

	/**
	 * Checks.
	 * @param history all writes of the counter
	 * @param acknowledged what holders were told had been written
	 * @return what is wrong; empty if nothing is
	 */
	public static List<String> objections(History history, List<ByteSequence> acknowledged) {
		List<String> objections = new ArrayList<>();
		Set<ByteSequence> written = new HashSet<>();
		Write last = new Write(0, 0);
		for (Map.Entry<Long, Map<ByteSequence, Optional<ByteSequence>>> revision : history.revisions().entrySet()) {
			for (Optional<ByteSequence> value : revision.getValue().values()) {
				Write write = Write.of(value.orElseThrow());
				if (write.number() != last.number() + 1) {
					objections.add("lost update: " + write + " after " + last + " at " + revision.getKey());
				}
				if (write.token() < last.token()) {
					objections.add("old token accepted: " + write + " after " + last + " at " + revision.getKey());
				}
				written.add(value.orElseThrow());
				last = write;
			}
		}
		acknowledged.stream()
			.filter((value) -> !written.contains(value))
			.forEach((value) -> objections.add("acknowledged and not there: " + value));
		return objections;
	}

	private record Write(long number, long token) {

		static Write of(ByteSequence value) {
			String[] parts = value.toUtf8().split(" ", 2);
			return new Write(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
		}

	}

}
