/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import org.jspecify.annotations.Nullable;

/**
 * Tells a listener of events in a namespace with the keys as they are called there.
 */
final class NamespacedListener implements WatchListener {

	private final Namespace namespace;

	private final WatchListener listener;

	NamespacedListener(Namespace namespace, WatchListener listener) {
		this.namespace = namespace;
		this.listener = listener;
	}

	@Override
	public void onEvents(List<WatchEvent> events) {
		this.listener.onEvents(events.stream().map(this.namespace::strip).toList());
	}

	/** It was read in the namespace. */
	@Override
	public void onSnapshot(WatchBatch.Snapshot snapshot) {
		this.listener.onSnapshot(snapshot);
	}

	@Override
	public boolean goesOnAfter(Throwable failure) {
		return this.listener.goesOnAfter(failure);
	}

	@Override
	public void onProgress(long revision) {
		this.listener.onProgress(revision);
	}

	@Override
	public void onDisconnected() {
		this.listener.onDisconnected();
	}

	@Override
	public void onResumed() {
		this.listener.onResumed();
	}

	@Override
	public void onClosed(@Nullable EtcdException cause) {
		this.listener.onClosed(cause);
	}

}
