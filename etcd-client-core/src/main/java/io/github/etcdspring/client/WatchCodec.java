/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchCreateRequest.FilterType;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;

/**
 * Translates the Watch contract to etcd's messages and back.
 */
final class WatchCodec {

	/** What a key occupies besides its bytes. */
	private static final int OVERHEAD = 128;

	private WatchCodec() {
	}

	/**
	 * Asks for progress notes, so that the place of a quiet watch moves on and is not
	 * compacted away, and for large answers in fragments, so that only one event can meet
	 * a size limit.
	 */
	static WatchProto.WatchRequest create(WatchRequest request, long id, long startRevision) {
		KeyRange range = request.range();
		WatchProto.WatchCreateRequest.Builder create = WatchProto.WatchCreateRequest.newBuilder()
			.setKey(KvCodec.bytes(range.start()))
			.setRangeEnd(KvCodec.rangeEnd(range))
			.setWatchId(id)
			.setStartRevision(startRevision)
			.setPrevKv(request.returnsPrevious())
			.setProgressNotify(true)
			.setFragment(true);
		if (!request.returnsPuts()) {
			create.addFilters(FilterType.NOPUT);
		}
		if (!request.returnsDeletes()) {
			create.addFilters(FilterType.NODELETE);
		}
		return WatchProto.WatchRequest.newBuilder().setCreateRequest(create).build();
	}

	static WatchProto.WatchRequest progress() {
		return WatchProto.WatchRequest.newBuilder()
			.setProgressRequest(WatchProto.WatchProgressRequest.getDefaultInstance())
			.build();
	}

	static WatchProto.WatchRequest cancel(long watchId) {
		return WatchProto.WatchRequest.newBuilder()
			.setCancelRequest(WatchProto.WatchCancelRequest.newBuilder().setWatchId(watchId))
			.build();
	}

	/** Returns what a batch occupies, about. */
	static long sizeOf(WatchBatch batch) {
		long size = 0;
		if (batch instanceof WatchBatch.Snapshot snapshot) {
			for (KeyValue kv : snapshot.kvs()) {
				size += OVERHEAD + sizeOf(kv);
			}
		}
		else if (batch instanceof WatchBatch.Events events) {
			for (WatchEvent event : events.events()) {
				size += OVERHEAD + event.previous().map((kv) -> kv.value().size()).orElse(0);
				size += (event instanceof WatchEvent.Put put) ? sizeOf(put.kv()) : event.key().size();
			}
		}
		return size;
	}

	private static long sizeOf(KeyValue kv) {
		return (long) kv.key().size() + kv.value().size();
	}

}
