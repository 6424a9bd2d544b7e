/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.internal.Setbacks;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The keys of a range in memory. It reads the range once, page by page at one revision,
 * then follows it with a watch from the next revision on. Each snapshot is what the
 * server held at the snapshot's revision. A key occupies about 130 bytes besides itself
 * and its value. While the cluster cannot be reached the last snapshot stands and
 * {@link #disconnectedFor()} says since when; when the history that the watch needs is
 * compacted, the range is read again and the difference applied.
 * <p>
 * Loading and watching follow one another, so that only one thread at a time writes;
 * everybody may read. Neither waits for user code: listeners that block keep no snapshot
 * from coming, and are told the latest when they return. Thread-safe.
 */
public final class RangeCache implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RangeCache.class);

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final Executor users;

	private final KeyRange range;

	private final CacheContents contents;

	private final CompletableFuture<RangeSnapshot> ready = new CompletableFuture<>();

	private final RevisionWaits waits;

	private final Setbacks setbacks;

	/** The moment since which the snapshot may be old; {@code null} while it is not. */
	private volatile @Nullable Long disconnectedSinceNanos;

	private volatile @Nullable RangeLoad load;

	/** Follows the last read; {@code null} while another is made, or is to be. */
	private volatile @Nullable Follower follower;

	private volatile boolean closed;

	/** Whether the range is read anew since the store has another history. */
	private volatile boolean reset;

	private RangeCache(EtcdClient client, KeyRange range, List<RangeCacheListener> listeners) {
		this.client = OwnSteps.of(client);
		this.users = client.callbackExecutor();
		this.range = range;
		this.setbacks = new Setbacks(client.ticker());
		this.contents = new CacheContents(range, listeners, this.users);
		this.waits = new RevisionWaits(this.client, this.contents,
				new RevisionReads(this.client, range, this.contents, this::putBack));
	}

	/**
	 * Opens a cache. Returns at once; the range is read in the background, for as long as
	 * it takes.
	 * @param client the client; must be closed after the cache
	 * @param range the keys
	 * @param listeners what to tell of every change, the first read included
	 * @return the cache
	 */
	public static RangeCache open(EtcdClient client, KeyRange range, RangeCacheListener... listeners) {
		RangeCache cache = new RangeCache(client, range, List.of(listeners));
		cache.load();
		return cache;
	}

	/**
	 * Returns the keys as last known.
	 * @return the snapshot; without keys, at revision 0, before the first read
	 */
	public RangeSnapshot snapshot() {
		return this.contents.snapshot();
	}

	/**
	 * Waits until the cache holds what the range held at a revision, such as that of a
	 * write which is to be seen. The watch brings it, as a rule. A revision that changed
	 * nothing in the range is confirmed by a read, which the server serves by looking
	 * through the range's keys: one at a time for all who wait.
	 * @param revision the revision
	 * @return a snapshot at it, or at a later one
	 * @throws io.github.etcdspring.EtcdTimeoutException if the client's request timeout
	 * passes before
	 * @throws EtcdClosedException if the cache is closed
	 * @throws HistoryResetException if the cluster is put back to a backup meanwhile
	 * @throws EtcdException if etcd refuses the reads
	 */
	public RangeSnapshot awaitRevision(long revision) {
		return BlockingCall.await(awaitRevisionAsync(revision));
	}

	/**
	 * Waits for a revision: the asynchronous form of {@link #awaitRevision(long)}.
	 * @param revision the revision
	 * @return a future that completes with a snapshot at it, or at a later one, on the
	 * client's callback executor, or is complete already
	 */
	public CompletableFuture<RangeSnapshot> awaitRevisionAsync(long revision) {
		CompletableFuture<RangeSnapshot> reached = this.waits.await(revision);
		return reached.isDone() ? reached : handedOff(reached);
	}

	/**
	 * Reads the range linearizable: the snapshot holds every change that was acknowledged
	 * before. It asks etcd for its present revision, once for all who ask at the same
	 * time, and waits for that as {@link #awaitRevision(long)} does.
	 * @return a snapshot at that revision, or at a later one
	 * @throws io.github.etcdspring.EtcdTimeoutException if the client's request timeout
	 * passes before
	 * @throws EtcdClosedException if the cache is closed
	 * @throws HistoryResetException if the cluster was put back to a backup, and the
	 * cache has not read it anew yet
	 * @throws EtcdException if etcd refuses the read
	 */
	public RangeSnapshot read() {
		return BlockingCall.await(readAsync());
	}

	/**
	 * Reads the range linearizable: the asynchronous form of {@link #read()}.
	 * @return a future that completes with the snapshot, on the client's callback
	 * executor
	 */
	public CompletableFuture<RangeSnapshot> readAsync() {
		return handedOff(this.waits.present());
	}

	/**
	 * Waits for the first read.
	 * @return a future that completes with the first snapshot, on the client's callback
	 * executor, or is complete already; fails with {@link EtcdClosedException} if the
	 * cache is closed before
	 */
	public CompletableFuture<RangeSnapshot> ready() {
		return HandedOff.ofShared(this.ready, this.ready.isDone() ? Runnable::run : this.users);
	}

	/** What is chained to it holds up nothing here. */
	private CompletableFuture<RangeSnapshot> handedOff(CompletableFuture<RangeSnapshot> wait) {
		return HandedOff.of(wait, this.users, (late) -> {
		});
	}

	/**
	 * Returns for how long the snapshot may not have been up to date.
	 * @return the time since the connection was lost; empty while the cache follows the
	 * range
	 */
	public Optional<Duration> disconnectedFor() {
		Long since = this.disconnectedSinceNanos;
		return (since == null) ? Optional.empty()
				: Optional.of(Duration.ofNanos(this.client.ticker().nanoTime() - since));
	}

	private void load() {
		if (this.closed) {
			return;
		}
		RangeSnapshot before = this.contents.snapshot();
		RangeLoad load = new RangeLoad(this.client, this.range);
		this.load = load;
		load.begin().whenComplete((read, failure) -> {
			if (this.closed) {
				return;
			}
			if (failure != null) {
				loadLater(failure);
			}
			else {
				if (read.revision() < before.revision()) {
					hasReset(RevisionReads.reset(before, read.revision()));
				}
				publish(read);
				follow(read.revision() + 1);
			}
		});
		if (this.closed) {
			load.cancel();
		}
	}

	private void follow(long revision) {
		// before the watch is open, since it may tell its first loss at once
		this.disconnectedSinceNanos = null;
		this.setbacks.following();
		Follower follower = new Follower();
		this.follower = follower;
		this.client.watch()
			.openAsync(WatchRequest.of(this.range).from(revision), follower)
			.whenComplete((watch, failure) -> {
				if (failure != null) {
					loadLater(failure);
				}
				else {
					follower.opened(watch);
					this.waits.watched();
				}
			});
	}

	/** Takes the word of a read that the store has another history. */
	private void putBack(HistoryResetException reset) {
		Follower follower = this.follower;
		if (follower != null) {
			follower.end(() -> loadLater(reset));
		}
	}

	/** No revision of before comes any more. */
	private void hasReset(HistoryResetException reset) {
		this.reset = true;
		this.waits.fail(reset);
	}

	private void loadLater(Throwable failure) {
		if (this.closed) {
			return;
		}
		if (failure instanceof EtcdClosedException) {
			close();
			return;
		}
		markDisconnected();
		if (failure instanceof HistoryResetException reset) {
			hasReset(reset);
		}
		if (this.setbacks.add() == 1) {
			Level level = (failure instanceof CompactedException || failure instanceof HistoryResetException)
					? Level.INFO : Level.WARN;
			logger.atLevel(level).log("{} is read anew: {}", this.range, failure.getMessage());
		}
		loadAfterPause();
	}

	/** What is held may not be what the server holds, and no read would tell. */
	private void loadInDoubt() {
		this.reset = true;
		if (this.setbacks.add() == 1) {
			logger.debug("{} is read anew: a key has changed that a read had not shown", this.range);
		}
		loadAfterPause();
	}

	private void loadAfterPause() {
		OwnSteps.later(this.client, this::load, this.setbacks.pause());
	}

	private void markDisconnected() {
		if (this.disconnectedSinceNanos == null) {
			this.disconnectedSinceNanos = this.client.ticker().nanoTime();
		}
	}

	private void publish(RangeSnapshot read) {
		this.contents.replace(read, this.reset);
		this.reset = false;
		this.waits.reached();
		this.ready.complete(this.contents.snapshot());
	}

	/**
	 * Closes the cache: the watch ends, the last snapshot stays. Idempotent.
	 */
	@Override
	public void close() {
		this.closed = true;
		RangeLoad load = this.load;
		if (load != null) {
			load.cancel();
		}
		Follower follower = this.follower;
		if (follower != null) {
			follower.close();
		}
		EtcdClosedException cause = new EtcdClosedException(
				FailureDetails.local("the cache is closed", StatusCode.CANCELLED), null);
		this.contents.close();
		this.ready.completeExceptionally(cause);
		this.waits.close(cause);
	}

	/** Applies what the watch brings, one call at a time, until the watch has ended. */
	private final class Follower implements WatchListener {

		private volatile @Nullable Watch watch;

		/** What follows its end; what the watch brings is void then. */
		private volatile @Nullable Runnable next;

		void opened(Watch watch) {
			this.watch = watch;
			if (RangeCache.this.closed || this.next != null) {
				watch.close();
			}
		}

		/** What follows begins when the watch has ended: it may be telling something. */
		void end(Runnable next) {
			markDisconnected();
			this.next = next;
			close();
		}

		void close() {
			Watch watch = this.watch;
			if (watch != null) {
				watch.close();
			}
		}

		@Override
		public void onEvents(List<WatchEvent> events) {
			if (this.next != null) {
				return;
			}
			if (RangeCache.this.contents.apply(events)) {
				RangeCache.this.waits.reached();
			}
			else {
				end(RangeCache.this::loadInDoubt);
			}
		}

		@Override
		public void onDisconnected() {
			markDisconnected();
		}

		@Override
		public void onResumed() {
			if (this.next == null) {
				RangeCache.this.disconnectedSinceNanos = null;
				RangeCache.this.waits.watched();
			}
		}

		@Override
		public void onClosed(@Nullable EtcdException cause) {
			RangeCache.this.follower = null;
			Runnable next = this.next;
			if (next != null) {
				next.run();
			}
			else if (cause != null) {
				loadLater(cause);
			}
			else if (!RangeCache.this.closed) {
				// with its client
				markDisconnected();
				RangeCache.this.close();
			}
		}

	}

}
