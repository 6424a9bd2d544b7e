/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.atomic.AtomicReference;

import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.internal.proto.KvProto;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Finds out why no member can be reached. A call that waits for a connection ends without
 * the reason when its time is up; one that does not wait is told the reason at once.
 */
final class UnreachedMembers {

	private UnreachedMembers() {
	}

	/**
	 * Returns why no connection stands. Sends nothing, and does not wait.
	 * @param members who should be reached
	 * @return the last failure of a connection; {@code null} if none has failed, as while
	 * the first one is still being made
	 */
	static @Nullable CallFailure reason(Members members) {
		if (members.state() != ConnectionState.DISCONNECTED) {
			return null;
		}
		AtomicReference<@Nullable Status> end = new AtomicReference<>();
		ClientCall<KvProto.RangeRequest, KvProto.RangeResponse> call = members.newCall(KVGrpc.getRangeMethod(),
				CallOptions.DEFAULT);
		call.start(new ClientCall.Listener<>() {

			@Override
			public void onClose(Status status, Metadata trailers) {
				end.set(status);
			}

		}, new Metadata());
		Status status = end.get();
		// a connection may stand by now: the call has no message, so it does nothing
		call.cancel("only the connection was asked for", null);
		return (status != null) ? StatusTranslator.readUnreached(status) : null;
	}

}
