/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Consumer;

import io.github.etcdspring.EtcdResult;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.ResponseHeader;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription to a {@link ServerStream}, from its call to its end.
 * <p>
 * <em>Opening.</em> The call is sent at once, and sent again, as a read is, until a
 * member has answered with the first message; a failure after that ends the stream, since
 * another member cannot go on where the first one stopped. A member must be reached
 * within the request timeout. <em>Demand.</em> The member is asked for what the
 * subscriber asks for, a few messages ahead of its work at most; the rest stays behind
 * HTTP/2's flow control. <em>Silence</em> counts only while a message is asked for: it is
 * no fault of the member when the subscriber is slow. <em>The end</em> is one signal,
 * unless the subscriber cancels.
 * <p>
 * State is confined to the context, where nothing blocks. The subscriber is called
 * outside of it.
 */
final class ServerStreamCall<Q, R, T> implements Flow.Subscription {

	/** How many messages may be on their way to the subscriber. */
	static final int READ_AHEAD = 4;

	private static final Logger logger = LoggerFactory.getLogger(ServerStreamCall.class);

	private final ServerStream<Q, R, T> stream;

	private final EtcdChannel channel;

	/** Whom to ask; one that is pinned is this call's own. */
	private final Members members;

	private final SynchronizationContext context = new SynchronizationContext(
			(thread, failure) -> logger.error("a stream failed", failure));

	private final SubscriberSignals<T> signals;

	private final CallRecord record;

	private final SilenceTimer silence;

	private final StreamDemand demand = new StreamDemand(READ_AHEAD);

	private @Nullable Future<?> openingTimer;

	private boolean openingTimeUp;

	/** The call under way; what comes of any other is ignored. */
	private @Nullable ClientCall<Q, R> call;

	private @Nullable AttemptTracer tracer;

	private int tokenRefreshes;

	private boolean received;

	private boolean ended;

	ServerStreamCall(ServerStream<Q, R, T> stream, Flow.Subscriber<? super T> subscriber, Executor executor) {
		this.stream = stream;
		this.channel = stream.channel();
		Endpoint member = stream.settings().member();
		this.members = (member != null) ? this.channel.pin(member) : this.channel;
		this.signals = new SubscriberSignals<>(subscriber, executor, this);
		this.record = new CallRecord(stream.method(), this.members, stream.settings().timeout());
		this.silence = new SilenceTimer(this.channel, this.context, this::silentForTooLong);
	}

	void begin() {
		this.signals.subscribe();
		this.context.execute(() -> {
			if (!this.ended) {
				Duration timeout = this.stream.settings().timeout();
				this.openingTimer = this.channel.timedTasks()
					.schedule(() -> this.context.execute(this::openingTimeUp), timeout);
				open();
			}
		});
	}

	@Override
	public void request(long n) {
		this.context.execute(() -> {
			if (this.ended) {
				return;
			}
			if (n <= 0) {
				fail(StreamDemand.notAboveZero(n));
				return;
			}
			this.demand.add(n);
			askForMore();
		});
	}

	@Override
	public void cancel() {
		this.signals.stop();
		this.context.execute(this::end);
	}

	private void open() {
		ClusterCheck check = this.channel.clusterCheck();
		Endpoint member = this.stream.settings().member();
		if (check == null) {
			openWithToken();
		}
		else if (member == null) {
			await(check.passed(), (passed) -> openWithToken());
		}
		else {
			// what a member streams may not name its cluster
			await(check.passedBy(this.channel.clusterOf(member)), (passed) -> openWithToken());
		}
	}

	private void openWithToken() {
		await(this.channel.tokens().current(), (token) -> start(token.orElse(null)));
	}

	private <V> void await(CompletableFuture<V> prepared, Consumer<V> next) {
		prepared.whenComplete((value, failure) -> this.context.execute(() -> {
			if (this.ended) {
				return;
			}
			if (this.channel.isClosed()) {
				fail(this.record.closed(failure));
			}
			else if (failure == null) {
				next.accept(value);
			}
			else if (mayPass(failure) && !this.openingTimeUp) {
				openAfterPause();
			}
			else {
				fail(this.record.unprepared(failure));
			}
		}));
	}

	/** A login that others began earlier runs out of time before this call does. */
	private static boolean mayPass(Throwable login) {
		return login instanceof EtcdTimeoutException || login instanceof EtcdUnavailableException;
	}

	private boolean canRefreshToken() {
		return this.tokenRefreshes < this.channel.tokens().renewal().repetitions();
	}

	private void start(@Nullable AuthToken token) {
		this.record.begun();
		AttemptTracer tracer = new AttemptTracer(this.channel.ticker());
		ClientCall<Q, R> call = this.members.newCall(this.stream.method(),
				CallOptions.DEFAULT.withWaitForReady().withStreamTracerFactory(tracer));
		this.call = call;
		this.tracer = tracer;
		call.start(new Listener(call, tracer, token), RequestHeaders.of(token, this.stream.settings().requireLeader()));
		call.sendMessage(this.stream.request());
		call.halfClose();
		if (this.demand.awaited() > 0) {
			call.request(this.demand.awaited());
			this.silence.start(this.stream.firstPatience());
		}
	}

	/** Asks for as much as the subscriber wants and will soon have taken. */
	private void askForMore() {
		boolean awaiting = this.demand.awaited() > 0;
		int more = this.ended ? 0 : this.demand.ask();
		if (more > 0 && this.call != null) {
			this.call.request(more);
			if (!awaiting) {
				this.silence.start(this.received ? this.stream.nextPatience() : this.stream.firstPatience());
			}
		}
	}

	private void take(R message) {
		this.received = true;
		stopOpeningTimer();
		this.demand.came();
		if (this.demand.awaited() == 0) {
			this.silence.pause();
		}
		else {
			this.silence.start(this.stream.nextPatience());
		}
		T item;
		try {
			item = this.stream.decode(message);
		}
		catch (Throwable ex) {
			fail(this.record.senseless(ex));
			return;
		}
		if (!(item instanceof EtcdResult result) || mayBeTaken(result.header())) {
			this.signals.next(item, this::delivered);
		}
	}

	/** Ends a stream that comes from another cluster than the expected one. */
	private boolean mayBeTaken(ResponseHeader header) {
		String foreign = this.channel.findForeign(header.clusterId(), this.members);
		if (foreign != null) {
			fail(this.record.wrongCluster(foreign, header.clusterId()));
			return false;
		}
		HeaderSense sense = this.channel.sense();
		sense.note(header, sense.history(), 0);
		return true;
	}

	private void delivered() {
		this.context.execute(() -> {
			this.demand.delivered();
			askForMore();
		});
	}

	private void closed(Status status, AttemptTracer tracer, @Nullable AuthToken token) {
		this.call = null;
		this.silence.pause();
		CallFailure failure = StatusTranslator.read(status, tracer.endedByMember());
		this.record.reached(tracer);
		boolean reached = this.record.failed(failure, tracer);
		SenselessAnswerException senseless = StatusTranslator.senseless(status);
		if (StatusTranslator.isOk(status)) {
			end();
			this.signals.complete();
		}
		else if (senseless != null) {
			fail(this.record.senseless(senseless));
		}
		else if (this.channel.isClosed()) {
			fail(this.record.closed(failure.cause()));
		}
		else if (this.received || this.openingTimeUp || this.record.attempts() >= RetryPolicy.MAX_ATTEMPTS) {
			fail(this.record.exception(failure));
		}
		else if (failure.kind() == FailureKind.TOKEN && canRefreshToken()) {
			this.tokenRefreshes++;
			await(this.channel.tokens().refresh(token), (refreshed) -> start(refreshed.orElse(null)));
		}
		else if (RetryPolicy.REPEATABLE.permits(failure, reached, this.members.count())) {
			openAgain();
		}
		else {
			fail(this.record.exception(failure));
		}
	}

	/** Pauses only when a quorum of members may have been asked since the last pause. */
	private void openAgain() {
		if (this.record.attempts() % this.members.quorum() != 0) {
			open();
		}
		else {
			openAfterPause();
		}
	}

	/** A pause that the close of the client cuts short. */
	private void openAfterPause() {
		this.channel.timedTasks().schedule(() -> this.context.execute(this::reopen), RetryPolicy.pause());
	}

	private void reopen() {
		if (!this.ended) {
			open();
		}
	}

	private void openingTimeUp() {
		if (this.channel.isClosed() && !this.ended) {
			fail(this.record.closed(null));
			return;
		}
		this.openingTimeUp = true;
		if (this.ended || (this.call != null && reachesMember())) {
			return;
		}
		boolean connected = this.call == null && this.members.state() == ConnectionState.CONNECTED;
		fail(this.record.timeout(connected ? "no token could be obtained" : CallRecord.UNREACHED));
	}

	private boolean reachesMember() {
		AttemptTracer tracer = this.tracer;
		if (tracer == null) {
			return false;
		}
		this.record.reached(tracer);
		return tracer.reachedMember();
	}

	private void silentForTooLong() {
		Duration patience = this.received ? this.stream.nextPatience() : this.stream.firstPatience();
		if (!this.ended && this.call != null && patience != null) {
			reachesMember();
			fail(this.record.silence(patience));
		}
	}

	private void fail(Throwable failure) {
		end();
		this.signals.fail(failure);
	}

	private void end() {
		this.ended = true;
		stopOpeningTimer();
		this.silence.stop();
		ClientCall<Q, R> call = this.call;
		if (call != null) {
			this.call = null;
			call.cancel("no longer wanted", null);
		}
		if (this.members instanceof PinnedMember pinned) {
			this.channel.unpin(pinned);
		}
	}

	private void stopOpeningTimer() {
		if (this.openingTimer != null) {
			this.openingTimer.cancel(false);
			this.openingTimer = null;
		}
	}

	/** Brings what comes from the connection's thread to the context. */
	private final class Listener extends ClientCall.Listener<R> {

		private final ClientCall<Q, R> own;

		private final AttemptTracer tracer;

		private final @Nullable AuthToken token;

		Listener(ClientCall<Q, R> own, AttemptTracer tracer, @Nullable AuthToken token) {
			this.own = own;
			this.tracer = tracer;
			this.token = token;
		}

		@Override
		public void onMessage(R message) {
			whileCurrent(() -> take(message));
		}

		@Override
		public void onClose(Status status, Metadata trailers) {
			whileCurrent(() -> closed(status, this.tracer, this.token));
		}

		private void whileCurrent(Runnable action) {
			ServerStreamCall.this.context.execute(() -> {
				if (ServerStreamCall.this.call == this.own) {
					action.run();
				}
			});
		}

	}

}
