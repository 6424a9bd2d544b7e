/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import io.github.etcdspring.ByteSequence;

/**
 * The name that a recipe is given: the key that its keys are put under.
 */
final class RecipeName {

	private RecipeName() {
	}

	/**
	 * Returns a name that has passed the check.
	 * @param kind what it names
	 * @throws IllegalArgumentException if it is empty or ends with {@code /}
	 */
	static ByteSequence checked(String kind, String name) {
		if (name.isEmpty() || name.endsWith("/")) {
			throw new IllegalArgumentException(
					kind + " name: '" + name + "' (expected: at least one character, no '/' at the end)");
		}
		return ByteSequence.of(name);
	}

}
