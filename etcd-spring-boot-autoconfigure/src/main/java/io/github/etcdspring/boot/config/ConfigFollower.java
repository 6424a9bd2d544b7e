/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Follows one import. It watches every context from the revision after the snapshot's on;
 * an event says only that something changed. When no more come for a moment, all contexts
 * are read again at one revision, so that what is shown is never a mixture of two,
 * however the events of the contexts were spread over time. A watch that has ended is
 * replaced from the next snapshot on. One read at a time; the lock is never held while
 * one is under way.
 */
final class ConfigFollower implements AutoCloseable {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(250), 2, Duration.ofSeconds(2), 0.5);

	private static final Log logger = LogFactory.getLog(ConfigFollower.class);

	private final EtcdClient client;

	private final LiveConfig live;

	/** Told of a new snapshot, which need not differ; not under the lock. */
	private final BiConsumer<LiveConfig, ConfigSnapshot> onSnapshot;

	private final ReentrantLock lock = new ReentrantLock();

	// the fields below: guarded by lock

	private List<Watch> watches = List.of();

	private @Nullable Future<?> planned;

	private long firstChangeNanos;

	private boolean reading;

	private boolean changedWhileReading;

	private boolean watchAgain;

	private int failures;

	private boolean closed;

	ConfigFollower(LiveConfig live, BiConsumer<LiveConfig, ConfigSnapshot> onSnapshot) {
		// where it was read, which may be another cluster than that of the client bean
		this.client = live.reader().client();
		this.live = live;
		this.onSnapshot = onSnapshot;
	}

	void start() {
		long revision = this.live.snapshot().revision();
		this.lock.lock();
		try {
			if (revision == 0) {
				this.watchAgain = true;
				plan(Duration.ZERO);
			}
			else {
				watch(revision + 1);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void watch(long revision) {
		this.watchAgain = false;
		this.watches.forEach(Watch::close);
		List<Watch> opened = new ArrayList<>();
		for (ConfigContext context : this.live.contexts()) {
			// a watch with a start opens without a question to the server
			opened
				.add(this.client.watch().open(WatchRequest.of(context.range()).from(revision), new ContextListener()));
		}
		this.watches = opened;
	}

	private void changed(long revision) {
		this.lock.lock();
		try {
			if (this.closed || revision <= this.live.snapshot().revision()) {
				return;
			}
			if (this.reading) {
				this.changedWhileReading = true;
			}
			else {
				planAfterQuiet();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Waits for a quiet moment, but not for ever. */
	private void planAfterQuiet() {
		long now = this.client.ticker().nanoTime();
		if (this.planned == null) {
			this.firstChangeNanos = now;
		}
		EtcdConfigProperties.Watch settings = this.live.properties().watch();
		long latest = this.firstChangeNanos + settings.maxDelay().toNanos() - now;
		plan(Duration.ofNanos(Math.max(0, Math.min(settings.debounce().toNanos(), latest))));
	}

	private void plan(Duration delay) {
		if (this.planned != null) {
			this.planned.cancel(false);
		}
		this.planned = this.client.scheduler()
			.schedule(() -> this.client.callbackExecutor().execute(this::read), delay);
	}

	private void read() {
		this.lock.lock();
		try {
			if (this.closed || this.reading) {
				return;
			}
			this.planned = null;
			this.reading = true;
			this.changedWhileReading = false;
		}
		finally {
			this.lock.unlock();
		}
		this.live.reader().readAsync().whenComplete((snapshot, failure) -> {
			try {
				if (failure == null) {
					this.onSnapshot.accept(this.live, snapshot);
				}
			}
			finally {
				haveRead(snapshot, causeOf(failure));
			}
		});
	}

	private static @Nullable Throwable causeOf(@Nullable Throwable failure) {
		return (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause() : failure;
	}

	private void haveRead(@Nullable ConfigSnapshot snapshot, @Nullable Throwable failure) {
		this.lock.lock();
		try {
			this.reading = false;
			if (this.closed || failure instanceof EtcdClosedException) {
				return;
			}
			if (snapshot == null) {
				readLater(failure);
				return;
			}
			this.failures = 0;
			if (this.watchAgain) {
				watch(snapshot.revision() + 1);
			}
			if (this.changedWhileReading) {
				planAfterQuiet();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void readLater(@Nullable Throwable failure) {
		this.failures++;
		if (this.failures == 1) {
			logger.warn("Configuration can not be read from etcd, the last one stays: " + failure);
		}
		plan(BACKOFF.delay(this.failures));
	}

	private void watchEnded(EtcdException cause) {
		this.lock.lock();
		try {
			if (this.closed) {
				return;
			}
			logger.debug("Configuration is read anew: " + cause.getMessage());
			this.watchAgain = true;
			if (!this.reading && this.planned == null) {
				plan(BACKOFF.delay(1));
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.watches.forEach(Watch::close);
			if (this.planned != null) {
				this.planned.cancel(false);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/** One context's watch. */
	private final class ContextListener implements WatchListener {

		@Override
		public void onEvents(List<WatchEvent> events) {
			changed(events.get(events.size() - 1).revision());
		}

		@Override
		public void onClosed(@Nullable EtcdException cause) {
			if (cause != null) {
				watchEnded(cause);
			}
		}

	}

}
