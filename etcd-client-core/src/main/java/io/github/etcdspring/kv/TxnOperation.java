/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

/**
 * What a transaction can do in one of its two lists. Its result, in the same place of the
 * {@link TxnResult}, is the one that the request has on its own.
 */
public sealed interface TxnOperation permits RangeRequest, PutRequest, DeleteRequest, TxnRequest {

}
