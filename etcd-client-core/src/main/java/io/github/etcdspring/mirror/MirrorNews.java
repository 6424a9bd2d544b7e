/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.List;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listeners of a mirror, in the calling thread, and goes on whatever they do.
 */
final class MirrorNews {

	private static final Logger logger = LoggerFactory.getLogger(MirrorNews.class);

	private final List<MirrorListener> listeners;

	MirrorNews(MirrorListener... listeners) {
		this.listeners = List.of(listeners);
	}

	void reached(long revision) {
		tell((listener) -> listener.onReached(revision));
	}

	void relists(Throwable reason) {
		tell((listener) -> listener.onRelist(reason));
	}

	private void tell(Consumer<MirrorListener> call) {
		for (MirrorListener listener : this.listeners) {
			try {
				call.accept(listener);
			}
			catch (Throwable ex) {
				// it is another's fault, whatever it is
				logger.error("a listener of a mirror failed", ex);
			}
		}
	}

}
