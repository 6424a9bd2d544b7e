/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable sequence of bytes: what etcd calls a key or a value. Sequences are ordered
 * as etcd orders keys: byte by byte, unsigned. Thread-safe.
 */
public final class ByteSequence implements Comparable<ByteSequence> {

	/** The sequence of no bytes. */
	public static final ByteSequence EMPTY = new ByteSequence(new byte[0]);

	/** Never changed, and possibly shared: these bytes are a part of it. */
	private final byte[] array;

	private final int offset;

	private final int size;

	private ByteSequence(byte[] array) {
		this(array, 0, array.length);
	}

	/** Views a part of an array that nobody changes. */
	ByteSequence(byte[] array, int offset, int size) {
		this.array = array;
		this.offset = offset;
		this.size = size;
	}

	/**
	 * Returns the UTF-8 bytes of a text.
	 * @param text the text; an unpaired surrogate becomes {@code ?}
	 * @return its bytes
	 */
	public static ByteSequence of(String text) {
		Objects.requireNonNull(text, "text");
		return wrap(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Returns a copy of an array.
	 * @param bytes the bytes
	 * @return a sequence that later changes of the array do not reach
	 */
	public static ByteSequence copyOf(byte[] bytes) {
		return wrap(bytes.clone());
	}

	/**
	 * Returns a copy of a buffer's remaining bytes and leaves the buffer's position as it
	 * was.
	 * @param buffer the buffer
	 * @return a sequence that later changes of the buffer do not reach
	 */
	public static ByteSequence copyOf(ByteBuffer buffer) {
		byte[] copy = new byte[buffer.remaining()];
		buffer.get(buffer.position(), copy);
		return wrap(copy);
	}

	private static ByteSequence wrap(byte[] bytes) {
		return (bytes.length == 0) ? EMPTY : new ByteSequence(bytes);
	}

	/**
	 * Returns the number of bytes.
	 * @return the number of bytes
	 */
	public int size() {
		return this.size;
	}

	/**
	 * Whether there is no byte.
	 * @return whether {@link #size()} is 0
	 */
	public boolean isEmpty() {
		return this.size == 0;
	}

	/**
	 * Returns one byte.
	 * @param index from 0 to {@code size() - 1}
	 * @return the byte
	 * @throws IndexOutOfBoundsException if there is no such byte
	 */
	public byte byteAt(int index) {
		return this.array[this.offset + Objects.checkIndex(index, this.size)];
	}

	/**
	 * Whether these bytes begin with others.
	 * @param prefix the bytes looked for
	 * @return whether this sequence begins with {@code prefix}
	 */
	public boolean startsWith(ByteSequence prefix) {
		return this.size >= prefix.size && Arrays.equals(this.array, this.offset, this.offset + prefix.size,
				prefix.array, prefix.offset, prefix.offset + prefix.size);
	}

	/**
	 * Returns these bytes followed by others.
	 * @param suffix the bytes to add
	 * @return a new sequence
	 */
	public ByteSequence concat(ByteSequence suffix) {
		byte[] joined = new byte[this.size + suffix.size];
		copyTo(joined, 0);
		suffix.copyTo(joined, this.size);
		return wrap(joined);
	}

	/**
	 * Returns these bytes followed by the UTF-8 bytes of a text.
	 * @param suffix the text to add
	 * @return a new sequence
	 */
	public ByteSequence concat(String suffix) {
		return concat(of(suffix));
	}

	/**
	 * Returns the bytes from an index on.
	 * @param from from 0 to {@link #size()}
	 * @return a new sequence
	 * @throws IndexOutOfBoundsException if {@code from} is out of range
	 */
	public ByteSequence substring(int from) {
		return substring(from, size());
	}

	/**
	 * Returns the bytes between two indexes.
	 * @param from the first, from 0 to {@code to}
	 * @param to the one after the last, up to {@link #size()}
	 * @return a new sequence
	 * @throws IndexOutOfBoundsException if an index is out of range
	 */
	public ByteSequence substring(int from, int to) {
		Objects.checkFromToIndex(from, to, size());
		return wrap(Arrays.copyOfRange(this.array, this.offset + from, this.offset + to));
	}

	/**
	 * Returns a copy of the bytes.
	 * @return a new array
	 */
	public byte[] toByteArray() {
		return Arrays.copyOfRange(this.array, this.offset, this.offset + this.size);
	}

	/**
	 * Copies the bytes into an array.
	 * @param target the array
	 * @param at where in it the first byte goes
	 * @throws IndexOutOfBoundsException if there is no room for all of them
	 */
	public void copyTo(byte[] target, int at) {
		Objects.requireNonNull(target, "target");
		System.arraycopy(this.array, this.offset, target, at, this.size);
	}

	/**
	 * Returns a read-only view of the bytes, without a copy.
	 * @return a new buffer, positioned at the first byte
	 */
	public ByteBuffer asReadOnlyByteBuffer() {
		ByteBuffer buffer = ByteBuffer.wrap(this.array, this.offset, this.size);
		return ((this.size == this.array.length) ? buffer : buffer.slice()).asReadOnlyBuffer();
	}

	/**
	 * Returns the bytes read as UTF-8.
	 * @return the text; a malformed sequence becomes {@code U+FFFD}
	 */
	public String toUtf8() {
		return new String(this.array, this.offset, this.size, StandardCharsets.UTF_8);
	}

	@Override
	public int compareTo(ByteSequence other) {
		return Arrays.compareUnsigned(this.array, this.offset, this.offset + this.size, other.array, other.offset,
				other.offset + other.size);
	}

	@Override
	public boolean equals(Object other) {
		return this == other || (other instanceof ByteSequence that && this.size == that.size && startsWith(that));
	}

	@Override
	public int hashCode() {
		int hash = 1;
		for (int i = this.offset; i < this.offset + this.size; i++) {
			hash = 31 * hash + this.array[i];
		}
		return hash;
	}

	/**
	 * Returns the bytes with every one that is not printable ASCII written as
	 * {@code \xHH}. For logs and errors; use {@link #toUtf8()} to read a text.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.size);
		for (int i = this.offset; i < this.offset + this.size; i++) {
			byte b = this.array[i];
			if (b >= 0x20 && b < 0x7f && b != '\\') {
				text.append((char) b);
			}
			else {
				text.append(String.format("\\x%02x", b));
			}
		}
		return text.toString();
	}

}
