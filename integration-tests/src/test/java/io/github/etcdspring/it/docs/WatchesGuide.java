/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Flow;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchIterator;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;

/**
 * The snippets of {@code docs/client/watches.md}.
 */
final class WatchesGuide {

	private WatchesGuide() {
	}

	static Watch follow(EtcdClient client, List<String> changes) {
		return client.watch().open(WatchRequest.of(KeyRange.prefix("orders/")), (events) -> {
			for (WatchEvent event : events) {
				boolean written = event instanceof WatchEvent.Put;
				changes.add((written ? "+" : "-") + event.key().toUtf8());
			}
		});
	}

	static Watch followFrom(EtcdClient client, RangeResult read, WatchListener listener) {
		WatchRequest request = WatchRequest.of(KeyRange.prefix("orders/")).from(read.revision() + 1);
		return client.watch().open(request, listener);
	}

	static void subscribe(EtcdClient client, Flow.Subscriber<WatchBatch> subscriber) {
		client.watch().publisher(WatchRequest.of(KeyRange.prefix("orders/"))).subscribe(subscriber);
	}

	static Optional<WatchBatch> nextChange(EtcdClient client, Duration timeout) {
		try (WatchIterator changes = client.watch().iterator(WatchRequest.of(KeyRange.prefix("orders/")))) {
			return changes.next(timeout);
		}
	}

	static Watch mirror(EtcdClient client, Map<ByteSequence, ByteSequence> copy) {
		return client.watch().open(WatchRequest.of(KeyRange.prefix("orders/")).withRelist(), new WatchListener() {

			@Override
			public void onEvents(List<WatchEvent> events) {
				for (WatchEvent event : events) {
					if (event instanceof WatchEvent.Put put) {
						copy.put(put.key(), put.kv().value());
					}
					else {
						copy.remove(event.key());
					}
				}
			}

			@Override
			public void onSnapshot(WatchBatch.Snapshot snapshot) {
				copy.clear();
				snapshot.kvs().forEach((kv) -> copy.put(kv.key(), kv.value()));
			}

		});
	}

	static void awaitCaughtUp(EtcdClient client, Watch watch) {
		long written = client.kv().get("orders/").revision();
		while (watch.progress() < written) {
			Thread.onSpinWait();
		}
	}

}
