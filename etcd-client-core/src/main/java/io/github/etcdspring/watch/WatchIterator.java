/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.watch;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

import io.github.etcdspring.EtcdException;

/**
 * A watch that is read batch by batch, in the order and wholeness of
 * {@link WatchListener#onEvents}. It asks for a batch when it is asked for one: what
 * comes meanwhile waits in the watch's bounded buffer, and when that is full on the
 * server. Used by one thread at a time; {@link #close()} by any.
 */
public interface WatchIterator extends Iterator<WatchBatch>, AutoCloseable {

	/**
	 * Waits for a batch, for as long as it takes.
	 * @return whether there is one; {@code false} only after {@link #close()}
	 * @throws EtcdException if the watch has ended for another reason, see
	 * {@link WatchListener#onClosed}: its client is closed, its place is compacted, and
	 * so on; an {@link io.github.etcdspring.EtcdCancelledException}, with the interrupt
	 * flag set, if the thread is interrupted: the watch goes on
	 */
	@Override
	boolean hasNext();

	/**
	 * Waits for a batch and takes it.
	 * @return the batch
	 * @throws NoSuchElementException after {@link #close()}
	 * @throws EtcdException as {@link #hasNext()}
	 */
	@Override
	WatchBatch next();

	/**
	 * Waits for a batch, for some time, and takes it.
	 * @param timeout how long to wait at most; zero or less for what is there
	 * @return the batch; empty if none came in time
	 * @throws NoSuchElementException after {@link #close()}
	 * @throws EtcdException as {@link #hasNext()}
	 */
	Optional<WatchBatch> next(Duration timeout);

	/**
	 * Ends the watch. A thread that waits for a batch is told that there is none.
	 * Idempotent.
	 */
	@Override
	void close();

}
