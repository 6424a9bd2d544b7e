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

	/** Returns a method whose answers are read so. */
	static <Q, R, T> MethodDescriptor<Q, T> of(MethodDescriptor<Q, R> method, MessageReader.Body<T> body) {
		return method.toBuilder(method.getRequestMarshaller(), new AnswerMarshaller<>(body)).build();
	}

	/** Returns a method whose requests are written without a message object, too. */
	static <T> MethodDescriptor<MessageWriter.Body, T> writing(MethodDescriptor<?, ?> method,
			MessageReader.Body<T> body) {
		return method.toBuilder(RequestMarshaller.INSTANCE, new AnswerMarshaller<>(body)).build();
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
