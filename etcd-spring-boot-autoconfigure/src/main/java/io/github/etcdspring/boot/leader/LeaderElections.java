/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.connection.KeySegment;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.Candidate;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.election.LeadershipEnd;
import io.github.etcdspring.session.Session;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;

/**
 * The roles of this application: whether this instance leads them, with which token, and
 * who does otherwise. Questions are answered from memory. Thread-safe.
 */
public final class LeaderElections {

	private static final Duration RESIGN_TIMEOUT = Duration.ofSeconds(2);

	private static final Log logger = LogFactory.getLog(LeaderElections.class);

	private final @Nullable EtcdClient client;

	private final String application;

	private final String prefix;

	private final ByteSequence id;

	private final LeaderProperties properties;

	private final ApplicationEventPublisher publisher;

	private final Map<String, RoleElection> elections = new ConcurrentHashMap<>();

	private final Map<String, RangeCache> candidates = new ConcurrentHashMap<>();

	private volatile @Nullable Session session;

	/**
	 * Creates the elections of an application.
	 * @param client the client, {@code null} if there are no elections
	 */
	LeaderElections(@Nullable EtcdClient client, String application, String id, LeaderProperties properties,
			ApplicationEventPublisher publisher) {
		this.client = client;
		this.application = application;
		this.prefix = properties.prefix();
		this.id = ByteSequence.of(id);
		this.properties = properties;
		this.publisher = publisher;
	}

	/**
	 * Whether this instance leads a role now, as far as can be known: {@code false} while
	 * that is unknown.
	 * @param role the role's name
	 * @return whether it is led here
	 */
	public boolean isLeader(String role) {
		return leadership(role).isPresent();
	}

	/**
	 * Returns this instance's leadership of a role, with its fencing token and the guard
	 * for transactions.
	 * @param role the role's name
	 * @return the leadership; empty if this instance does not lead the role
	 */
	public Optional<Leadership> leadership(String role) {
		RoleElection election = this.elections.get(role);
		return (election != null) ? election.leadership() : Optional.empty();
	}

	/**
	 * Returns who leads a role: this instance, if it does, else whoever was last seen in
	 * etcd.
	 * @param role the role's name; one that this application campaigns for
	 * @return the leader; its value is the id of the instance. Empty if nobody leads, or
	 * nothing has been seen yet
	 */
	public Optional<Candidate> leader(String role) {
		Optional<Candidate> seen = firstSeen(role);
		// it knows that it leads before it sees its own key
		return leadership(role)
			.map((own) -> seen.filter((candidate) -> candidate.token() == own.fencingToken())
				.orElseGet(() -> new Candidate(own.key(), this.id, own.fencingToken())))
			.or(() -> seen);
	}

	private Optional<Candidate> firstSeen(String role) {
		RangeCache cache = this.candidates.get(role);
		if (cache == null) {
			return Optional.empty();
		}
		return cache.snapshot()
			.kvs()
			.stream()
			.min(Comparator.comparingLong(KeyValue::createRevision))
			.map((kv) -> new Candidate(kv.key(), kv.value(), kv.createRevision()));
	}

	/**
	 * Begins a run of a role, if it may begin.
	 * @return what to call when the run has ended; {@code null} if it may not begin
	 */
	@Nullable Runnable beginRun(String role) {
		if (this.client == null) {
			boolean runs = this.properties.whenDisabled() == LeaderProperties.WhenDisabled.RUN;
			return runs ? () -> {
			} : null;
		}
		RoleElection election = this.elections.get(role);
		return (election != null && election.beginRun()) ? election::endRun : null;
	}

	/** Campaigns for roles, from now on. */
	void join(Iterable<String> roles) {
		EtcdClient client = this.client;
		if (client == null) {
			return;
		}
		for (String role : roles) {
			this.elections.computeIfAbsent(role, (absent) -> join(role, client));
		}
	}

	private RoleElection join(String role, EtcdClient client) {
		String name = electionName(role);
		this.candidates.put(role, RangeCache.open(client, KeyRange.prefix(name + "/")));
		RoleElection election = new RoleElection(role, client, LeaderElection.of(session(client), name), this.id,
				new EventPublishingListener());
		election.campaign();
		return election;
	}

	private Session session(EtcdClient client) {
		Session session = this.session;
		if (session == null) {
			session = Session.open(client, this.properties.ttl());
			this.session = session;
		}
		return session;
	}

	/** Returns the key that the candidates for a role are put under. */
	String electionName(String role) {
		if (role.startsWith("/")) {
			// as if of an application without a name, so that "/orders" does not stand
			// where the roles of the application "orders" do
			return this.prefix + "//" + KeySegment.encode(role.substring(1));
		}
		return this.prefix + "/" + KeySegment.encode(this.application) + "/" + KeySegment.encode(role);
	}

	/**
	 * Gives up all roles, when the runs under way have ended, until it joins again. When
	 * etcd does not answer that takes 2 s longer, and the roles end with their lease.
	 */
	void leave(Duration patience) {
		EtcdClient client = this.client;
		if (client == null) {
			return;
		}
		List<RoleElection> elections = List.copyOf(this.elections.values());
		elections.forEach(RoleElection::refuseRuns);
		long deadline = client.ticker().nanoTime() + patience.toNanos();
		elections.forEach((election) -> election.awaitRuns(until(deadline, client)));
		long resigned = client.ticker().nanoTime() + RESIGN_TIMEOUT.toNanos();
		List<CompletableFuture<?>> resigns = new ArrayList<>();
		elections.forEach((election) -> resigns.add(election.resignAsync()));
		this.candidates.values().forEach(RangeCache::close);
		this.elections.clear();
		this.candidates.clear();
		Session session = this.session;
		this.session = null;
		if (session != null) {
			// the keys go with the lease, so that this waits for all roles at once
			session.close();
		}
		await(CompletableFuture.allOf(resigns.toArray(CompletableFuture<?>[]::new)), until(resigned, client));
	}

	private static Duration until(long deadline, EtcdClient client) {
		return Duration.ofNanos(Math.max(0, deadline - client.ticker().nanoTime()));
	}

	private static void await(CompletableFuture<?> resigns, Duration timeout) {
		try {
			resigns.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.debug("Roles not resigned, they end with the lease: " + ex);
		}
	}

	/** A listener of the application that fails does not harm the election. */
	private final class EventPublishingListener implements RoleElection.Listener {

		@Override
		public void granted(String role, Leadership leadership) {
			publish(new LeadershipGrantedEvent(LeaderElections.this, role, leadership.fencingToken()));
		}

		@Override
		public void revoked(String role, Leadership leadership, LeadershipEnd reason) {
			publish(new LeadershipRevokedEvent(LeaderElections.this, role, leadership.fencingToken(), reason));
		}

		private void publish(Object event) {
			try {
				LeaderElections.this.publisher.publishEvent(event);
			}
			catch (RuntimeException | Error ex) {
				logger.error("A listener of " + event.getClass().getSimpleName() + " failed", ex);
			}
		}

	}

}
