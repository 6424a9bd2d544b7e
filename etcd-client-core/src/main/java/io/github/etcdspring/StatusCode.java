/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

/**
 * The status with which a call ended, in gRPC's terms.
 */
public enum StatusCode {

	/** The call was given up, by the caller or on the way. */
	CANCELLED,

	/** The server failed without saying how. */
	UNKNOWN,

	/** The request is wrong whatever the state of the store. */
	INVALID_ARGUMENT,

	/** The deadline passed. */
	DEADLINE_EXCEEDED,

	/** What the request names does not exist. */
	NOT_FOUND,

	/** What the request would make exists. */
	ALREADY_EXISTS,

	/** The user may not do this. */
	PERMISSION_DENIED,

	/** A limit is reached: space, size or load. */
	RESOURCE_EXHAUSTED,

	/** The store or the cluster is not in the state the request needs. */
	FAILED_PRECONDITION,

	/** The call was given up because of a conflict. */
	ABORTED,

	/** A revision is compacted or not reached yet. */
	OUT_OF_RANGE,

	/** The server does not know the method. */
	UNIMPLEMENTED,

	/** A broken invariant, on the wire or in the server. */
	INTERNAL,

	/** No member can serve the call now. */
	UNAVAILABLE,

	/** The cluster found its data corrupt. */
	DATA_LOSS,

	/** The token is missing or no longer valid. */
	UNAUTHENTICATED

}
