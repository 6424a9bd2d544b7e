/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Finds among the JDK's trust or key managers the one that can be used.
 */
final class SuppliedManagers {

	private SuppliedManagers() {
	}

	/**
	 * Returns the first of a type. No other will do: the plain interfaces do not see the
	 * connection, and so cannot check its host name.
	 * @throws InvalidTlsException if there is none or the supplier fails
	 */
	static <M> M first(Supplier<? extends Object[]> supplier, Class<M> type, Object source) {
		Object[] managers;
		try {
			managers = supplier.get();
		}
		catch (RuntimeException ex) {
			// the user's code
			throw new InvalidTlsException(source, "it failed: " + ex.getClass().getName(), expected(type), ex);
		}
		if (managers == null) {
			throw new InvalidTlsException(source, "it gave null", expected(type));
		}
		return Arrays.stream(managers)
			.filter(type::isInstance)
			.map(type::cast)
			.findFirst()
			.orElseThrow(() -> new InvalidTlsException(source, "it gave " + describe(managers), expected(type)));
	}

	private static String describe(Object[] managers) {
		return (managers.length == 0) ? "nothing"
				: Arrays.stream(managers)
					.map((manager) -> manager.getClass().getName())
					.collect(Collectors.joining(", "));
	}

	private static String expected(Class<?> type) {
		return "an " + type.getSimpleName() + ", as the JDK's factories make";
	}

}
