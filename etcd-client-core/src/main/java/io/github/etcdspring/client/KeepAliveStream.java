/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Future;

import io.github.etcdspring.StatusCode;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.LeaseGrpc;
import io.github.etcdspring.internal.proto.LeaseProto;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lease.LeaseGrant;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All leases of a client on one stream.
 * <p>
 * Each lease has one moment at which it wants attention next: to be renewed, to be given
 * up, or to have its unanswered renewal taken for a stalled member. The leases stand in
 * order of that moment and one timer waits for the first, so that a lease costs a few
 * comparisons each time it is renewed, however many there are. A renewal is sent when a
 * third of the TTL has passed since the last answer, and only one at a time for a lease,
 * so that an answer belongs to the renewal that was sent last. When the stream is lost,
 * or one answer is overdue, the stream is opened again on the next member and whatever
 * was unanswered is sent again; the deadlines run on meanwhile.
 * <p>
 * No user code runs here, so no lease can delay another. All fields are confined to the
 * context.
 */
final class KeepAliveStream implements ResumableStream.Handler<LeaseProto.LeaseKeepAliveResponse>, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(KeepAliveStream.class);

	private final EtcdChannel channel;

	private final SynchronizationContext context = new SynchronizationContext(
			(thread, failure) -> logger.error("keep-alive failed on {}", thread.getName(), failure));

	private final ResumableStream<LeaseProto.LeaseKeepAliveRequest, LeaseProto.LeaseKeepAliveResponse> stream;

	private final Map<Long, LeaseKeeper> leases = new HashMap<>();

	private final TreeSet<LeaseKeeper> byWake = new TreeSet<>(KeepAliveStream::compareByWake);

	private final RenewalTurns turns = new RenewalTurns();

	private @Nullable Future<?> timer;

	private long timerNanos;

	private boolean closed;

	KeepAliveStream(EtcdChannel channel) {
		this.channel = channel;
		this.stream = new ResumableStream<>(channel, LeaseGrpc.getLeaseKeepAliveMethod(), true, this.context, this);
	}

	/** Readings of the clock have an order only by their difference. */
	private static int compareByWake(LeaseKeeper a, LeaseKeeper b) {
		int order = Long.signum(a.wakeNanos() - b.wakeNanos());
		return (order != 0) ? order : Long.compare(a.lease().value(), b.lease().value());
	}

	KeepAlive keep(LeaseGrant grant) {
		LeaseKeeper keeper = new LeaseKeeper(grant, this, this.channel);
		this.context.execute(() -> add(keeper));
		return keeper;
	}

	void forget(LeaseKeeper keeper) {
		this.context.execute(() -> {
			if (this.leases.remove(keeper.lease().value(), keeper)) {
				this.byWake.remove(keeper);
			}
			this.turns.ended(keeper);
			renewNext();
		});
	}

	private void add(LeaseKeeper keeper) {
		if (this.closed) {
			keeper.finish(LeaseEnd.CLIENT_CLOSED);
			return;
		}
		LeaseKeeper earlier = this.leases.put(keeper.lease().value(), keeper);
		if (earlier != null) {
			// now, since the order does not tell two keepers of one lease apart
			this.byWake.remove(earlier);
			earlier.finish(LeaseEnd.STOPPED);
		}
		this.stream.open();
		plan(keeper);
		setTimer();
	}

	private void plan(LeaseKeeper keeper) {
		this.byWake.remove(keeper);
		keeper.planWake(this.stream.isOpen());
		this.byWake.add(keeper);
	}

	private void setTimer() {
		if (this.byWake.isEmpty()) {
			return;
		}
		long wake = this.byWake.first().wakeNanos();
		if (this.timer != null) {
			if (wake - this.timerNanos >= 0) {
				return;
			}
			this.timer.cancel(false);
		}
		long delay = Math.max(0, wake - this.channel.ticker().nanoTime());
		this.timerNanos = wake;
		this.timer = this.channel.scheduler()
			.schedule(() -> this.context.execute(this::timerRang), Duration.ofNanos(delay));
	}

	private void timerRang() {
		this.timer = null;
		attend();
	}

	private void attend() {
		attendToDue();
		setTimer();
	}

	private void attendToDue() {
		long now = this.channel.ticker().nanoTime();
		boolean stalled = false;
		while (!this.byWake.isEmpty() && now - this.byWake.first().wakeNanos() >= 0) {
			LeaseKeeper keeper = this.byWake.pollFirst();
			if (keeper.isPastDeadline(now)) {
				this.leases.remove(keeper.lease().value(), keeper);
				keeper.finish(LeaseEnd.EXPIRED);
				continue;
			}
			if (keeper.isStalled(now)) {
				stalled = true;
				keeper.streamLost(now);
			}
			else if (this.stream.isOpen() && keeper.isDue(now) && this.turns.begin(keeper)) {
				renew(keeper, now);
			}
			keeper.planWake(this.stream.isOpen() && !stalled);
			this.byWake.add(keeper);
		}
		if (stalled) {
			this.stream.abandon(new CallFailure(FailureKind.UNAVAILABLE, StatusCode.UNAVAILABLE,
					"a member does not answer renewals", null));
		}
	}

	private void renewNext() {
		LeaseKeeper next = this.stream.isOpen() ? this.turns.next() : null;
		while (next != null) {
			this.byWake.remove(next);
			renew(next, this.channel.ticker().nanoTime());
			plan(next);
			next = this.turns.next();
		}
		setTimer();
	}

	private void renew(LeaseKeeper keeper, long now) {
		keeper.sent(now);
		this.stream.send(LeaseProto.LeaseKeepAliveRequest.newBuilder().setID(keeper.lease().value()).build());
	}

	@Override
	public void opened() {
		replanAll();
		attend();
	}

	@Override
	public HeaderProto.ResponseHeader header(LeaseProto.LeaseKeepAliveResponse answer) {
		return answer.getHeader();
	}

	@Override
	public void received(LeaseProto.LeaseKeepAliveResponse answer) {
		this.stream.provedUseful();
		LeaseKeeper keeper = this.leases.get(answer.getID());
		if (keeper == null) {
			return;
		}
		if (answer.getTTL() <= 0) {
			keeper.finish(LeaseEnd.NOT_FOUND);
		}
		else if (keeper.isAlive()) {
			keeper.answered(Duration.ofSeconds(answer.getTTL()).toNanos(), this.channel.ticker().nanoTime());
			plan(keeper);
			this.turns.ended(keeper);
			renewNext();
		}
	}

	@Override
	public void lost(CallFailure failure) {
		long now = this.channel.ticker().nanoTime();
		this.turns.streamLost(!failure.kind().mayPass());
		this.leases.values().forEach((keeper) -> keeper.streamLost(now));
		replanAll();
		setTimer();
	}

	private void replanAll() {
		this.byWake.clear();
		for (LeaseKeeper keeper : this.leases.values()) {
			keeper.planWake(this.stream.isOpen());
			this.byWake.add(keeper);
		}
	}

	@Override
	public boolean isStreamWanted() {
		return !this.leases.isEmpty();
	}

	@Override
	public void close() {
		this.context.execute(() -> {
			this.closed = true;
			this.stream.close();
			List<LeaseKeeper> kept = new ArrayList<>(this.leases.values());
			kept.forEach((keeper) -> keeper.finish(LeaseEnd.CLIENT_CLOSED));
		});
	}

}
