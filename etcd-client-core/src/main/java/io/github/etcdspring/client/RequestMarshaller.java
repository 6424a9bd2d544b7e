/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Lets gRPC write requests with a {@link MessageWriter}, when it sends them.
 */
final class RequestMarshaller implements MethodDescriptor.Marshaller<MessageWriter.Body> {

	static final RequestMarshaller INSTANCE = new RequestMarshaller();

	/** What is left of a request that was drained. */
	private static final InputStream NOTHING = InputStream.nullInputStream();

	private RequestMarshaller() {
	}

	@Override
	public InputStream stream(MessageWriter.Body request) {
		return new Request(request);
	}

	@Override
	public MessageWriter.Body parse(InputStream message) {
		throw new UnsupportedOperationException("a client gets no requests");
	}

	/**
	 * The bytes of a request, there once they are asked for. Used by one thread at a
	 * time.
	 */
	private static final class Request extends InputStream implements Drainable, KnownLength {

		private final MessageWriter.Body body;

		private final int size;

		/** The rest, once somebody reads instead of draining. */
		private @Nullable InputStream rest;

		Request(MessageWriter.Body body) {
			this.body = body;
			this.size = MessageWriter.sizeOf(body);
		}

		@Override
		public int drainTo(OutputStream target) throws IOException {
			if (this.rest != null) {
				return (int) this.rest.transferTo(target);
			}
			this.rest = NOTHING;
			byte[] bytes = MessageBuffer.of(this.size).bytes();
			MessageWriter.write(this.body, bytes, this.size);
			target.write(bytes, 0, this.size);
			return this.size;
		}

		@Override
		public int available() throws IOException {
			return (this.rest != null) ? this.rest.available() : this.size;
		}

		@Override
		public int read() throws IOException {
			return rest().read();
		}

		@Override
		public int read(byte[] target, int from, int length) throws IOException {
			return rest().read(target, from, length);
		}

		private InputStream rest() {
			if (this.rest == null) {
				byte[] bytes = new byte[this.size];
				MessageWriter.write(this.body, bytes, this.size);
				this.rest = new ByteArrayInputStream(bytes);
			}
			return this.rest;
		}

	}

}
