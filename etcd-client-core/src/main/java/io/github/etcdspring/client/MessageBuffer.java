/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of the message that a thread reads or writes now, used again for its next
 * one. Between {@link #of} and the end of its use no other code runs on the thread, be it
 * gRPC's or a user's.
 */
final class MessageBuffer {

	/** Larger messages have an array of their own. */
	private static final int LARGEST = 4 << 20;

	/** What most requests need: a thread may be one that makes a single call. */
	private static final int SMALLEST = 512;

	private static final ThreadLocal<@Nullable WeakReference<MessageBuffer>> KEPT = new ThreadLocal<>();

	private final byte[] bytes;

	private final ByteBuffer key;

	private final ByteBuffer value;

	private MessageBuffer(byte[] bytes) {
		this.bytes = bytes;
		this.key = ByteBuffer.wrap(bytes);
		this.value = ByteBuffer.wrap(bytes);
	}

	/** Returns a buffer that nobody else on this thread uses any more. */
	static MessageBuffer of(int size) {
		if (size > LARGEST) {
			return new MessageBuffer(new byte[size]);
		}
		WeakReference<MessageBuffer> kept = KEPT.get();
		MessageBuffer buffer = (kept != null) ? kept.get() : null;
		if (buffer == null || buffer.bytes.length < size) {
			buffer = new MessageBuffer(new byte[Math.max(SMALLEST, Integer.highestOneBit(Math.max(1, size - 1)) << 1)]);
			KEPT.set(new WeakReference<>(buffer));
		}
		return buffer;
	}

	static MessageBuffer over(byte[] bytes) {
		return new MessageBuffer(bytes);
	}

	/** Returns what has room for the message, and maybe for more. */
	byte[] bytes() {
		return this.bytes;
	}

	/** Returns a view that is to show a key. */
	ByteBuffer key() {
		return this.key;
	}

	/** Returns a view that is to show a value. */
	ByteBuffer value() {
		return this.value;
	}

}
