/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.maintenance.SavedSnapshot;
import io.github.etcdspring.maintenance.SnapshotChunk;
import org.jspecify.annotations.Nullable;

/**
 * Writes a snapshot to a file. The file is made before the snapshot is asked for, so that
 * a folder that cannot be written costs no member anything. A save may be cancelled by
 * any thread, which deletes what was written before it goes on.
 */
final class SnapshotSave implements Flow.Subscriber<SnapshotChunk> {

	/** How many chunks are asked for before the first is written. */
	private static final int AHEAD = 8;

	private final Path target;

	private final CompletableFuture<SavedSnapshot> saved = new CompletableFuture<>();

	/** Guards the fields below, and the file. */
	private final ReentrantLock lock = new ReentrantLock();

	private final SnapshotDigest digest = new SnapshotDigest();

	private @Nullable PendingFile file;

	private Flow.@Nullable Subscription subscription;

	private Optional<String> version = Optional.empty();

	private boolean ended;

	private SnapshotSave(Path target) {
		this.target = target.toAbsolutePath();
	}

	/**
	 * Begins a save.
	 * @param snapshot what to save; is asked for chunks as they are written
	 * @param target where to
	 * @param executor runs what may take its time
	 */
	static CompletableFuture<SavedSnapshot> begin(Flow.Publisher<SnapshotChunk> snapshot, Path target,
			Executor executor) {
		SnapshotSave save = new SnapshotSave(target);
		save.saved.whenComplete((file, failure) -> {
			if (save.saved.isCancelled()) {
				save.discard();
			}
		});
		executor.execute(() -> save.start(snapshot));
		return save.saved;
	}

	private void start(Flow.Publisher<SnapshotChunk> snapshot) {
		unlessEnded(() -> {
			this.file = PendingFile.create(this.target);
			snapshot.subscribe(this);
		});
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.lock.lock();
		try {
			this.subscription = subscription;
			if (this.ended) {
				subscription.cancel();
			}
			else {
				subscription.request(AHEAD);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void onNext(SnapshotChunk chunk) {
		unlessEnded(() -> {
			Objects.requireNonNull(this.file).write(chunk.bytes().asReadOnlyByteBuffer());
			this.digest.update(chunk);
			this.version = chunk.version();
			Objects.requireNonNull(this.subscription).request(1);
		});
	}

	@Override
	public void onError(Throwable failure) {
		fail(failure);
	}

	@Override
	public void onComplete() {
		unlessEnded(() -> {
			String sha256 = this.digest.verify();
			Objects.requireNonNull(this.file).replaceTarget();
			this.ended = true;
			this.saved.complete(new SavedSnapshot(this.target, this.digest.size(), sha256, this.version));
		});
	}

	private void unlessEnded(Step step) {
		this.lock.lock();
		try {
			if (!this.ended) {
				step.take();
			}
		}
		catch (IOException ex) {
			fail(new UncheckedIOException("snapshot: " + this.target + " cannot be written: " + ex, ex));
		}
		catch (Throwable ex) {
			// nobody else ends the save
			fail(ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void fail(Throwable failure) {
		discard();
		this.saved.completeExceptionally(failure);
	}

	private void discard() {
		this.lock.lock();
		try {
			if (this.ended) {
				return;
			}
			this.ended = true;
			if (this.subscription != null) {
				this.subscription.cancel();
			}
			if (this.file != null) {
				this.file.discard();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Something that may meet a disk that does not want to. */
	@FunctionalInterface
	private interface Step {

		void take() throws IOException;

	}

}
