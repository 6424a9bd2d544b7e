/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.mirror.Mirror;
import io.github.etcdspring.mirror.MirrorConsumer;
import io.github.etcdspring.mirror.MirrorListener;
import io.github.etcdspring.mirror.MirrorRequest;
import io.github.etcdspring.mirror.MirrorTarget;
import io.github.etcdspring.watch.WatchEvent;

/**
 * The snippets of {@code docs/client/mirror.md}.
 */
final class MirrorGuide {

	private MirrorGuide() {
	}

	static Mirror copy(EtcdClient source, EtcdClient target) {
		return Mirror.open(source, MirrorRequest.of("config/"), MirrorTarget.of(target, "backup/config/"));
	}

	static Mirror resume(EtcdClient source, EtcdClient target, long reached, LongConsumer store) {
		MirrorRequest all = MirrorRequest.of("config/");
		MirrorRequest request = (reached == 0) ? all : all.from(reached + 1);
		return Mirror.open(source, request, MirrorTarget.of(target, "backup/config/"), new MirrorListener() {

			@Override
			public void onReached(long revision) {
				store.accept(revision);
			}

		});
	}

	static Mirror follow(EtcdClient source, Map<ByteSequence, ByteSequence> copy) {
		return Mirror.open(source, MirrorRequest.of("config/"), new MirrorConsumer() {

			@Override
			public void onBaseBegin(long revision) {
				copy.clear();
			}

			@Override
			public void onBase(List<KeyValue> kvs) {
				kvs.forEach((kv) -> copy.put(kv.key(), kv.value()));
			}

			@Override
			public void onBaseEnd(long revision) {
			}

			@Override
			public void onChanges(long revision, List<WatchEvent> events) {
				for (WatchEvent event : events) {
					if (event instanceof WatchEvent.Put put) {
						copy.put(put.key(), put.kv().value());
					}
					else {
						copy.remove(event.key());
					}
				}
			}

		});
	}

}
