/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;

/**
 * The view of a client for what this library does step by step, such as a lock on its way
 * to be held. Its futures complete and its listeners are called on a small executor of
 * the client's own. No user code runs there and nothing blocks, so that users who block
 * every thread of the callback executor wait for nothing that waits for them.
 */
public final class OwnSteps {

	/** Written once, before the first client is made. */
	private static volatile UnaryOperator<Object> view = UnaryOperator.identity();

	/** Written with the view. */
	private static volatile Function<Object, Executor> users = (client) -> Runnable::run;

	private OwnSteps() {
	}

	/**
	 * Says how the view is made; a client's public face does not have it.
	 * @param <C> the type of clients
	 * @param type their class
	 * @param view makes the view of one
	 * @param users returns where the users of one are told
	 */
	public static <C> void provide(Class<C> type, UnaryOperator<C> view, Function<C, Executor> users) {
		OwnSteps.view = (client) -> view.apply(type.cast(client));
		OwnSteps.users = (client) -> users.apply(type.cast(client));
	}

	/**
	 * Returns the view of a client.
	 * @param <C> its type
	 * @param client the client, or a view of it
	 * @return a view upon the same connection and with the same settings
	 */
	@SuppressWarnings("unchecked")
	public static <C> C of(C client) {
		return (C) view.apply(client);
	}

	/**
	 * Returns where a client's users are told.
	 * @param client the client, or a view of it, also that for own steps
	 * @return its callback executor
	 */
	public static Executor usersOf(Object client) {
		return users.apply(client);
	}

	/**
	 * Returns the end of a keep-alive, for the steps that follow from it.
	 * @param lease the keep-alive
	 * @return a stage that completes on the steps' executor
	 */
	public static CompletionStage<LeaseEnd> endOf(KeepAlive lease) {
		return (lease instanceof Lease own) ? own.endStep() : lease.end();
	}

	/**
	 * A keep-alive of the client's.
	 */
	public interface Lease {

		/**
		 * Returns the end of the keep-alive.
		 * @return a stage that completes on the steps' executor
		 */
		CompletionStage<LeaseEnd> endStep();

	}

}
