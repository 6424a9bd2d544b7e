/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.KeyValue;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.internal.proto.WatchProto.WatchCreateRequest.FilterType;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;

/**
 * Writes the requests of a watch stream, and weighs what comes.
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
	static MessageWriter.Body create(WatchRequest request, long id, long startRevision) {
		return (message) -> message.message(WatchProto.WatchRequest.CREATE_REQUEST_FIELD_NUMBER,
				(create) -> write(create, request, id, startRevision));
	}

	private static void write(MessageWriter create, WatchRequest request, long id, long startRevision) {
		KvRequests.range(create, WatchProto.WatchCreateRequest.KEY_FIELD_NUMBER,
				WatchProto.WatchCreateRequest.RANGE_END_FIELD_NUMBER, Namespace.NONE, request.range());
		create.number(WatchProto.WatchCreateRequest.START_REVISION_FIELD_NUMBER, startRevision);
		create.flag(WatchProto.WatchCreateRequest.PROGRESS_NOTIFY_FIELD_NUMBER, true);
		if (!request.returnsPuts()) {
			create.chosenNumber(WatchProto.WatchCreateRequest.FILTERS_FIELD_NUMBER, FilterType.NOPUT_VALUE);
		}
		if (!request.returnsDeletes()) {
			create.chosenNumber(WatchProto.WatchCreateRequest.FILTERS_FIELD_NUMBER, FilterType.NODELETE_VALUE);
		}
		create.flag(WatchProto.WatchCreateRequest.PREV_KV_FIELD_NUMBER, request.returnsPrevious());
		create.number(WatchProto.WatchCreateRequest.WATCH_ID_FIELD_NUMBER, id);
		create.flag(WatchProto.WatchCreateRequest.FRAGMENT_FIELD_NUMBER, true);
	}

	static MessageWriter.Body progress() {
		return (message) -> message.message(WatchProto.WatchRequest.PROGRESS_REQUEST_FIELD_NUMBER, (progress) -> {
			// it says nothing more
		});
	}

	static MessageWriter.Body cancel(long watchId) {
		return (message) -> message.message(WatchProto.WatchRequest.CANCEL_REQUEST_FIELD_NUMBER,
				(cancel) -> cancel.number(WatchProto.WatchCancelRequest.WATCH_ID_FIELD_NUMBER, watchId));
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
