/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * A publisher whose subscriber can say where it is called. What never blocks may be
 * called on the connection's thread.
 */
interface Subscribable<T> extends Flow.Publisher<T> {

	/**
	 * Begins a subscription.
	 * @param subscriber who is called, one method at a time
	 * @param executor where it is called
	 */
	void subscribe(Flow.Subscriber<? super T> subscriber, Executor executor);

}
