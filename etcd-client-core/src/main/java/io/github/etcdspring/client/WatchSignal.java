/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchListener;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be told to a watch's listener: one call of it.
 */
sealed interface WatchSignal {

	void tell(WatchListener listener);

	/** Events, or the range anew. */
	record Batch(WatchBatch batch, long bytes) implements WatchSignal {

		@Override
		public void tell(WatchListener listener) {
			if (this.batch instanceof WatchBatch.Events events) {
				listener.onEvents(events.events());
			}
			else if (this.batch instanceof WatchBatch.Snapshot snapshot) {
				listener.onSnapshot(snapshot);
			}
		}

	}

	/** There are no more events up to a revision. */
	record Progress(long revision) implements WatchSignal {

		@Override
		public void tell(WatchListener listener) {
			listener.onProgress(this.revision);
		}

	}

	/** Somebody waits until all before it has been told. */
	record Mark(Runnable task) implements WatchSignal {

		@Override
		public void tell(WatchListener listener) {
			this.task.run();
		}

	}

	/** The connection is lost, or there again. */
	record Connection(boolean connected) implements WatchSignal {

		@Override
		public void tell(WatchListener listener) {
			if (this.connected) {
				listener.onResumed();
			}
			else {
				listener.onDisconnected();
			}
		}

	}

	/** The last one. */
	record End(@Nullable EtcdException cause) implements WatchSignal {

		@Override
		public void tell(WatchListener listener) {
			listener.onClosed(this.cause);
		}

	}

}
