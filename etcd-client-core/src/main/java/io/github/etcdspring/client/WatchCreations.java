/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

import io.github.etcdspring.StatusCode;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;

/**
 * Creates the watches of a stream, many at a time. The server answers in the order in
 * which it was asked, and a refusal names no watch: an answer belongs to the watch that
 * was asked for first. Each watch is asked for under an id of its own, so that the answer
 * proves it. The first of a stream goes alone: something in between, such as etcd's gRPC
 * proxy, may give ids of its own and answer in another order, and then one is created at
 * a time. A member that says nothing at all while it is asked for a watch is left.
 * Confined to the context.
 */
final class WatchCreations {

	/** So many wait for their answers at a time. */
	static final int WINDOW = 64;

	/** No answer and no event for so long is not a member that works. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private final ResumableStream<MessageWriter.Body, WatchAnswer> stream;

	private final SilenceTimer silence;

	private final Set<Watcher> waiting = new LinkedHashSet<>();

	/** In the order in which they were asked for. */
	private final Deque<Watcher> asked = new ArrayDeque<>();

	/** Whether the present stream uses the ids it is given; not known at first. */
	private @Nullable Boolean usesOurIds;

	/** No id is given twice, nor any that others begin to count with. */
	private long lastId = 1_000_000;

	WatchCreations(EtcdChannel channel, SynchronizationContext context,
			ResumableStream<MessageWriter.Body, WatchAnswer> stream) {
		this.stream = stream;
		this.silence = new SilenceTimer(channel, context, this::silent);
	}

	/** Takes a watch that is to be created when its turn comes. */
	void add(Watcher watcher) {
		this.waiting.add(watcher);
		askNext();
	}

	/** Takes the word that a watch that waits is not wanted any more. */
	void remove(Watcher watcher) {
		this.waiting.remove(watcher);
	}

	/** Asks for watches, as many as may be. */
	void askNext() {
		while (this.stream.isOpen() && this.asked.size() < window() && !this.waiting.isEmpty()) {
			Iterator<Watcher> waiting = this.waiting.iterator();
			Watcher next = waiting.next();
			waiting.remove();
			if (this.asked.isEmpty()) {
				this.silence.start(PATIENCE);
			}
			this.asked.add(next);
			this.stream.send(next.create(++this.lastId));
		}
	}

	private int window() {
		return Boolean.TRUE.equals(this.usesOurIds) ? WINDOW : 1;
	}

	/** Takes the word that something came on the stream. */
	void heard() {
		if (!this.asked.isEmpty()) {
			this.silence.start(PATIENCE);
		}
	}

	/** Returns whose creation an answer is to. */
	Watcher answered(WatchAnswer answer) {
		Watcher watcher = this.asked.poll();
		if (watcher == null) {
			throw new IllegalStateException("an answer to a watch that was not asked for");
		}
		if (this.asked.isEmpty()) {
			this.silence.pause();
		}
		if (!answer.canceled()) {
			checkId(watcher.id(), answer.watchId());
		}
		return watcher;
	}

	private void checkId(long asked, long given) {
		if (this.usesOurIds == null) {
			this.usesOurIds = asked == given;
		}
		else if (this.usesOurIds && asked != given) {
			throw new IllegalStateException("watch " + given + " was created in place of " + asked);
		}
	}

	/** A call that still waits for a connection has no member that could be left. */
	private void silent() {
		if (this.stream.isServed()) {
			this.stream.abandon(new CallFailure(FailureKind.UNAVAILABLE, StatusCode.UNAVAILABLE,
					"a member does not create watches", null));
		}
		else {
			this.silence.start(PATIENCE);
		}
	}

	/** Begins anew, with the watches that are to be created on the next stream. */
	void streamLost(Collection<Watcher> all) {
		this.silence.pause();
		this.asked.clear();
		this.waiting.clear();
		this.usesOurIds = null;
		for (Watcher watcher : all) {
			if (watcher.state() == WatcherState.WAITING) {
				this.waiting.add(watcher);
			}
		}
	}

	void close() {
		this.silence.stop();
	}

}
