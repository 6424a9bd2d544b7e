/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.ArgumentsProvider;
import org.junit.jupiter.params.support.ParameterDeclarations;

/**
 * How runs are made: {@code -Dit.seed} is the first seed, taken from the clock if it is
 * not set; {@code -Dit.seeds} how many runs follow one another, each with the next seed;
 * {@code -Dit.seconds} how long each lasts; {@code -Dit.rounds} how often runs that are
 * counted in rounds are gone through. The seed decides what each thread wants, not how
 * threads meet.
 */
public final class RunSettings implements ArgumentsProvider {

	private static final long FIRST_SEED = Long.getLong("it.seed", System.currentTimeMillis());

	private static final int SEEDS = Integer.getInteger("it.seeds", 1);

	/**
	 * {@return how long a run lasts}
	 * @param defaultSeconds unless it is set
	 */
	static Duration duration(int defaultSeconds) {
		return Duration.ofSeconds(Integer.getInteger("it.seconds", defaultSeconds));
	}

	/**
	 * {@return how many rounds there are; one unless it is set}
	 */
	public static int rounds() {
		return Integer.getInteger("it.rounds", 1);
	}

	@Override
	public Stream<Arguments> provideArguments(ParameterDeclarations parameters, ExtensionContext context) {
		return LongStream.range(FIRST_SEED, FIRST_SEED + SEEDS).mapToObj(Arguments::of);
	}

}
