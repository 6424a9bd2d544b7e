/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Keys and values that the scenarios and the driver agree on.
 */
public final class Keys {

	/** Size of a value. */
	public static final int VALUE_SIZE = 256;

	/** Prefix of the keys that are read and written one at a time. */
	public static final String SINGLE = "single/";

	/** How many there are of them. */
	public static final int SINGLES = 1_000;

	/** Prefix of the keys that are read in one call. */
	public static final String RANGE = "range/";

	/** How many there are of them. */
	public static final int RANGE_SIZE = 10_000;

	/** Prefix whose history is watched. */
	public static final String BACKLOG = "backlog/";

	/** How many events it has. */
	public static final int BACKLOG_EVENTS = 10_000;

	private Keys() {
	}

	/**
	 * {@return the bytes of a text}
	 * @param text in ASCII
	 */
	public static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * {@return a key under a prefix}
	 * @param prefix of the key
	 * @param index of the key
	 */
	public static byte[] key(String prefix, int index) {
		return bytes(String.format("%s%05d", prefix, index));
	}

	/**
	 * {@return the keys under a prefix}
	 * @param prefix of the keys
	 * @param count how many
	 */
	public static byte[][] keys(String prefix, int count) {
		byte[][] keys = new byte[count][];
		Arrays.setAll(keys, (index) -> key(prefix, index));
		return keys;
	}

	/**
	 * {@return a value that holds a reading of the clock}
	 * @param nanoTime the reading, of {@link System#nanoTime()}
	 */
	public static byte[] value(long nanoTime) {
		return ByteBuffer.allocate(VALUE_SIZE).putLong(nanoTime).array();
	}

	static long stampOf(byte[] value) {
		return ByteBuffer.wrap(value).getLong();
	}

}
