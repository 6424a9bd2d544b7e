/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import org.jspecify.annotations.Nullable;

/**
 * What a transaction does: reads and writes keys through its handle, and makes a value.
 * It is run again after every conflict, from the start and with a new handle, so it
 * should do nothing else that another run must not repeat.
 *
 * @param <T> what it returns
 * @param <E> what it throws to abort the transaction; {@link RuntimeException} if nothing
 * is checked
 */
@FunctionalInterface
public interface StmBody<T extends @Nullable Object, E extends Exception> {

	/**
	 * Does the work of one attempt.
	 * @param transaction the handle, for this thread and until this method ends
	 * @return what the caller gets if the attempt is committed
	 * @throws E to abort: nothing is written then, and the caller gets the exception
	 */
	T run(StmTransaction transaction) throws E;

}
