/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.client;

import java.util.List;

import com.google.protobuf.ByteString;
import io.grpc.Status;

/**
 * Breaks {@code publicApiDoesNotExposeProtobufGrpcNettyOrGuava} by a type argument, and
 * {@code onlyStatusTranslatorReadsGrpcStatus}.
 */
public final class PublicGrpc {

	/**
	 * {@return a list of what users must not see}
	 */
	public List<ByteString> bytes() {
		return List.of();
	}

	boolean isDown(Status status) {
		return status.getCode() == Status.Code.UNAVAILABLE;
	}

}
