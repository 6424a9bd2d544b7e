/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.etcdspring.internal.OwnSteps;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is told of a session: one call at a time, in order, on another executor; those of
 * this library in the calling thread, so that they wait for nobody. What waits for one
 * that is removed is dropped. Thread-safe.
 */
final class SessionListeners {

	private static final Logger logger = LoggerFactory.getLogger(SessionListeners.class);

	private final SerialExecutor calls;

	private final List<SessionListener> listeners = new CopyOnWriteArrayList<>();

	SessionListeners(Executor executor) {
		this.calls = new SerialExecutor(executor);
	}

	void add(SessionListener listener) {
		this.listeners.add(Objects.requireNonNull(listener, "listener"));
	}

	void remove(SessionListener listener) {
		this.listeners.remove(listener);
	}

	void tell(Consumer<SessionListener> call) {
		for (SessionListener listener : this.listeners) {
			if (listener instanceof OwnSteps.Listener) {
				tellOwn(listener, call);
			}
			else {
				this.calls.execute(() -> tell(listener, call));
			}
		}
	}

	private static void tellOwn(SessionListener listener, Consumer<SessionListener> call) {
		try {
			call.accept(listener);
		}
		catch (RuntimeException ex) {
			// what follows here must not depend on it
			logger.error("session listener failed", ex);
		}
	}

	private void tell(SessionListener listener, Consumer<SessionListener> call) {
		if (this.listeners.contains(listener)) {
			call.accept(listener);
		}
	}

}
