/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import com.google.protobuf.WireFormat;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.MvccProto;
import io.grpc.KnownLength;

/**
 * Reads one message of etcd's from the wire, field by field, so that no message object
 * stands between its bytes and the result. Used by one thread.
 */
final class MessageReader {

	/** What an answer without header says of itself. */
	private static final ResponseHeader NO_HEADER = new ResponseHeader(0, 0, 0, 0);

	private static final int MOST_EXPECTED = 10_000;

	/** Of messages in messages, as protobuf's own readers have it. */
	private static final int DEEPEST = 100;

	/** How many bits of a number a byte has; the highest says whether more follow. */
	private static final int BITS = 7;

	private static final String CUT = "it ends within a field";

	private final MessageBuffer buffer;

	private final byte[] bytes;

	/** Where the next byte is. */
	private int position;

	/** Where the message ends that is read now, which may lie within another. */
	private int end;

	/** Of the field that is read now. */
	private int tag;

	private int depth;

	private MessageReader(MessageBuffer buffer, int size) {
		this.buffer = buffer;
		this.bytes = buffer.bytes();
		this.end = size;
	}

	/** Takes a message off the wire. */
	static MessageReader of(InputStream message) throws IOException {
		if (!(message instanceof KnownLength)) {
			byte[] bytes = message.readAllBytes();
			return new MessageReader(MessageBuffer.over(bytes), bytes.length);
		}
		int size = message.available();
		MessageBuffer buffer = MessageBuffer.of(size);
		return new MessageReader(buffer, message.readNBytes(buffer.bytes(), 0, size));
	}

	/** Returns the tag of the next field of this message; 0 at its end. */
	int nextTag() throws IOException {
		if (this.position == this.end) {
			return 0;
		}
		long tag = varint();
		this.tag = (int) tag;
		if (tag != Integer.toUnsignedLong(this.tag) || WireFormat.getTagFieldNumber(this.tag) == 0) {
			throw new IOException("no field has the tag " + tag);
		}
		return this.tag;
	}

	/** Passes over a field that a later version of etcd added. */
	void skip(int tag) throws IOException {
		switch (WireFormat.getTagWireType(tag)) {
			case WireFormat.WIRETYPE_VARINT -> varint();
			case WireFormat.WIRETYPE_FIXED64 -> pass(Long.BYTES);
			case WireFormat.WIRETYPE_LENGTH_DELIMITED -> pass(length());
			case WireFormat.WIRETYPE_FIXED32 -> pass(Integer.BYTES);
			// etcd has no groups
			default -> throw new IOException("field " + WireFormat.getTagFieldNumber(tag) + " is of no known type");
		}
	}

	private void pass(int size) throws IOException {
		if (size > this.end - this.position) {
			throw new IOException(CUT);
		}
		this.position += size;
	}

	/** What has another form than it should would be read as something else. */
	private void expect(int wireType) throws IOException {
		if (WireFormat.getTagWireType(this.tag) != wireType) {
			throw new IOException("field " + WireFormat.getTagFieldNumber(this.tag) + " is of another type");
		}
	}

	private long varint() throws IOException {
		long value = 0;
		for (int shift = 0; shift < Long.SIZE; shift += BITS) {
			if (this.position == this.end) {
				throw new IOException(CUT);
			}
			byte bits = this.bytes[this.position++];
			value |= (long) (bits & Byte.MAX_VALUE) << shift;
			if (bits >= 0) {
				return value;
			}
		}
		throw new IOException("a number does not end");
	}

	/** Reads how long the rest of a field is. */
	private int length() throws IOException {
		long length = varint();
		if (length < 0 || length > this.end - this.position) {
			throw new IOException(CUT);
		}
		return (int) length;
	}

	long number() throws IOException {
		expect(WireFormat.WIRETYPE_VARINT);
		return varint();
	}

	boolean flag() throws IOException {
		return number() != 0;
	}

	String text() throws IOException {
		expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
		int size = length();
		String text = new String(this.bytes, this.position, size, StandardCharsets.UTF_8);
		this.position += size;
		return text;
	}

	/** Goes into a message within this one; returns what {@link #leave} wants. */
	int enter() throws IOException {
		expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
		if (++this.depth > DEEPEST) {
			throw new IOException("more than " + DEEPEST + " messages within each other");
		}
		int size = length();
		int outer = this.end;
		this.end = this.position + size;
		return outer;
	}

	/** Comes back from a message of which all fields have been read. */
	void leave(int outer) {
		this.depth--;
		this.end = outer;
	}

	/** Reads a message within this one. */
	<T> T nested(Body<T> body) throws IOException {
		int outer = enter();
		T value = body.read(this);
		leave(outer);
		return value;
	}

	/** Reads the header that nearly every answer has. */
	ResponseHeader header() throws IOException {
		long clusterId = 0;
		long memberId = 0;
		long revision = 0;
		long raftTerm = 0;
		int outer = enter();
		for (int tag = nextTag(); tag != 0; tag = nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case HeaderProto.ResponseHeader.CLUSTER_ID_FIELD_NUMBER -> clusterId = number();
				case HeaderProto.ResponseHeader.MEMBER_ID_FIELD_NUMBER -> memberId = number();
				case HeaderProto.ResponseHeader.REVISION_FIELD_NUMBER -> revision = number();
				case HeaderProto.ResponseHeader.RAFT_TERM_FIELD_NUMBER -> raftTerm = number();
				default -> skip(tag);
			}
		}
		leave(outer);
		return new ResponseHeader(clusterId, memberId, revision, raftTerm);
	}

	/** Returns the header of an answer that came without. */
	static ResponseHeader noHeader() {
		return NO_HEADER;
	}

	KeyValue keyValue() throws IOException {
		long createRevision = 0;
		long modRevision = 0;
		long version = 0;
		long lease = 0;
		ByteBuffer key = this.buffer.key().limit(0);
		ByteBuffer value = this.buffer.value().limit(0);
		int outer = enter();
		for (int tag = nextTag(); tag != 0; tag = nextTag()) {
			switch (WireFormat.getTagFieldNumber(tag)) {
				case MvccProto.KeyValue.KEY_FIELD_NUMBER -> bytes(key);
				case MvccProto.KeyValue.CREATE_REVISION_FIELD_NUMBER -> createRevision = number();
				case MvccProto.KeyValue.MOD_REVISION_FIELD_NUMBER -> modRevision = number();
				case MvccProto.KeyValue.VERSION_FIELD_NUMBER -> version = number();
				case MvccProto.KeyValue.VALUE_FIELD_NUMBER -> bytes(value);
				case MvccProto.KeyValue.LEASE_FIELD_NUMBER -> lease = number();
				default -> skip(tag);
			}
		}
		leave(outer);
		return KeyValue.copyOf(key, value, createRevision, modRevision, version, KvCodec.lease(lease));
	}

	/** Makes a buffer show the bytes of a field. */
	private void bytes(ByteBuffer view) throws IOException {
		expect(WireFormat.WIRETYPE_LENGTH_DELIMITED);
		int size = length();
		view.limit(this.position + size).position(this.position);
		this.position += size;
	}

	/**
	 * Reads one more of the elements that a message repeats. When it is the first, the
	 * list is made for as many as fit into the rest of the message if they are all of its
	 * size; when it seems to be the only one, for it alone.
	 */
	<T> List<T> add(List<T> elements, Body<T> body) throws IOException {
		int before = this.position;
		T element = body.read(this);
		if (elements instanceof ArrayList) {
			elements.add(element);
			return elements;
		}
		int size = this.position - before;
		int more = (this.end - this.position) / (size + 1);
		if (elements.isEmpty() && more == 0) {
			return List.of(element);
		}
		List<T> list = new ArrayList<>(elements.size() + 1 + Math.min(MOST_EXPECTED, more));
		list.addAll(elements);
		list.add(element);
		return list;
	}

	/** Reads all fields of a message of one kind. */
	@FunctionalInterface
	interface Body<T> {

		T read(MessageReader message) throws IOException;

	}

}
