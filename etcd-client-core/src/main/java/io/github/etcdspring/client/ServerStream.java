/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;

import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A read that the server answers with many messages, as a publisher. Nothing is sent
 * before somebody subscribes, and each subscription is a call of its own; see
 * {@link ServerStreamCall}. Immutable.
 */
final class ServerStream<Q, R, T> implements Subscribable<T> {

	private final EtcdChannel channel;

	private final CallSettings settings;

	private final MethodDescriptor<Q, R> method;

	private final Q request;

	private final Function<R, T> decoder;

	private final @Nullable Duration firstPatience;

	private final @Nullable Duration nextPatience;

	/**
	 * Creates a stream whose member may be silent for as long as a call may take.
	 * @param decoder makes a message into what the subscriber gets; runs on the
	 * connection's thread
	 */
	ServerStream(EtcdChannel channel, CallSettings settings, MethodDescriptor<Q, R> method, Q request,
			Function<R, T> decoder) {
		this(channel, settings, method, request, decoder, settings.timeout(), settings.timeout());
	}

	private ServerStream(EtcdChannel channel, CallSettings settings, MethodDescriptor<Q, R> method, Q request,
			Function<R, T> decoder, @Nullable Duration firstPatience, @Nullable Duration nextPatience) {
		this.channel = channel;
		this.settings = settings;
		this.method = method;
		this.request = request;
		this.decoder = decoder;
		this.firstPatience = firstPatience;
		this.nextPatience = nextPatience;
	}

	/**
	 * Returns the same stream with other bounds on a member's silence while messages are
	 * wanted.
	 * @param first the time until the first message
	 * @param next the time between two messages, and until the end
	 */
	ServerStream<Q, R, T> withPatience(Duration first, Duration next) {
		return new ServerStream<>(this.channel, this.settings, this.method, this.request, this.decoder, first, next);
	}

	/**
	 * Returns the same stream for a method that has nothing to say for days. That a
	 * member is reached at all is still bounded by the request timeout.
	 */
	ServerStream<Q, R, T> withoutPatience() {
		return new ServerStream<>(this.channel, this.settings, this.method, this.request, this.decoder, null, null);
	}

	/** Calls the subscriber on the client's callback executor. */
	@Override
	public void subscribe(Flow.Subscriber<? super T> subscriber) {
		subscribe(subscriber, this.channel.callbacks());
	}

	@Override
	public void subscribe(Flow.Subscriber<? super T> subscriber, Executor executor) {
		Objects.requireNonNull(subscriber, "subscriber");
		new ServerStreamCall<>(this, subscriber, executor).begin();
	}

	EtcdChannel channel() {
		return this.channel;
	}

	CallSettings settings() {
		return this.settings;
	}

	MethodDescriptor<Q, R> method() {
		return this.method;
	}

	Q request() {
		return this.request;
	}

	T decode(R message) {
		return this.decoder.apply(message);
	}

	/** Returns how long the first message may take; {@code null} for any time. */
	@Nullable Duration firstPatience() {
		return this.firstPatience;
	}

	/** Returns how long each later message may take; {@code null} for any time. */
	@Nullable Duration nextPatience() {
		return this.nextPatience;
	}

}
