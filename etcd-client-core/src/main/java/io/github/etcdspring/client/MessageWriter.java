/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.github.etcdspring.ByteSequence;
import org.jspecify.annotations.Nullable;

/**
 * Writes one message of etcd's to the wire, field by field, so that no message object
 * stands between a request and its bytes; or counts them. As in any message of proto3, a
 * field that has its default value is left out. Used by one thread.
 */
final class MessageWriter {

	/** Where the bytes go; {@code null} if they are counted. */
	private final @Nullable CodedOutputStream output;

	private int size;

	private MessageWriter(@Nullable CodedOutputStream output) {
		this.output = output;
	}

	/** Returns how many bytes a message has. */
	static int sizeOf(Body message) {
		MessageWriter counter = new MessageWriter(null);
		try {
			message.write(counter);
		}
		catch (IOException ex) {
			throw new IllegalStateException("nothing is written", ex);
		}
		return counter.size;
	}

	/** Writes a message into the first bytes of an array, as many as it has. */
	static void write(Body message, byte[] bytes, int size) throws IOException {
		CodedOutputStream output = CodedOutputStream.newInstance(bytes, 0, size);
		message.write(new MessageWriter(output));
		output.checkNoSpaceLeft();
	}

	void number(int field, long value) throws IOException {
		if (value != 0) {
			chosenNumber(field, value);
		}
	}

	/** Writes one of several fields of which it matters which one is there. */
	void chosenNumber(int field, long value) throws IOException {
		if (this.output == null) {
			this.size += CodedOutputStream.computeInt64Size(field, value);
		}
		else {
			this.output.writeInt64(field, value);
		}
	}

	void flag(int field, boolean value) throws IOException {
		number(field, value ? 1 : 0);
	}

	void bytes(int field, ByteSequence value) throws IOException {
		bytes(field, ByteSequence.EMPTY, value);
	}

	/** Writes two sequences as one. */
	void bytes(int field, ByteSequence first, ByteSequence second) throws IOException {
		int length = first.size() + second.size();
		if (length != 0) {
			begin(field, length);
			append(first);
			append(second);
		}
	}

	/** Writes one of several fields of which it matters which one is there. */
	void chosenBytes(int field, ByteSequence value) throws IOException {
		begin(field, value.size());
		append(value);
	}

	private void append(ByteSequence bytes) throws IOException {
		if (this.output != null && !bytes.isEmpty()) {
			this.output.write(bytes.asReadOnlyByteBuffer());
		}
	}

	/** Writes a message within this one. It is there even if it is empty. */
	void message(int field, Body message) throws IOException {
		begin(field, sizeOf(message));
		if (this.output != null) {
			message.write(this);
		}
	}

	private void begin(int field, int length) throws IOException {
		if (this.output == null) {
			this.size += CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(length)
					+ length;
		}
		else {
			this.output.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
			this.output.writeUInt32NoTag(length);
		}
	}

	/** What a message says; the same each time it is asked. */
	@FunctionalInterface
	interface Body {

		void write(MessageWriter message) throws IOException;

	}

}
