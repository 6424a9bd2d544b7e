/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

import com.google.protobuf.WireFormat;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.internal.proto.MvccProto;
import io.github.etcdspring.internal.proto.WatchGrpc;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.watch.WatchEvent;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;

/**
 * A message of a watch stream, read straight from the wire.
 *
 * @param header when it was sent
 * @param watchId the watch it is about
 * @param created whether it answers a creation
 * @param canceled whether the watch ends
 * @param compactRevision the revision up to which events are lost; 0 for none
 * @param cancelReason why it ends, if it does
 * @param fragment whether the rest of its last revision follows
 * @param events what happened
 */
record WatchAnswer(ResponseHeader header, long watchId, boolean created, boolean canceled, long compactRevision,
		String cancelReason, boolean fragment, List<WatchEvent> events) {

	static final MethodDescriptor<MessageWriter.Body, WatchAnswer> METHOD = AnswerMarshaller
		.method(MethodType.BIDI_STREAMING, WatchGrpc.SERVICE_NAME, "Watch", WatchAnswer::read);

	private static WatchAnswer read(MessageReader message) throws IOException {
		ResponseHeader header = MessageReader.noHeader();
		long watchId = 0;
		boolean created = false;
		boolean canceled = false;
		long compactRevision = 0;
		String cancelReason = "";
		boolean fragment = false;
		List<WatchEvent> events = List.of();
		for (int tag = message.nextTag(); tag != 0; tag = message.nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case WatchProto.WatchResponse.HEADER_FIELD_NUMBER -> header = message.header();
				case WatchProto.WatchResponse.WATCH_ID_FIELD_NUMBER -> watchId = message.number();
				case WatchProto.WatchResponse.CREATED_FIELD_NUMBER -> created = message.flag();
				case WatchProto.WatchResponse.CANCELED_FIELD_NUMBER -> canceled = message.flag();
				case WatchProto.WatchResponse.COMPACT_REVISION_FIELD_NUMBER -> compactRevision = message.number();
				case WatchProto.WatchResponse.CANCEL_REASON_FIELD_NUMBER -> cancelReason = message.text();
				case WatchProto.WatchResponse.FRAGMENT_FIELD_NUMBER -> fragment = message.flag();
				case WatchProto.WatchResponse.EVENTS_FIELD_NUMBER -> events = message.add(events, WatchAnswer::event);
				default -> message.skip(tag);
			}
		}
		return new WatchAnswer(header, watchId, created, canceled, compactRevision, cancelReason, fragment, events);
	}

	private static WatchEvent event(MessageReader message) throws IOException {
		boolean deleted = false;
		KeyValue kv = null;
		Optional<KeyValue> previous = Optional.empty();
		int outer = message.enter();
		for (int tag = message.nextTag(); tag != 0; tag = message.nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case MvccProto.Event.TYPE_FIELD_NUMBER ->
					deleted = message.number() == MvccProto.Event.EventType.DELETE_VALUE;
				case MvccProto.Event.KV_FIELD_NUMBER -> kv = message.keyValue();
				case MvccProto.Event.PREV_KV_FIELD_NUMBER -> previous = Optional.of(message.keyValue());
				default -> message.skip(tag);
			}
		}
		message.leave(outer);
		if (kv == null) {
			throw new SenselessAnswerException("an event names no key");
		}
		return deleted ? new WatchEvent.Delete(kv.key(), kv.modRevision(), previous) : new WatchEvent.Put(kv, previous);
	}

}
