/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

/**
 * Makes the result of a call of its answer.
 */
@FunctionalInterface
interface AnswerDecoder<R, T> {

	/**
	 * Makes the result.
	 * @param answer the answer
	 * @param sentAtNanos the reading of the ticker when the first attempt that reached a
	 * member was sent: the effect can not be older
	 */
	T decode(R answer, long sentAtNanos);

}
