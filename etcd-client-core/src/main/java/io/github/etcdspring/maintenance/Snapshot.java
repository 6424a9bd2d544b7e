/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.maintenance;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import io.github.etcdspring.EtcdException;

/**
 * The database of one member as it is at one moment, to be streamed or saved. Nothing is
 * asked for before that; each subscription and each save is a snapshot of its own,
 * perhaps of another member. Immutable.
 * <p>
 * The bytes of all chunks, one after the other, are the file that
 * {@code etcdctl snapshot save} writes: the database, and the SHA-256 digest of it in the
 * last 32 bytes. The digest is checked in every case: a snapshot that is cut short or
 * damaged fails with an {@link io.github.etcdspring.EtcdServerException} of the code
 * {@link io.github.etcdspring.StatusCode#DATA_LOSS} that is retryable, and never
 * completes.
 * <p>
 * Another member is tried while none has sent anything. A snapshot that breaks off later
 * fails: the next one is of another moment, so there is nothing to resume. The request
 * timeout bounds each silence of the member, and not the whole.
 */
public interface Snapshot extends Flow.Publisher<SnapshotChunk> {

	/**
	 * Begins a stream of the snapshot. The subscriber is called on the client's callback
	 * executor, one call at a time; no more is read from the member than it asks for, but
	 * for a few chunks. What it keeps of a snapshot is to be trusted when it completes,
	 * and not before.
	 * @param subscriber takes the chunks, the last one being the digest; fails with an
	 * {@link EtcdException}
	 */
	@Override
	void subscribe(Flow.Subscriber<? super SnapshotChunk> subscriber);

	/**
	 * Saves the snapshot. It is written to another file in the same folder, readable by
	 * its owner alone where the file system has permissions, forced to the disk, checked,
	 * and only then renamed to the target, which is replaced if it exists. On any failure
	 * that other file is deleted, and the target is as it was.
	 * <p>
	 * Interrupting the waiting thread gives the snapshot up, leaves the interrupt flag
	 * set and throws {@link io.github.etcdspring.EtcdCancelledException}.
	 * @param target the file; its folder exists
	 * @return what was saved
	 * @throws java.io.UncheckedIOException if the file cannot be written: no such folder,
	 * no permission, a full disk
	 * @throws EtcdException if the snapshot could not be had, or is not what the member
	 * sent
	 */
	SavedSnapshot saveTo(Path target);

	/**
	 * Saves the snapshot: the asynchronous form of {@link #saveTo(Path)}. Files are
	 * written on the client's callback executor. Cancelling the future gives the snapshot
	 * up, and returns when the file that was begun is deleted.
	 * @param target the file; its folder exists
	 * @return the future result
	 */
	CompletableFuture<SavedSnapshot> saveToAsync(Path target);

}
