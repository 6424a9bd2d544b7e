/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;

/**
 * What follows from a look at the keys.
 *
 * @param <T> what it is all done for
 */
sealed interface Step<T> {

	/**
	 * There is a result.
	 *
	 * @param result the result
	 */
	record Done<T>(T result) implements Step<T> {
	}

	/**
	 * Something must happen before another look.
	 *
	 * @param range what to watch, from the revision after that of the look
	 * @param awaited tells the events that make a look worth its while
	 */
	record Await<T>(WatchRequest range, Predicate<WatchEvent> awaited) implements Step<T> {
	}

	/**
	 * Something is to be done, which may be done twice.
	 *
	 * @param call does it
	 * @param result makes the result; nothing makes for another look
	 */
	record Act<A, T>(Supplier<CompletableFuture<A>> call, Function<A, Optional<T>> result) implements Step<T> {
	}

	/**
	 * Something is to be done once: not again if it may have been done.
	 *
	 * @param call does it
	 * @param result makes the result; nothing makes for another look
	 */
	record ActOnce<A, T>(Supplier<CompletableFuture<A>> call, Function<A, Optional<T>> result) implements Step<T> {
	}

}
