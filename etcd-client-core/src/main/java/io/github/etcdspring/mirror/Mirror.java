/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.BoundedWait;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.internal.Setbacks;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A copy of a prefix that follows its source: Go's {@code mirror.Syncer}, with somebody
 * to write. It reads all keys in pages at one revision, then takes the changes from the
 * next revision on, all of a revision together, each revision once, in order. When
 * changes are lost for good, since their history is compacted or the source was put back
 * to a backup, it reads all keys anew, and deletes what is gone. What may pass is tried
 * again for as long as it takes; what does not, such as a permission that is missing,
 * {@linkplain #end() ends} the mirror.
 * <p>
 * Into a cluster it writes all changes of a source revision in one transaction, unless
 * they are more than the {@linkplain MirrorTarget#withMaxOperations limit} of the target
 * allows or larger than it takes: a deletion of many keys, as a rule. Those are split, in
 * key order; the revision is reached when the last part is written. A target that was put
 * back to a backup is noticed with the next write, and all keys are copied anew.
 * <p>
 * <strong>Not guaranteed</strong>: a copy that is up to date, since it follows. While all
 * keys are copied the target is a mix of what it was and what it becomes. Revisions,
 * versions and leases are not copied: the target's keys have its own, and are on no
 * lease. A key whose lease ends in the source is deleted in the target when the mirror
 * hears of it, and stays while there is no mirror. The mirror remembers nothing beyond
 * its life: {@link #revision()} tells from where the next can go on.
 * <p>
 * No more is held than a few pages of keys and the bounded buffer of a watch.
 * Thread-safe; it has no thread of its own.
 */
public final class Mirror implements AutoCloseable {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private static final Logger logger = LoggerFactory.getLogger(Mirror.class);

	/** The view for the library's own steps. */
	private final EtcdClient source;

	private final Executor users;

	private final MirrorRequest request;

	private final KeyRange range;

	private final MirrorSink sink;

	private final MirrorNews news;

	private final CompletableFuture<Long> ready = new CompletableFuture<>();

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	private volatile long revision;

	private volatile boolean closed;

	// the fields below: written by one step at a time

	private volatile @Nullable SteppedSubscriber<?> reading;

	private final Setbacks setbacks;

	private Mirror(EtcdClient source, MirrorRequest request, MirrorSink sink, MirrorNews news) {
		this.source = OwnSteps.of(source);
		this.setbacks = new Setbacks(source.ticker());
		this.users = source.callbackExecutor();
		this.request = request;
		this.range = KeyRange.prefix(request.prefix());
		this.sink = sink;
		this.news = news;
	}

	/**
	 * Opens a mirror into a cluster. Returns at once.
	 * @param source a client of the cluster to copy from; must be closed after the mirror
	 * @param request what to copy
	 * @param target where to, another cluster or another prefix
	 * @param listeners what to tell of its progress
	 * @return the mirror
	 * @throws IllegalArgumentException if source and target are one client and one prefix
	 * contains the other: the mirror would copy its copy
	 */
	public static Mirror open(EtcdClient source, MirrorRequest request, MirrorTarget target,
			MirrorListener... listeners) {
		ByteSequence from = request.prefix();
		ByteSequence to = target.prefix();
		if (source == target.client() && (from.startsWith(to) || to.startsWith(from))) {
			throw new IllegalArgumentException(
					"prefixes: '" + from + "' into '" + to + "' (expected: apart from each other in one cluster)");
		}
		return open(source, request, new ClusterSink(from, target),
				new MirrorNews(source.callbackExecutor(), listeners));
	}

	/**
	 * Opens a mirror that hands the copy over. Returns at once.
	 * @param source a client of the cluster to copy from; must be closed after the mirror
	 * @param request what to copy
	 * @param consumer who takes the copy
	 * @param listeners what to tell of its progress
	 * @return the mirror
	 */
	public static Mirror open(EtcdClient source, MirrorRequest request, MirrorConsumer consumer,
			MirrorListener... listeners) {
		Executor users = source.callbackExecutor();
		return open(source, request, new ConsumerSink(users, consumer), new MirrorNews(users, listeners));
	}

	private static Mirror open(EtcdClient source, MirrorRequest request, MirrorSink sink, MirrorNews news) {
		Mirror mirror = new Mirror(source, request, sink, news);
		mirror.source.callbackExecutor().execute(mirror::begin);
		return mirror;
	}

	/**
	 * Returns how far the copy is.
	 * @return the revision of the source at which the copy was last known to be the
	 * source's prefix; 0 before the first
	 */
	public long revision() {
		return this.revision;
	}

	/**
	 * Waits for the first time that the copy is complete.
	 * @return a future that completes with the revision reached then: that at which all
	 * keys were copied or, if the mirror goes on from a revision, the one before; fails
	 * as {@link #end()} does, and with an {@link EtcdClosedException} if the mirror is
	 * closed before. Completes on the source's callback executor, or is complete already
	 */
	public CompletableFuture<Long> ready() {
		return handedOff(this.ready);
	}

	/**
	 * Waits for the end.
	 * @return a future that completes when the mirror is closed, and fails when it ends
	 * by itself: with an {@link EtcdException} that does not pass, with an
	 * {@link EtcdClosedException} if a client is closed, with what its consumer has
	 * thrown, with an {@link IllegalStateException} if another mirror writes to the same
	 * target
	 */
	public CompletableFuture<Void> end() {
		return handedOff(this.end);
	}

	/** What is chained to it holds up nothing here. */
	private <T> CompletableFuture<T> handedOff(CompletableFuture<T> future) {
		return HandedOff.ofShared(future, future.isDone() ? Runnable::run : this.users);
	}

	private void begin() {
		if (this.request.startRevision() == 0) {
			copyAll();
		}
		else if (!this.closed) {
			resume(this.request.startRevision());
		}
	}

	/** A source that was put back meanwhile is behind, and would be silent for long. */
	private void resume(long start) {
		RangeRequest present = RangeRequest.builder(KeyRange.key(this.range.start())).countOnly().build();
		this.sink.resume()
			.thenCompose((nothing) -> this.source.kv().getAsync(present))
			.whenComplete((result, failure) -> {
				if (failure != null) {
					failed(SteppedSubscriber.bare(failure), this::begin);
				}
				else if (result.revision() < start - 1) {
					lost(new HistoryResetException(
							FailureDetails.local("the source is behind what was copied", StatusCode.DATA_LOSS),
							start - 1, result.revision(), null));
				}
				else {
					reached(start - 1).thenRun(() -> follow(start));
				}
			});
	}

	private void copyAgain(Throwable reason) {
		if (!this.closed) {
			this.news.relists(reason).thenRun(this::copyAll);
		}
	}

	private void copyAll() {
		if (this.closed) {
			return;
		}
		long[] revision = new long[1];
		SteppedSubscriber<RangePage> pages = new SteppedSubscriber<>((page) -> {
			boolean first = revision[0] == 0;
			revision[0] = page.revision();
			return first ? this.sink.begin(page.revision()).thenCompose((nothing) -> this.sink.page(page))
					: this.sink.page(page);
		});
		read(pages, () -> this.source.kv().pages(RangeRequest.of(this.range)).subscribe(pages));
		pages.done().thenCompose((nothing) -> this.sink.end(revision[0])).whenComplete((nothing, failure) -> {
			if (failure == null) {
				reached(revision[0]).thenRun(() -> follow(revision[0] + 1));
			}
			else {
				lost(SteppedSubscriber.bare(failure));
			}
		});
	}

	private void follow(long from) {
		if (this.closed) {
			return;
		}
		this.setbacks.following();
		SteppedSubscriber<WatchBatch> changes = new SteppedSubscriber<>(this::take);
		read(changes, () -> this.source.watch().publisher(WatchRequest.of(this.range).from(from)).subscribe(changes));
		changes.done().whenComplete((nothing, failure) -> {
			if (failure != null) {
				lost(failure);
			}
		});
	}

	/** So that whoever closes the mirror meanwhile, on either side, ends the reading. */
	private void read(SteppedSubscriber<?> subscriber, Runnable subscription) {
		this.reading = subscriber;
		if (this.closed) {
			subscriber.cancel();
		}
		subscription.run();
	}

	private CompletableFuture<Void> take(WatchBatch batch) {
		CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);
		List<WatchEvent> together = new ArrayList<>();
		for (WatchEvent event : ((WatchBatch.Events) batch).events()) {
			if (!together.isEmpty() && together.get(0).revision() != event.revision()) {
				taken = taken.thenCompose(step(together));
				together = new ArrayList<>();
			}
			together.add(event);
		}
		return taken.thenCompose(step(together));
	}

	private Function<Void, CompletableFuture<Void>> step(List<WatchEvent> together) {
		List<WatchEvent> events = List.copyOf(together);
		long revision = events.get(0).revision();
		return (nothing) -> this.sink.changes(revision, events).thenCompose((done) -> reached(revision));
	}

	private CompletableFuture<Void> reached(long revision) {
		if (this.closed) {
			return CompletableFuture.completedFuture(null);
		}
		this.revision = revision;
		return this.news.reached(revision).thenRun(() -> this.ready.complete(revision));
	}

	private void lost(Throwable failure) {
		failed(failure, () -> copyAgain(failure));
	}

	private void failed(Throwable failure, Runnable next) {
		boolean lost = failure instanceof CompactedException || failure instanceof HistoryResetException;
		boolean passes = lost || (failure instanceof EtcdException etcd && etcd.isRetryable());
		if (this.closed) {
			return;
		}
		if (!passes) {
			Throwable thrown = failure.getCause();
			fail((failure instanceof ConsumerFailure && thrown != null) ? thrown : failure);
			return;
		}
		if (this.setbacks.add() == 1) {
			logger.info("mirror of {} begins anew: {}", this.range, failure.getMessage());
		}
		OwnSteps.later(this.source, next, this.setbacks.pause());
	}

	private void fail(Throwable failure) {
		this.closed = true;
		this.sink.close();
		this.ready.completeExceptionally(failure);
		this.end.completeExceptionally(failure);
	}

	static EtcdClosedException closedException() {
		return new EtcdClosedException(FailureDetails.local("the mirror is closed", StatusCode.CANCELLED), null);
	}

	/**
	 * Ends the mirror. Nothing is handed over or written any more; a call of a consumer
	 * that is under way is not waited for, and a write under way may still be applied.
	 * Takes the mirror's own key back from the target: waits 2 s at most for that, also
	 * when the thread is interrupted; a key left behind does no harm. Idempotent.
	 */
	@Override
	public void close() {
		if (this.closed) {
			return;
		}
		this.closed = true;
		SteppedSubscriber<?> reading = this.reading;
		if (reading != null) {
			reading.cancel();
		}
		if (!BoundedWait.await(this.sink.close(), this.source.ticker(), CLOSE_TIMEOUT)) {
			logger.debug("the key of the mirror of {} in the target was not deleted in time", this.range);
		}
		this.ready.completeExceptionally(closedException());
		this.end.complete(null);
	}

}
