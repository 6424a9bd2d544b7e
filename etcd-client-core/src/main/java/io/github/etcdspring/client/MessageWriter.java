/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import com.google.protobuf.WireFormat;
import io.github.etcdspring.ByteSequence;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message of etcd's to the wire, field by field, so that no message object
 * stands between a request and its bytes; or counts them. As in any message of proto3, a
 * field that has its default value is left out. Used by one thread.
 */
final class MessageWriter {

	/** A byte of a number holds so many bits, and one that says whether more follow. */
	private static final int BITS = 7;

	private static final int MORE = 1 << BITS;

	/** Where the bytes go; {@code null} if they are counted. */
	private final byte @Nullable [] target;

	/** How many bytes there are so far. */
	private int size;

	private MessageWriter(byte @Nullable [] target) {
		this.target = target;
	}

	/** Returns how many bytes a message has. */
	static int sizeOf(Body message) {
		MessageWriter counter = new MessageWriter(null);
		message.write(counter);
		return counter.size;
	}

	/** Writes a message into the first bytes of an array, as many as it has. */
	static void write(Body message, byte[] bytes, int size) {
		MessageWriter writer = new MessageWriter(bytes);
		message.write(writer);
		if (writer.size != size) {
			throw new IllegalStateException("a message of " + size + " bytes has " + writer.size + " when written");
		}
	}

	void number(int field, long value) {
		if (value != 0) {
			chosenNumber(field, value);
		}
	}

	/** Writes one of several fields of which it matters which one is there. */
	void chosenNumber(int field, long value) {
		tag(field, WireFormat.WIRETYPE_VARINT);
		varint(value);
	}

	void flag(int field, boolean value) {
		number(field, value ? 1 : 0);
	}

	void bytes(int field, ByteSequence value) {
		bytes(field, ByteSequence.EMPTY, value);
	}

	/** Writes two sequences as one. */
	void bytes(int field, ByteSequence first, ByteSequence second) {
		int length = first.size() + second.size();
		if (length != 0) {
			begin(field, length);
			append(first);
			append(second);
		}
	}

	/** Writes one of several fields of which it matters which one is there. */
	void chosenBytes(int field, ByteSequence value) {
		begin(field, value.size());
		append(value);
	}

	private void append(ByteSequence bytes) {
		if (this.target != null) {
			bytes.copyTo(this.target, this.size);
		}
		this.size += bytes.size();
	}

	/** Writes a message within this one. It is there even if it is empty. */
	void message(int field, Body message) {
		int length = sizeOf(message);
		begin(field, length);
		if (this.target == null) {
			this.size += length;
		}
		else {
			message.write(this);
		}
	}

	private void begin(int field, int length) {
		tag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
		varint(length);
	}

	private void tag(int field, int wireType) {
		varint((field << 3) | wireType);
	}

	private void varint(long value) {
		byte[] target = this.target;
		if (target == null) {
			this.size += (Long.SIZE - Long.numberOfLeadingZeros(value | 1) + BITS - 1) / BITS;
			return;
		}
		long rest = value;
		while ((rest & -MORE) != 0) {
			target[this.size++] = (byte) (rest | MORE);
			rest >>>= BITS;
		}
		target[this.size++] = (byte) rest;
	}

	/** What a message says; the same each time it is asked. */
	@FunctionalInterface
	interface Body {

		void write(MessageWriter message);

	}

}
