/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.election;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.internal.BlockingCall;
import io.github.etcdspring.internal.DerivedCall;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;

/**
 * An election among processes, in the key layout and with the queue of Go's
 * {@code concurrency.Election}: Go programs and {@code etcdctl elect} take part. The
 * candidate whose key was created first leads, until it resigns or its lease is lost;
 * then the next in the queue does.
 * <p>
 * A process that is restarted before its lease ends can go on leading: it leaves the
 * lease with {@link Session#orphan()}, and afterwards campaigns again in a session that
 * {@linkplain Session#adopt adopts} it. It has its place back then, under the same
 * fencing token, and nobody can tell it from the process before: that one must have ended
 * its work. Thread-safe.
 */
public final class LeaderElection {

	private final Session session;

	private final ByteSequence prefix;

	private LeaderElection(Session session, ByteSequence prefix) {
		this.session = session;
		this.prefix = prefix;
	}

	/**
	 * Returns the election of a name.
	 * @param session whose lease candidates live on; one session is one candidate
	 * @param name the key that candidates are put under, without {@code /} at its end:
	 * what {@code etcdctl elect} is given. The name of an election must not continue that
	 * of another after a {@code /}
	 * @return the election
	 * @throws IllegalArgumentException if the name is empty or ends with {@code /}
	 */
	public static LeaderElection of(Session session, String name) {
		if (name.isEmpty() || name.endsWith("/")) {
			throw new IllegalArgumentException(
					"election name: '" + name + "' (expected: at least one character, no '/' at the end)");
		}
		return new LeaderElection(session, ByteSequence.of(name + "/"));
	}

	/**
	 * Waits until this process leads.
	 * @param value what to proclaim, such as this process's name
	 * @return the leadership
	 * @throws InterruptedException if this thread is interrupted; the candidate has left
	 * the queue
	 * @throws io.github.etcdspring.LeaseLostException if the lease was lost meanwhile
	 * @throws EtcdException if etcd refused
	 */
	public Leadership campaign(ByteSequence value) throws InterruptedException {
		return BlockingCall.await(campaignAsync(value), Leadership::resignAsync);
	}

	/**
	 * Campaigns: the asynchronous form of {@link #campaign(ByteSequence)}.
	 * @param value what to proclaim
	 * @return a future that completes with the leadership, on the client's callback
	 * executor. When it is cancelled the candidate leaves the queue
	 */
	public CompletableFuture<Leadership> campaignAsync(ByteSequence value) {
		CompletableFuture<Ownership> entry = HandedOff.direct(this.session.enter(this.prefix, value));
		return HandedOff.of(entry, this::begin, this.session.client().callbackExecutor(), Leadership::resignAsync,
				HandedOff.cleared(entry));
	}

	private Leadership begin(Ownership ownership) {
		Leadership leadership = new Leadership(this.session.client(), ownership);
		leadership.begin();
		return leadership;
	}

	/**
	 * Asks who leads. Linearizable.
	 * @return the leader; empty if there is none
	 * @throws EtcdException if etcd could not be asked
	 */
	public Optional<Candidate> leader() {
		return leaderOf(this.session.client().kv().get(firstCandidate()).first());
	}

	/**
	 * Asks who leads: the asynchronous form of {@link #leader()}.
	 * @return the future answer
	 */
	public CompletableFuture<Optional<Candidate>> leaderAsync() {
		return DerivedCall.of(this.session.client().kv().getAsync(firstCandidate()),
				(found) -> leaderOf(found.first()));
	}

	/**
	 * Follows who leads: Go's {@code Observe}. Each subscription is told who leads as it
	 * begins, and then each change of the leader or of what the leader proclaims, in the
	 * order of etcd's revisions, none left out; empty while nobody leads. Where the
	 * history of the changes is lost for good, as by compaction during an outage, it goes
	 * on with who leads then.
	 * <p>
	 * The subscriber is called on the client's callback executor, and told no more than
	 * it requests. Outages are waited out. There is no {@code onComplete}: a subscription
	 * ends with {@code onError} when etcd refuses the reads, and with an
	 * {@link io.github.etcdspring.EtcdClosedException} when the client is closed, not
	 * when the session is.
	 * @return a publisher of leaders
	 */
	public Flow.Publisher<Optional<Candidate>> observe() {
		return (subscriber) -> new LeaderObservation(this.session.client(), KeyRange.prefix(this.prefix), subscriber)
			.begin();
	}

	private RangeRequest firstCandidate() {
		return RangeRequest.builder(KeyRange.prefix(this.prefix))
			.sort(RangeRequest.SortTarget.CREATE, RangeRequest.SortOrder.ASCEND)
			.limit(1)
			.build();
	}

	private static Optional<Candidate> leaderOf(Optional<KeyValue> first) {
		return first.map(Candidate::of);
	}

	/** Names the key. */
	@Override
	public String toString() {
		return "LeaderElection[" + this.prefix + "]";
	}

}
