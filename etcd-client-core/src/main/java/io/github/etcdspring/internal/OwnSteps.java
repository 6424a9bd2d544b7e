/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import io.github.etcdspring.Scheduler;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import org.jspecify.annotations.Nullable;

/**
 * The view of a client for what this library does step by step, such as a lock on its way
 * to be held. Its futures complete, unless they are {@linkplain HandedOff#direct direct},
 * and its listeners are called on a small executor of the client's own. No user code runs
 * there and nothing blocks, so that users who block every thread of the callback executor
 * wait for nothing that waits for them.
 */
public final class OwnSteps {

	/** Written once, before the first client is made. */
	private static volatile @Nullable UnaryOperator<Object> view;

	/** Written before the view. */
	private static volatile @Nullable Function<Object, Executor> users;

	/** Written before the view. */
	private static volatile @Nullable Function<Object, Scheduler> timer;

	private OwnSteps() {
	}

	/**
	 * Says how the view is made; a client's public face does not have it.
	 * @param <C> the type of clients
	 * @param view makes the view of one
	 * @param users returns where the users of one are told
	 * @param timer returns what runs delayed steps of one, on its callback executor
	 */
	@SuppressWarnings("unchecked")
	public static <C> void provide(UnaryOperator<C> view, Function<C, Executor> users, Function<C, Scheduler> timer) {
		OwnSteps.users = (Function<Object, Executor>) (Function<?, Executor>) users;
		OwnSteps.timer = (Function<Object, Scheduler>) (Function<?, Scheduler>) timer;
		OwnSteps.view = (UnaryOperator<Object>) (UnaryOperator<?>) view;
	}

	/**
	 * Returns the view of a client.
	 * @param <C> its type
	 * @param client the client, or a view of it
	 * @return a view upon the same connection and with the same settings
	 */
	@SuppressWarnings("unchecked")
	public static <C> C of(C client) {
		return (C) Objects.requireNonNull(view, "view").apply(client);
	}

	/**
	 * Returns where a client's users are told.
	 * @param client the client, or a view of it, also that for own steps
	 * @return its callback executor
	 */
	public static Executor usersOf(Object client) {
		return Objects.requireNonNull(users, "users").apply(client);
	}

	/**
	 * Makes a step after a while; at once when the client is closed, which the step finds
	 * out by itself.
	 * @param client the client, or a view of it
	 * @param step the step, made where futures of that complete
	 * @param delay how long to wait
	 * @return a handle that cancels the step
	 */
	public static Future<?> later(Object client, Runnable step, Duration delay) {
		return Objects.requireNonNull(timer, "timer").apply(client).schedule(step, delay);
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
	 * A listener that is not a user's: it is told where the steps are made, and blocks
	 * nothing.
	 */
	public interface Listener {

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
