/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.MethodDescriptor;

/**
 * The members that a call can go to: all of them, or one.
 */
interface Members {

	/** Returns a call to whichever of them comes next. */
	<Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options);

	/** Returns their addresses. */
	List<String> endpoints();

	/** Returns whether one of them is connected. */
	ConnectionState state();

	/** Returns how many they are. */
	int count();

	/** Returns how many make a majority of them. */
	default int quorum() {
		return count() / 2 + 1;
	}

}
