/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.io.InputStream;

import io.grpc.MethodDescriptor;

/**
 * Lets gRPC read answers with a {@link MessageReader}.
 */
final class AnswerMarshaller<T> implements MethodDescriptor.Marshaller<T> {

	private final MessageReader.Body<T> body;

	private AnswerMarshaller(MessageReader.Body<T> body) {
		this.body = body;
	}

	/**
	 * Returns a method whose requests are written, and whose answers are read, without a
	 * message object. It is not made from the generated one, which would load dozens of
	 * classes of messages before the first call.
	 */
	static <T> MethodDescriptor<MessageWriter.Body, T> method(MethodDescriptor.MethodType type, String service,
			String name, MessageReader.Body<T> body) {
		return MethodDescriptor.newBuilder(RequestMarshaller.INSTANCE, new AnswerMarshaller<>(body))
			.setType(type)
			.setFullMethodName(MethodDescriptor.generateFullMethodName(service, name))
			.build();
	}

	@Override
	public T parse(InputStream message) {
		try {
			return this.body.read(MessageReader.of(message));
		}
		catch (IOException ex) {
			throw new SenselessAnswerException("it is malformed", ex);
		}
	}

	@Override
	public InputStream stream(T value) {
		throw new UnsupportedOperationException("a client sends no answers");
	}

}
