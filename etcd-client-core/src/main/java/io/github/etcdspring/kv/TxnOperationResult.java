/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import io.github.etcdspring.EtcdResult;

/**
 * What one operation of a transaction returned. The header of an operation's result
 * carries the revision alone; cluster, member and term are in that of the
 * {@link TxnResult}.
 */
public sealed interface TxnOperationResult extends EtcdResult permits RangeResult, PutResult, DeleteResult, TxnResult {

}
