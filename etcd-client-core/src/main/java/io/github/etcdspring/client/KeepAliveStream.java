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
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.StatusCode;
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
 * third of the TTL has passed since the last that was answered, or up to a sixtieth
 * earlier with others, and only one at a time for a lease, so that an answer belongs to
 * the renewal that was sent last, whoever keeps the lease by then. When the stream is
 * lost, or one answer is overdue, the stream is opened again on the next member and
 * whatever was unanswered is sent again, by calls of their own if the member refused
 * something; the deadlines run on meanwhile. The stream stays open while there is no
 * lease.
 * <p>
 * No user code runs here, so no lease can delay another. All fields are confined to the
 * context.
 */
final class KeepAliveStream implements ResumableStream.Handler<LeaseAnswer>, LoneRenewals.Owner, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(KeepAliveStream.class);

	private final EtcdChannel channel;

	private final SynchronizationContext context = new SynchronizationContext(
			(thread, failure) -> logger.error("keep-alive failed on {}", thread.getName(), failure));

	private final ResumableStream<MessageWriter.Body, LeaseAnswer> stream;

	private final Map<Long, LeaseKeeper> leases = new HashMap<>();

	private final WakeQueue<LeaseKeeper> byWake = new WakeQueue<>();

	/**
	 * When each renewal was sent, by lease, that the stream owes an answer to and whose
	 * keeper is gone.
	 */
	private final Map<Long, Long> unclaimed = new HashMap<>();

	private final LoneRenewals alone;

	private @Nullable Future<?> timer;

	private long timerNanos;

	private boolean closed;

	KeepAliveStream(Calls calls) {
		this.channel = calls.channel();
		this.stream = new ResumableStream<>(this.channel, LeaseAnswer.KEEP_ALIVE, true, this.context, this);
		this.alone = new LoneRenewals(calls, this.context, this);
	}

	KeepAlive keep(LeaseGrant grant) {
		LeaseKeeper keeper = new LeaseKeeper(grant, this, this.channel);
		this.context.execute(() -> add(keeper));
		return keeper;
	}

	void forget(LeaseKeeper keeper) {
		this.context.execute(() -> {
			remove(keeper);
			this.alone.forget(keeper);
		});
	}

	private void remove(LeaseKeeper keeper) {
		if (this.leases.remove(keeper.lease().value(), keeper)) {
			this.byWake.remove(keeper);
			leave(keeper);
		}
	}

	/** The answer to a renewal is that of whoever keeps the lease by then. */
	private void leave(LeaseKeeper keeper) {
		if (keeper.isOnStream()) {
			this.unclaimed.put(keeper.lease().value(), keeper.sentAtNanos());
		}
	}

	private void add(LeaseKeeper keeper) {
		if (this.closed) {
			keeper.finish(LeaseEnd.CLIENT_CLOSED);
			return;
		}
		LeaseKeeper earlier = this.leases.put(keeper.lease().value(), keeper);
		if (earlier != null) {
			// here, since it is no longer among the leases when it is forgotten
			this.byWake.remove(earlier);
			leave(earlier);
			earlier.finish(LeaseEnd.STOPPED);
		}
		Long sentAt = this.unclaimed.remove(keeper.lease().value());
		if (sentAt != null) {
			keeper.sent(sentAt);
		}
		this.stream.open();
		plan(keeper);
		setTimer();
	}

	private void plan(LeaseKeeper keeper) {
		this.byWake.put(keeper, keeper.nextWakeNanos(this.stream.isOpen()));
	}

	private void setTimer() {
		LeaseKeeper first = this.byWake.first();
		if (first == null) {
			return;
		}
		long wake = first.wakeNanos();
		if (this.timer != null) {
			if (wake - this.timerNanos >= 0) {
				return;
			}
			this.timer.cancel(false);
			this.timer = null;
		}
		long delay = Math.max(0, wake - this.channel.ticker().nanoTime());
		this.timerNanos = wake;
		this.timer = this.channel.scheduler()
			.schedule(() -> this.context.execute(() -> timerRang(wake)), Duration.ofNanos(delay));
	}

	/** One that rang while an earlier one took its place changes nothing. */
	private void timerRang(long wake) {
		if (this.timer != null && wake == this.timerNanos) {
			this.timer = null;
			attend();
		}
	}

	private void attend() {
		try {
			attendToDue();
		}
		finally {
			setTimer();
		}
	}

	/** What is due soon goes with what is due: many renewals cost one wake-up. */
	private void attendToDue() {
		long now = this.channel.ticker().nanoTime();
		boolean stalled = false;
		try {
			for (LeaseKeeper keeper = this.byWake.first(); keeper != null; keeper = this.byWake.first()) {
				boolean open = this.stream.isOpen() && !stalled;
				if (now - keeper.wakeNanos() < 0 && !(open && keeper.isDueSoon(now))) {
					break;
				}
				stalled |= attendTo(keeper, now, open);
			}
		}
		finally {
			if (stalled) {
				this.stream.abandon(new CallFailure(FailureKind.UNAVAILABLE, StatusCode.UNAVAILABLE,
						"a member does not answer renewals", null));
			}
		}
	}

	/**
	 * Does what a lease is due for.
	 * @param open whether renewals can go on the stream
	 * @return whether the stream's member lets it wait for an answer
	 */
	private boolean attendTo(LeaseKeeper keeper, long now, boolean open) {
		if (keeper.isPastDeadline(now)) {
			remove(keeper);
			keeper.finish(LeaseEnd.EXPIRED);
			return false;
		}
		boolean stalled = keeper.isStalled(now);
		try {
			if (stalled) {
				keeper.streamLost(now, false);
			}
			else if (keeper.isAlone() ? keeper.isDue(now) : open && keeper.isDueSoon(now)) {
				renew(keeper, now);
			}
		}
		finally {
			this.byWake.put(keeper, keeper.nextWakeNanos(open && !stalled));
		}
		return stalled;
	}

	private void renew(LeaseKeeper keeper, long now) {
		if (keeper.isAlone()) {
			keeper.calling();
			this.alone.begin(keeper);
		}
		else {
			keeper.sent(now);
			this.stream.send(LeaseAnswer.keepAlive(keeper.lease()));
		}
	}

	@Override
	public void opened() {
		replanAll();
		attend();
	}

	@Override
	public ResponseHeader header(LeaseAnswer answer) {
		return answer.header();
	}

	@Override
	public void received(LeaseAnswer answer) {
		this.stream.provedUseful();
		LeaseKeeper keeper = this.leases.get(answer.id());
		if (keeper == null) {
			this.unclaimed.remove(answer.id());
		}
		else if (keeper.isOnStream()) {
			keeper.answered();
			answered(keeper, TimeUnit.SECONDS.toNanos(answer.ttlSeconds()), keeper.sentAtNanos());
		}
	}

	private void answered(LeaseKeeper keeper, long ttlNanos, long sentAtNanos) {
		if (ttlNanos <= 0) {
			keeper.finish(LeaseEnd.NOT_FOUND);
		}
		else if (keeper.isAlive()) {
			keeper.renewed(ttlNanos, sentAtNanos);
			plan(keeper);
			setTimer();
		}
	}

	@Override
	public void renewed(LeaseKeeper keeper, LeaseGrant renewed) {
		answered(keeper, renewed.ttl().toNanos(), renewed.requestedAtNanos());
	}

	@Override
	public void notRenewed(LeaseKeeper keeper, Throwable failure) {
		if (keeper.isAlive()) {
			if (keeper.notRenewed(this.channel.ticker().nanoTime())) {
				logger.warn("the lease {} is not renewed, trying again until it ends: {}", keeper.lease(),
						failure.getMessage());
			}
			plan(keeper);
			setTimer();
		}
	}

	@Override
	public void lost(CallFailure failure) {
		long now = this.channel.ticker().nanoTime();
		boolean refusal = !failure.kind().mayPass();
		this.unclaimed.clear();
		for (LeaseKeeper keeper : this.leases.values()) {
			if (keeper.isOnStream()) {
				keeper.streamLost(now, refusal);
			}
		}
		replanAll();
		setTimer();
	}

	private void replanAll() {
		this.leases.values().forEach(this::plan);
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
			if (this.timer != null) {
				this.timer.cancel(false);
			}
			List<LeaseKeeper> kept = new ArrayList<>(this.leases.values());
			kept.forEach((keeper) -> keeper.finish(LeaseEnd.CLIENT_CLOSED));
		});
	}

}
