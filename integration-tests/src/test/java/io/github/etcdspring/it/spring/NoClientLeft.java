/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Checks after each test that no thread of any client is left (P9).
 */
final class NoClientLeft implements AfterEachCallback {

	@Override
	public void afterEach(ExtensionContext context) {
		Moments.within(Duration.ofSeconds(2)).until(() -> clients().isEmpty());
	}

	/** The clients that have threads, each by its name and number. */
	static Set<String> clients() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("etcd-client-"))
			.map((name) -> name.replaceAll("(etcd-client-\\d+).*", "$1"))
			.collect(Collectors.toSet());
	}

}
