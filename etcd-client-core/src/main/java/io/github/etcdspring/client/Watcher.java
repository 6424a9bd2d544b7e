/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.internal.proto.MvccProto;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchListener;
import io.github.etcdspring.watch.WatchRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watch: where it goes on, and what it has told. Its place is one number, the first
 * revision it has not taken: the start it was asked for, then one more than the last
 * revision whose events it took whole, or than the last revision up to which the server
 * said there are none. Nothing else ever moves it; the revision in the header of an
 * answer that creates the watch or carries events is not a place.
 */
final class Watcher implements Watch {

	/** What an event occupies besides its key and values. */
	private static final int EVENT_OVERHEAD = 128;

	private static final Logger logger = LoggerFactory.getLogger(Watcher.class);

	private final WatchRequest request;

	private final WatchStream stream;

	private final WatchDelivery delivery;

	private final AtomicBoolean open = new AtomicBoolean(true);

	// the fields below: only from the stream's context

	private State state = State.WAITING;

	private long nextRevision;

	private boolean disconnected;

	/** Events of the last revision in a fragment: more of them may follow. */
	private final List<WatchEvent> partial = new ArrayList<>();

	Watcher(WatchRequest request, long startRevision, WatchListener listener, WatchStream stream, EtcdChannel channel) {
		this.request = request;
		this.nextRevision = startRevision;
		this.stream = stream;
		this.delivery = new WatchDelivery(listener, channel.callbacks(), () -> stream.emptied(this));
	}

	@Override
	public boolean isOpen() {
		return this.open.get();
	}

	@Override
	public void close() {
		this.delivery.close();
		if (this.open.compareAndSet(true, false)) {
			this.stream.closed(this);
		}
	}

	State state() {
		return this.state;
	}

	void moveTo(State next) {
		logger.trace("watch {}: {} to {} at {}", this.request, this.state, next, this.nextRevision);
		this.state = next;
	}

	WatchProto.WatchRequest createRequest() {
		return WatchCodec.create(this.request, this.nextRevision);
	}

	void created() {
		moveTo(State.ACTIVE);
		if (this.disconnected) {
			this.disconnected = false;
			this.delivery.connection(true);
		}
	}

	/** What is held back comes again with the rest of its revision. */
	void pause() {
		this.partial.clear();
		moveTo(State.PAUSED);
	}

	void streamLost() {
		this.partial.clear();
		if (this.state != State.PAUSED) {
			moveTo(State.WAITING);
		}
		if (!this.disconnected) {
			this.disconnected = true;
			this.delivery.connection(false);
		}
	}

	/**
	 * Takes events.
	 * @return whether the listener's buffer is full: the watch must pause
	 */
	boolean received(WatchProto.WatchResponse answer) {
		List<WatchEvent> complete = new ArrayList<>(this.partial);
		this.partial.clear();
		for (MvccProto.Event event : answer.getEventsList()) {
			if (event.getKv().getModRevision() >= this.nextRevision) {
				complete.add(WatchCodec.event(event));
			}
		}
		if (answer.getFragment()) {
			holdBackLastRevision(complete);
		}
		if (complete.isEmpty()) {
			return false;
		}
		this.nextRevision = complete.get(complete.size() - 1).revision() + 1;
		return this.delivery.events(List.copyOf(complete), sizeOf(complete));
	}

	private void holdBackLastRevision(List<WatchEvent> events) {
		if (events.isEmpty()) {
			return;
		}
		long last = events.get(events.size() - 1).revision();
		int from = events.size();
		while (from > 0 && events.get(from - 1).revision() == last) {
			from--;
		}
		List<WatchEvent> tail = events.subList(from, events.size());
		this.partial.addAll(tail);
		tail.clear();
	}

	private static long sizeOf(List<WatchEvent> events) {
		long size = 0;
		for (WatchEvent event : events) {
			size += EVENT_OVERHEAD + event.key().size();
			if (event instanceof WatchEvent.Put put) {
				size += put.kv().value().size();
			}
			size += event.previous().map((kv) -> kv.value().size()).orElse(0);
		}
		return size;
	}

	void progressed(long revision) {
		if (this.partial.isEmpty() && revision >= this.nextRevision) {
			this.nextRevision = revision + 1;
			this.delivery.progress(revision);
		}
	}

	/** Ends the watch for a reason of the server's. */
	void fail(EtcdException cause) {
		if (this.open.compareAndSet(true, false)) {
			this.delivery.end(cause);
		}
	}

	@Override
	public String toString() {
		return this.request + " at " + this.nextRevision;
	}

	/** The life of a watch on its stream. */
	enum State {

		/** To be created when its turn comes. To CREATING, ENDED. */
		WAITING,

		/** The server has been asked. To ACTIVE, WAITING, ENDED. */
		CREATING,

		/** The server watches. To PAUSED, WAITING, ENDED. */
		ACTIVE,

		/**
		 * Cancelled on the server until the listener's buffer is empty. To WAITING,
		 * ENDED.
		 */
		PAUSED,

		/** Over. */
		ENDED

	}

}
