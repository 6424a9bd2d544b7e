/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;

/**
 * How transactions are run. Immutable.
 *
 * @param isolation what transactions may see of each other;
 * {@link IsolationLevel#SERIALIZABLE_SNAPSHOT} by default
 * @param maxAttempts how often the body is run at most, at least 1; 32 by default
 * @param backoff how long to pause after every second conflict, the next attempt after
 * the others following at once, with what the conflict has read anew; by default from 5
 * ms on, twice as long each time, up to 320 ms, give or take a half
 * @param prefetch keys to read before the body, in one call; none by default. They guard
 * the commit only if the body reads them; immutable
 */
public record StmOptions(IsolationLevel isolation, int maxAttempts, Backoff backoff, List<ByteSequence> prefetch) {

	private static final StmOptions DEFAULTS = new StmOptions(IsolationLevel.SERIALIZABLE_SNAPSHOT, 32,
			new Backoff(Duration.ofMillis(5), 2, Duration.ofMillis(320), 0.5), List.of());

	/**
	 * Takes a copy of the list and checks the number of attempts.
	 * @param isolation what transactions may see of each other
	 * @param maxAttempts how often the body is run at most
	 * @param backoff how long to pause after every second conflict
	 * @param prefetch keys to read before the body
	 * @throws IllegalArgumentException if {@code maxAttempts} is below 1, or a key to
	 * prefetch is empty
	 */
	public StmOptions {
		Objects.requireNonNull(isolation, "isolation");
		Objects.requireNonNull(backoff, "backoff");
		prefetch = List.copyOf(prefetch);
		if (maxAttempts < 1) {
			throw new IllegalArgumentException("maxAttempts: " + maxAttempts + " (expected: at least 1)");
		}
		if (prefetch.stream().anyMatch(ByteSequence::isEmpty)) {
			throw new IllegalArgumentException("a key to prefetch is empty (expected: at least one byte)");
		}
	}

	/**
	 * Returns options with every default.
	 * @return the options
	 */
	public static StmOptions defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns these options with another level.
	 * @param isolation what transactions may see of each other
	 * @return new options
	 */
	public StmOptions withIsolation(IsolationLevel isolation) {
		return new StmOptions(isolation, this.maxAttempts, this.backoff, this.prefetch);
	}

	/**
	 * Returns these options with another bound on attempts.
	 * @param maxAttempts how often the body is run at most, at least 1
	 * @return new options
	 * @throws IllegalArgumentException if it is below 1
	 */
	public StmOptions withMaxAttempts(int maxAttempts) {
		return new StmOptions(this.isolation, maxAttempts, this.backoff, this.prefetch);
	}

	/**
	 * Returns these options with another pause between attempts.
	 * @param backoff how long to pause after every second conflict
	 * @return new options
	 */
	public StmOptions withBackoff(Backoff backoff) {
		return new StmOptions(this.isolation, this.maxAttempts, backoff, this.prefetch);
	}

	/**
	 * Returns these options with other keys to read before the body.
	 * @param keys the keys, none empty
	 * @return new options
	 * @throws IllegalArgumentException if one is empty
	 */
	public StmOptions withPrefetch(ByteSequence... keys) {
		return new StmOptions(this.isolation, this.maxAttempts, this.backoff, List.of(keys));
	}

}
