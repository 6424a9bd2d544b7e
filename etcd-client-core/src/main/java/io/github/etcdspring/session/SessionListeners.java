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

/**
 * Who is told of a session: one call at a time, in order, on another executor. What waits
 * for one that is removed is dropped. Thread-safe.
 */
final class SessionListeners {

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
		this.listeners.forEach((listener) -> this.calls.execute(() -> {
			if (this.listeners.contains(listener)) {
				call.accept(listener);
			}
		}));
	}

}
