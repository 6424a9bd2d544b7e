/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules.planted.client;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Breaks {@code noTypeNamedUtilHelperManagerCommonOrImpl},
 * {@code noThreadIsCreatedOutsideItsOwner} and {@code noStandardOutOrPrintStackTrace}.
 */
final class RunnerHelper {

	Thread thread() {
		return new Thread(() -> System.out.println("planted"));
	}

	ExecutorService pool() {
		return Executors.newCachedThreadPool();
	}

}
