/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.util.UUID;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;

/**
 * Keys that no other test uses, so that tests can share a cluster. Immutable.
 *
 * @param prefix what every key of it begins with; ends with {@code /}
 */
public record KeySpace(String prefix) {

	/**
	 * {@return a new one}
	 */
	public static KeySpace unique() {
		return new KeySpace("/" + UUID.randomUUID() + "/");
	}

	/**
	 * {@return the full name of a key}
	 * @param name its name within this space
	 */
	public String name(String name) {
		return this.prefix + name;
	}

	/**
	 * {@return a key}
	 * @param name its name within this space
	 */
	public ByteSequence key(String name) {
		return ByteSequence.of(name(name));
	}

	/**
	 * {@return the range of one key}
	 * @param name its name within this space
	 */
	public KeyRange only(String name) {
		return KeyRange.key(key(name));
	}

	/**
	 * {@return the range of all keys of this space}
	 */
	public KeyRange range() {
		return KeyRange.prefix(this.prefix);
	}

	/**
	 * {@return what is left of a key without the prefix}
	 * @param key a key of this space
	 */
	public String strip(ByteSequence key) {
		return key.toUtf8().substring(this.prefix.length());
	}

}
