/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Checks of every test, and of every class, that it leaves no thread of a client behind
 * that was not there before (P9). Found by JUnit itself.
 */
public final class NoClientLeft implements BeforeAllCallback, TestInstancePreConstructCallback {

	@Override
	public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
		return ExtensionContextScope.TEST_METHOD;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		checkAfter(context);
	}

	@Override
	public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
		checkAfter(context);
	}

	/** A store is closed after all that the test, or the class, closes by itself. */
	private static void checkAfter(ExtensionContext context) {
		Set<String> before = clients();
		context.getStore(ExtensionContext.Namespace.create(NoClientLeft.class))
			.put(context.getUniqueId(), (AutoCloseable) () -> check(before));
	}

	private static void check(Set<String> before) {
		await("end of the clients' threads").atMost(Duration.ofSeconds(5))
			.untilAsserted(() -> assertThat(clients()).isSubsetOf(before));
	}

	/**
	 * {@return the clients that have threads, each by its name and number}
	 */
	public static Set<String> clients() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("etcd-client-"))
			.map((name) -> name.replaceAll("(etcd-client-\\d+).*", "$1"))
			.collect(Collectors.toSet());
	}

}
