/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.internal.OwnSteps;
import io.grpc.MethodDescriptor;

/**
 * Makes the calls of one view of a client. Immutable.
 */
final class Calls {

	private final EtcdChannel channel;

	private final CallSettings settings;

	Calls(EtcdChannel channel, CallSettings settings) {
		this.channel = channel;
		this.settings = settings;
	}

	/**
	 * Begins a unary call. The future completes on the connection's thread: only what
	 * never blocks may be chained to it.
	 */
	<Q, R, T> CompletableFuture<T> unary(MethodDescriptor<Q, R> method, Q request, RetryPolicy policy,
			AnswerDecoder<R, T> decoder) {
		return call(method, request, policy, decoder).start();
	}

	/** Returns a unary call that has not begun. */
	<Q, R, T> UnaryCall<Q, R, T> call(MethodDescriptor<Q, R> method, Q request, RetryPolicy policy,
			AnswerDecoder<R, T> decoder) {
		return new UnaryCall<>(this.channel, this.settings, method, request, policy, decoder, CallPreparation.ALL);
	}

	/** Returns a read that is answered with many messages; see {@link ServerStream}. */
	<Q, R, T> ServerStream<Q, R, T> stream(MethodDescriptor<Q, R> method, Q request, Function<R, T> decoder) {
		return new ServerStream<>(this.channel, this.settings, method, request, decoder);
	}

	/** Returns a future for the user: see {@link Callbacks#handOff}. */
	<T> CompletableFuture<T> handOff(CompletableFuture<T> call) {
		return callbacks().handOff(call);
	}

	/** Returns where futures complete and listeners are called. */
	Callbacks callbacks() {
		return this.settings.ownSteps() ? this.channel.ownSteps() : this.channel.callbacks();
	}

	/** Returns calls from which the library's own steps follow; see {@link OwnSteps}. */
	Calls forOwnSteps() {
		return new Calls(this.channel, this.settings.forOwnSteps());
	}

	/** Returns calls that take no longer than a time. */
	Calls withTimeout(Duration timeout) {
		return new Calls(this.channel, this.settings.withTimeout(timeout));
	}

	/** Returns calls that a member without leader refuses. */
	Calls withRequireLeader() {
		return new Calls(this.channel, this.settings.withRequireLeader());
	}

	/** Returns calls of one member, each on a connection of its own. */
	Calls at(Endpoint member) {
		return new Calls(this.channel, this.settings.at(member));
	}

	/** Returns calls whose reads show no state older than the client has seen. */
	Calls withOrdering() {
		return new Calls(this.channel, this.settings.withOrdering());
	}

	/** Returns calls whose keys lie in a namespace inside that of these. */
	Calls withNamespace(ByteSequence prefix) {
		return new Calls(this.channel, this.settings.within(this.settings.namespace().inner(prefix)));
	}

	Namespace namespace() {
		return this.settings.namespace();
	}

	boolean isOrdered() {
		return this.settings.ordered();
	}

	/** Returns how long each call may take. */
	Duration timeout() {
		return this.settings.timeout();
	}

	EtcdChannel channel() {
		return this.channel;
	}

}
