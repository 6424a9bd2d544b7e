/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;

/**
 * A gRPC service of one method, which answers with the name of the instance. Thread-safe.
 */
public final class EchoServer implements AutoCloseable {

	private static final MethodDescriptor<String, String> NAME = MethodDescriptor.<String, String>newBuilder()
		.setType(MethodDescriptor.MethodType.UNARY)
		.setFullMethodName("test.Echo/Name")
		.setRequestMarshaller(new Text())
		.setResponseMarshaller(new Text())
		.build();

	private final Server server;

	private EchoServer(Server server) {
		this.server = server;
	}

	/**
	 * {@return an instance that serves on a port of its own}
	 * @param name what it answers with
	 */
	public static EchoServer start(String name) {
		try {
			return new EchoServer(Grpc.newServerBuilderForPort(0, InsecureServerCredentials.create())
				.addService(ServerServiceDefinition.builder("test.Echo")
					.addMethod(NAME, ServerCalls.asyncUnaryCall((request, observer) -> {
						observer.onNext(name);
						observer.onCompleted();
					}))
					.build())
				.build()
				.start());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * {@return the name of the instance that a channel reaches}
	 * @param channel a channel to the service
	 */
	public static String ask(Channel channel) {
		return ClientCalls.blockingUnaryCall(channel, NAME, CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS),
				"");
	}

	/**
	 * {@return where it serves, as {@code host:port}}
	 */
	public String address() {
		return "127.0.0.1:" + this.server.getPort();
	}

	@Override
	public void close() {
		this.server.shutdownNow();
	}

	/** Texts as UTF-8. */
	private static final class Text implements MethodDescriptor.Marshaller<String> {

		@Override
		public InputStream stream(String value) {
			return new ByteArrayInputStream(value.getBytes(StandardCharsets.UTF_8));
		}

		@Override
		public String parse(InputStream stream) {
			try {
				return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
