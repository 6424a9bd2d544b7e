/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * The keys an operation speaks of: one key, the keys with a prefix, the keys between two,
 * the keys from one on, or all. Maps to {@code key} and {@code range_end} of etcd's API.
 * Immutable.
 */
public final class KeyRange {

	private static final ByteSequence LOWEST_KEY = ByteSequence.copyOf(new byte[1]);

	private static final KeyRange ALL = new KeyRange(LOWEST_KEY, null, false);

	private final ByteSequence start;

	private final @Nullable ByteSequence end;

	private final boolean singleKey;

	private KeyRange(ByteSequence start, @Nullable ByteSequence end, boolean singleKey) {
		this.start = start;
		this.end = end;
		this.singleKey = singleKey;
	}

	/**
	 * Returns the range of one key.
	 * @param key the key, not empty
	 * @return its range
	 * @throws IllegalArgumentException if the key is empty
	 */
	public static KeyRange key(ByteSequence key) {
		if (key.isEmpty()) {
			throw new IllegalArgumentException(
					"key is empty (expected: at least one byte; for every key: KeyRange.all())");
		}
		return new KeyRange(key, null, true);
	}

	/**
	 * Returns the range of one key.
	 * @param key the key as text, not empty
	 * @return its range
	 * @throws IllegalArgumentException if the key is empty
	 */
	public static KeyRange key(String key) {
		return key(ByteSequence.of(key));
	}

	/**
	 * Returns the range of all keys that begin with a prefix.
	 * @param prefix the prefix; the empty one is that of every key
	 * @return their range
	 */
	public static KeyRange prefix(ByteSequence prefix) {
		if (prefix.isEmpty()) {
			return ALL;
		}
		return new KeyRange(prefix, endOfPrefix(prefix), false);
	}

	/**
	 * Returns the range of all keys that begin with a prefix.
	 * @param prefix the prefix as text; the empty one is that of every key
	 * @return their range
	 */
	public static KeyRange prefix(String prefix) {
		return prefix(ByteSequence.of(prefix));
	}

	/**
	 * Returns the range of the keys between two.
	 * @param start the first key of the range
	 * @param end the first key after the range
	 * @return the keys {@code k} with {@code start <= k < end}
	 * @throws IllegalArgumentException if {@code start} is not below {@code end}
	 */
	public static KeyRange between(ByteSequence start, ByteSequence end) {
		ByteSequence first = start.isEmpty() ? LOWEST_KEY : start;
		if (first.compareTo(end) >= 0) {
			throw new IllegalArgumentException(
					"range is empty: [" + first + ", " + end + ") (expected: start below end)");
		}
		return new KeyRange(first, end, false);
	}

	/**
	 * Returns the range of a key and all that follow it.
	 * @param start the first key
	 * @return the keys {@code k} with {@code start <= k}
	 */
	public static KeyRange from(ByteSequence start) {
		return start.isEmpty() ? ALL : new KeyRange(start, null, false);
	}

	/**
	 * Returns the range of every key.
	 * @return the whole key space
	 */
	public static KeyRange all() {
		return ALL;
	}

	private static @Nullable ByteSequence endOfPrefix(ByteSequence prefix) {
		byte[] end = prefix.toByteArray();
		for (int i = end.length - 1; i >= 0; i--) {
			if (end[i] != (byte) 0xff) {
				end[i]++;
				return ByteSequence.copyOf(end).substring(0, i + 1);
			}
		}
		return null;
	}

	/**
	 * Returns the lowest key of the range.
	 * @return the first key, or the only one
	 */
	public ByteSequence start() {
		return this.start;
	}

	/**
	 * Returns the first key after the range.
	 * @return the exclusive end; empty for a single key and for a range without upper
	 * bound
	 */
	public Optional<ByteSequence> end() {
		return Optional.ofNullable(this.end);
	}

	/**
	 * Whether this is the range of one key.
	 * @return whether it was made by {@link #key(ByteSequence)}
	 */
	public boolean isSingleKey() {
		return this.singleKey;
	}

	/**
	 * Whether a key lies in this range.
	 * @param key the key
	 * @return whether the range covers it
	 */
	public boolean contains(ByteSequence key) {
		if (this.singleKey) {
			return key.equals(this.start);
		}
		return key.compareTo(this.start) >= 0 && (this.end == null || key.compareTo(this.end) < 0);
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return this == other || (other instanceof KeyRange that && this.singleKey == that.singleKey
				&& this.start.equals(that.start) && Objects.equals(this.end, that.end));
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.start, this.end, this.singleKey);
	}

	@Override
	public String toString() {
		if (this.singleKey) {
			return this.start.toString();
		}
		return "[" + this.start + ", " + ((this.end != null) ? this.end : "") + ")";
	}

}
