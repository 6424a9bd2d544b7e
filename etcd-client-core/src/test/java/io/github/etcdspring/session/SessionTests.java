/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseGrantResponse;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseRevokeResponse;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Session}: grants that fail or come late, leases that are lost.
 */
class SessionTests {

	private static final Duration TTL = Duration.ofSeconds(9);

	/** What passes at most between a loss and the next grant. */
	private static final Duration LONGEST_PAUSE = Duration.ofMillis(150);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private final List<String> told = new CopyOnWriteArrayList<>();

	private ScriptedEtcd member;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
	}

	@Test
	void goesOnAskingForALeaseUntilOneIsGranted() {
		this.member.grant().thenFail(Status.UNKNOWN).thenFail(Status.RESOURCE_EXHAUSTED);

		Session session = this.cluster.closing(Session.open(this.cluster.client(this.member), TTL, listener()));

		assertThat(resultOf(session.leaseAsync()).isAlive()).isTrue();
		assertThat(session.state()).isEqualTo(SessionState.ACTIVE);
		assertThat(this.member.grant().count()).isEqualTo(3);
		await().untilAsserted(() -> assertThat(this.told).containsExactly("active"));
	}

	@Test
	void asksForALeaseLessOftenWhileEtcdHasNoSpace() {
		this.member.grant()
			.thenFail(Status.RESOURCE_EXHAUSTED.withDescription("etcdserver: mvcc: database space exceeded"));
		long begun = this.clock.nanoTime();
		Session session = this.cluster.closing(Session.open(this.cluster.client(this.clock, this.member), TTL));

		this.clock.passDelaysUntil(() -> session.lease().isPresent(), Duration.ofSeconds(7));

		assertThat(Duration.ofNanos(this.clock.nanoTime() - begun)).isGreaterThan(Duration.ofSeconds(5));
	}

	@Test
	void hasAnotherLeaseAndRevokesTheFirstWhenTheServerWasSilentForTooLong() {
		Session session = this.cluster
			.closing(Session.open(this.cluster.client(this.clock, this.member), TTL, listener()));
		KeepAlive first = resultOf(session.leaseAsync());

		this.clock.jump(TTL);
		assertThat(session.state()).isEqualTo(SessionState.PENDING);
		assertThat(session.lease()).isEmpty();
		assertThat(first.isAlive()).isFalse();
		awaitPause();
		this.clock.advance(LONGEST_PAUSE);
		await().until(() -> session.state() == SessionState.ACTIVE);

		assertThat(this.member.revoke().awaitCall(0).request().getID()).isEqualTo(first.lease().value());
		assertThat(resultOf(session.leaseAsync()).lease()).isNotEqualTo(first.lease());
		await().untilAsserted(() -> assertThat(this.told).containsExactly("active", "lost EXPIRED", "active"));
	}

	@Test
	void waitsForALeaseThatIsBeingGrantedAndRevokesItWhenItIsClosed() {
		this.member.grant().thenHold();
		Session session = Session.open(this.cluster.client(this.clock, this.member), TTL, listener());
		CompletableFuture<KeepAlive> waiting = session.leaseAsync();
		var grant = this.member.grant().awaitCall(0);

		CompletableFuture<Void> closed = CompletableFuture.runAsync(session::close);
		assertThat(failureOf(waiting)).isInstanceOf(EtcdClosedException.class);
		assertThat(closed).isNotDone();
		grant.answer(LeaseGrantResponse.newBuilder().setID(7).setTTL(9).build());

		resultOf(closed);
		assertThat(this.member.revoke().calls()).singleElement()
			.satisfies((revoke) -> assertThat(revoke.request().getID()).isEqualTo(7));
		assertThat(session.state()).isEqualTo(SessionState.CLOSED);
		assertThat(this.told).isEmpty();
	}

	@Test
	void revokesALeaseThatWasLostWhenItIsClosedBeforeItHasAnother() {
		Session session = Session.open(this.cluster.client(this.clock, this.member), TTL);
		KeepAlive first = resultOf(session.leaseAsync());
		this.member.grant().otherwiseFail(Status.RESOURCE_EXHAUSTED);
		this.clock.jump(TTL);
		assertThat(session.state()).isEqualTo(SessionState.PENDING);
		awaitPause();
		this.clock.advance(LONGEST_PAUSE);
		this.member.grant().awaitCall(1);

		session.close();

		assertThat(this.member.revoke().calls())
			.anySatisfy((revoke) -> assertThat(revoke.request().getID()).isEqualTo(first.lease().value()));
	}

	@Test
	void closesWhenItsClientIsClosedWhileItWaitsToAskAgain() {
		this.member.grant().otherwiseFail(Status.RESOURCE_EXHAUSTED);
		EtcdClient client = this.cluster.client(this.clock, this.member);
		Session session = Session.open(client, TTL);
		CompletableFuture<Throwable> seen = new CompletableFuture<>();
		session.leaseAsync().whenComplete((lease, failure) -> seen.complete(failure));
		await().until(() -> !this.clock.delaysUpTo(LONGEST_PAUSE).isEmpty());

		client.close();

		assertThat(resultOf(seen)).isInstanceOf(EtcdClosedException.class);
		assertThat(session.state()).isEqualTo(SessionState.CLOSED);
	}

	@Test
	void isNotHeldUpByWhatIsChainedToTheLease() {
		this.member.grant().thenHold();
		Session session = this.cluster
			.closing(Session.open(this.cluster.client(this.clock, this.member), TTL, listener()));
		CompletableFuture<Optional<Ownership>> entered = session.leaseAsync()
			.thenApply((lease) -> session.tryEnter(ByteSequence.of("p/"), ByteSequence.EMPTY).join());
		new QueueStore().serve(this.member);
		var grant = this.member.grant().awaitCall(0);

		grant.answer(LeaseGrantResponse.newBuilder().setID(7).setTTL(9).build());

		assertThat(resultOf(entered)).isPresent();
	}

	@Test
	void closesWithinItsBoundWhenTheServerDoesNotAnswer() {
		this.member.revoke().otherwiseHold();
		Session session = Session.open(this.cluster.client(this.member), TTL);
		KeepAlive lease = resultOf(session.leaseAsync());
		long begin = System.nanoTime();

		session.close();
		session.close();

		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofMillis(1900),
				Duration.ofSeconds(8));
		assertThat(lease.isAlive()).isFalse();
		assertThat(this.member.revoke().count()).isEqualTo(1);
	}

	@Test
	void waitsForTheRevocationThoughTheThreadIsInterrupted() throws Exception {
		this.member.revoke().thenHold();
		Session session = Session.open(this.cluster.client(this.member), TTL);
		resultOf(session.leaseAsync());
		CompletableFuture<Boolean> closed = new CompletableFuture<>();
		Thread closer = new Thread(() -> {
			Thread.currentThread().interrupt();
			session.close();
			closed.complete(Thread.currentThread().isInterrupted());
		});
		closer.start();
		var revoke = this.member.revoke().awaitCall(0);
		await().until(() -> closer.getState() == Thread.State.TIMED_WAITING);

		revoke.answer(LeaseRevokeResponse.getDefaultInstance());

		assertThat(resultOf(closed)).isTrue();
		closer.join();
	}

	@Test
	void closesWhenItsClientIsClosed() {
		EtcdClient client = this.cluster.client(this.member);
		Session session = Session.open(client, TTL, listener());
		resultOf(session.leaseAsync());

		client.close();

		await().until(() -> session.state() == SessionState.CLOSED);
		await().untilAsserted(() -> assertThat(this.told).containsExactly("active", "lost CLIENT_CLOSED"));
	}

	@Test
	void saysInTheLogWhatBecomesOfTheSessionThatLosesItsLease() {
		Logger logger = (Logger) LoggerFactory.getLogger(Session.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		logger.setAdditive(false);
		logger.setLevel(Level.INFO);
		this.cluster.closing(() -> {
			logger.detachAppender(log);
			logger.setAdditive(true);
			logger.setLevel(null);
		});
		EtcdClient client = this.cluster.client(this.clock, this.member);
		Session session = Session.open(client, TTL);
		LeaseId first = resultOf(session.leaseAsync()).lease();

		this.clock.jump(TTL);
		assertThat(session.lease()).isEmpty();
		awaitPause();
		this.clock.advance(LONGEST_PAUSE);
		LeaseId second = resultOf(session.leaseAsync()).lease();
		client.close();

		await().until(() -> session.state() == SessionState.CLOSED);
		assertThat(log.list).extracting(ILoggingEvent::getFormattedMessage)
			.containsExactly("lease " + first + " lost (EXPIRED), granting another",
					"lease " + second + " lost (CLIENT_CLOSED), the session ends with its client");
	}

	@Test
	@DisplayName("etcd-java: an observer that throws is told nothing any more")
	void tellsEachListenerInOrderAlsoWhenOneThrows() {
		SessionListener throwing = new SessionListener() {

			@Override
			public void onActive(KeepAlive lease) {
				throw new IllegalStateException("thrown on purpose");
			}

		};

		Session session = this.cluster
			.closing(Session.open(this.cluster.client(this.member), TTL, throwing, listener()));

		resultOf(session.leaseAsync());
		await().untilAsserted(() -> assertThat(this.told).containsExactly("active"));
	}

	@Test
	void tellsAListenerThatWasRemovedNoMore() {
		SessionListener removed = listener();
		List<LeaseEnd> lost = new CopyOnWriteArrayList<>();
		Session session = this.cluster
			.closing(Session.open(this.cluster.client(this.clock, this.member), TTL, removed, new SessionListener() {

				@Override
				public void onLost(LeaseId lease, LeaseEnd reason) {
					lost.add(reason);
				}

			}));
		resultOf(session.leaseAsync());
		await().untilAsserted(() -> assertThat(this.told).containsExactly("active"));

		session.removeListener(removed);
		session.removeListener(removed);
		this.clock.jump(TTL);
		assertThat(session.lease()).isEmpty();

		await().untilAsserted(() -> assertThat(lost).containsExactly(LeaseEnd.EXPIRED));
		assertThat(this.told).containsExactly("active");
	}

	@Test
	void refusesATtlBelowASecond() {
		EtcdClient client = this.cluster.client(this.member);

		assertThatIllegalArgumentException().isThrownBy(() -> Session.open(client, Duration.ofMillis(999)))
			.withMessage("ttl: PT0.999S (expected: at least 1 s)");
	}

	/** Waits for the pause before the next grant. */
	private void awaitPause() {
		await().until(() -> this.clock.delaysUpTo(LONGEST_PAUSE)
			.stream()
			.anyMatch((delay) -> delay.compareTo(Duration.ofMillis(49)) > 0));
	}

	private SessionListener listener() {
		return new SessionListener() {

			@Override
			public void onActive(KeepAlive lease) {
				SessionTests.this.told.add("active");
			}

			@Override
			public void onLost(LeaseId lease, LeaseEnd reason) {
				SessionTests.this.told.add("lost " + reason);
			}

		};
	}

}
