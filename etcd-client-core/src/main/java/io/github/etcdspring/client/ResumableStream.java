/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.StatusCode;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bidirectional stream that is opened again whenever it ends, on whatever member comes
 * next, as long as its user wants it. It takes a valid token each time. Confined to the
 * {@link SynchronizationContext} it is made with: every method is called there, and the
 * handler is.
 */
final class ResumableStream<Q, R> {

	/**
	 * How many messages may have come before one is taken, while another thread is busy
	 * with this stream.
	 */
	private static final int AHEAD = 8;

	private static final Logger logger = LoggerFactory.getLogger(ResumableStream.class);

	private final EtcdChannel channel;

	private final MethodDescriptor<Q, R> method;

	private final boolean requireLeader;

	private final SynchronizationContext context;

	private final Handler<R> handler;

	private final Runnable endpointsChanged = this::endpointsChanged;

	private State state = State.CLOSED;

	/** The call under way; answers of any other are ignored. */
	private @Nullable ClientCall<Q, R> call;

	/** Knows which member has the call under way. */
	private @Nullable AttemptTracer tracer;

	private @Nullable AuthToken token;

	/** Whether a member refused the token, so that another is needed. */
	private boolean tokenRefused;

	private final StreamLosses losses;

	/**
	 * Makes a stream that is not open.
	 * @param requireLeader whether to leave a member that has no leader
	 */
	ResumableStream(EtcdChannel channel, MethodDescriptor<Q, R> method, boolean requireLeader,
			SynchronizationContext context, Handler<R> handler) {
		this.channel = channel;
		this.method = method;
		this.requireLeader = requireLeader;
		this.context = context;
		this.handler = handler;
		this.losses = new StreamLosses(String.valueOf(method.getBareMethodName()), channel.ticker());
		this.channel.endpointList().addListener(this.endpointsChanged);
	}

	/** Opens the stream unless it is open or about to be. */
	void open() {
		if (this.state == State.CLOSED) {
			TokenSource tokens = this.channel.tokens();
			obtainToken(this.tokenRefused ? tokens.refresh(this.token) : tokens.current());
		}
	}

	boolean isOpen() {
		return this.call != null;
	}

	/** Sends a message; only while the stream is open. */
	void send(Q message) {
		if (this.call != null) {
			this.call.sendMessage(message);
		}
	}

	/** Whether a member has the stream. */
	boolean isServed() {
		return this.tracer != null && this.tracer.reachedMember();
	}

	/** Takes the word that the stream does its work. */
	void provedUseful() {
		this.losses.useful();
	}

	/** Gives up a stream that the transport thinks is well. */
	void abandon(CallFailure reason) {
		ClientCall<Q, R> call = this.call;
		if (call != null) {
			this.call = null;
			call.cancel(reason.message(), null);
			lost(reason);
		}
	}

	/** Leaves a member that is no endpoint any more; gRPC would let the stream go on. */
	private void endpointsChanged() {
		this.context.execute(() -> {
			AttemptTracer tracer = this.tracer;
			if (tracer != null && this.channel.endpointList().hasLeft(tracer.member())) {
				abandon(new CallFailure(FailureKind.UNAVAILABLE, StatusCode.UNAVAILABLE,
						"its member is no endpoint any more", null));
			}
		});
	}

	void close() {
		this.channel.endpointList().removeListener(this.endpointsChanged);
		this.state = State.ENDED;
		if (this.call != null) {
			this.call.cancel("closed", null);
			this.call = null;
		}
	}

	private void obtainToken(CompletableFuture<Optional<AuthToken>> token) {
		this.state = State.OPENING;
		token.whenComplete((value, failure) -> this.context.execute(() -> {
			if (this.state != State.OPENING) {
				return;
			}
			if (failure != null) {
				reopenLater(String.valueOf(failure.getMessage()), mayPass(failure));
			}
			else {
				start(value.orElse(null));
			}
		}));
	}

	private void start(@Nullable AuthToken token) {
		AttemptTracer tracer = new AttemptTracer(this.channel.ticker());
		ClientCall<Q, R> call = this.channel.newStream(this.method, tracer);
		this.tracer = tracer;
		this.token = token;
		this.tokenRefused = false;
		this.losses.opened();
		this.call = call;
		this.state = State.OPEN;
		call.start(new StreamListener(call), RequestHeaders.of(token, this.requireLeader));
		call.request(AHEAD);
		this.handler.opened();
	}

	private void lost(CallFailure failure) {
		if (this.state == State.ENDED) {
			return;
		}
		this.losses.ended();
		try {
			this.handler.lost(failure);
		}
		finally {
			// also when its user fails on it
			openAgain(failure);
		}
	}

	private void openAgain(CallFailure failure) {
		this.tokenRefused = failure.kind() == FailureKind.TOKEN && this.channel.tokens().renewal().isPossible();
		if (this.tokenRefused && this.losses.isNone()) {
			this.losses.add();
			obtainToken(this.channel.tokens().refresh(this.token));
		}
		else {
			reopenLater(failure.message(), failure.kind().mayPass());
		}
	}

	private static boolean mayPass(Throwable failure) {
		return failure instanceof EtcdException etcd && etcd.isRetryable();
	}

	private void reopenLater(String reason, boolean mayPass) {
		this.state = State.WAITING;
		this.channel.scheduler().schedule(() -> this.context.execute(this::reopen), this.losses.add(reason, mayPass));
	}

	private void reopen() {
		if (this.state != State.WAITING) {
			return;
		}
		this.state = State.CLOSED;
		if (this.handler.isStreamWanted()) {
			open();
		}
	}

	private String name() {
		return String.valueOf(this.method.getBareMethodName());
	}

	/** The life of the stream. */
	private enum State {

		/** Not open and not wanted. To OPENING, ENDED. */
		CLOSED,

		/** A token is being obtained. To OPEN, WAITING, ENDED. */
		OPENING,

		/** Messages can be sent. To OPENING, WAITING, ENDED. */
		OPEN,

		/** Lost; a delay passes. To CLOSED, ENDED. */
		WAITING,

		/** Closed for good. */
		ENDED

	}

	/** What uses the stream; called on the context. */
	interface Handler<R> {

		/** The stream is open: nothing sent on an earlier one counts. */
		void opened();

		/** Returns the header of a message. */
		ResponseHeader header(R message);

		/** A message came. */
		void received(R message);

		/** The stream ended; it is opened again unless the handler no longer wants it. */
		void lost(CallFailure failure);

		/** Whether a lost stream is to be opened again. */
		boolean isStreamWanted();

	}

	private final class StreamListener extends ClientCall.Listener<R> {

		private final ClientCall<Q, R> own;

		/** How many messages have been taken since more were asked for. */
		private int taken;

		StreamListener(ClientCall<Q, R> own) {
			this.own = own;
		}

		@Override
		public void onMessage(R message) {
			ResumableStream.this.context.execute(() -> {
				if (ResumableStream.this.call == this.own) {
					take(message);
				}
			});
		}

		/** The member is known now, and may have left before it was. */
		@Override
		public void onReady() {
			endpointsChanged();
		}

		/**
		 * A stream whose message cannot be taken, whatever the reason, must not fall
		 * silent.
		 */
		private void take(R message) {
			try {
				CallFailure foreign = ResumableStream.this.channel.note(ResumableStream.this.handler.header(message));
				if (foreign != null) {
					abandon(foreign);
					return;
				}
				ResumableStream.this.handler.received(message);
				if (++this.taken == AHEAD / 2) {
					this.taken = 0;
					this.own.request(AHEAD / 2);
				}
			}
			catch (Throwable ex) {
				logger.warn("{} stream brought a message that could not be taken", name(), ex);
				abandon(new CallFailure(FailureKind.SERVER, StatusCode.INTERNAL, "a message could not be taken", ex));
			}
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			CallFailure failure = StatusTranslator.read(status, false);
			ResumableStream.this.context.execute(() -> {
				if (ResumableStream.this.call == this.own) {
					ResumableStream.this.call = null;
					lost(failure);
				}
			});
		}

	}

}
