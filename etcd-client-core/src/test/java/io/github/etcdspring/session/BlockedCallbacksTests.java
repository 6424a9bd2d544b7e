/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.recipes.EtcdBarrier;
import io.github.etcdspring.recipes.EtcdCountDownBarrier;
import io.github.etcdspring.recipes.EtcdDoubleBarrier;
import io.github.etcdspring.recipes.EtcdPriorityQueue;
import io.github.etcdspring.recipes.EtcdQueue;
import io.github.etcdspring.recipes.EtcdReadWriteLock;
import io.github.etcdspring.recipes.EtcdSemaphore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what is built on a client while user code blocks every thread of its callback
 * executor.
 */
class BlockedCallbacksTests {

	private static final Duration TTL = Duration.ofSeconds(60);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private QueueStore store;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
	}

	@Test
	void handsTheLockOnWhileMoreCallbacksWaitForItThanThereAreThreads() {
		EtcdClient client = clientWithFewThreads();
		Session session = this.cluster.closing(Session.open(client, TTL));
		EtcdLock lock = EtcdLock.of(session, "lock");
		Ownership first = resultOf(lock.acquireAsync());
		List<CompletableFuture<Long>> tokens = IntStream.range(0, 100)
			.mapToObj((i) -> client.kv().getAsync("key").thenApply((found) -> {
				lock.lock();
				try {
					return lock.fencingToken();
				}
				finally {
					lock.unlock();
				}
			}))
			.toList();
		await().until(() -> this.member.range().count() == 100);
		first.releaseAsync();

		assertThat(tokens.stream().map((token) -> resultOf(token))).doesNotHaveDuplicates().hasSize(100);
	}

	@Test
	void releasesWhileMoreCallbacksWaitForThatThanThereAreThreads() {
		EtcdClient client = clientWithFewThreads();
		Session session = this.cluster.closing(Session.open(client, TTL));
		List<Ownership> holds = IntStream.range(0, 100)
			.mapToObj((i) -> resultOf(session.enter(ByteSequence.of("lock" + i + "/"), ByteSequence.EMPTY)))
			.toList();

		List<CompletableFuture<Boolean>> released = holds.stream()
			.map((hold) -> client.kv().getAsync("key").thenApply((found) -> hold.release()))
			.toList();

		assertThat(released.stream().map((release) -> resultOf(release))).containsOnly(true).hasSize(100);
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void releasesWhenTheLeaseRunsOutWhileEtcdIsSilent() {
		FakeClock clock = new FakeClock();
		ExecutorService callbacks = oneThread();
		EtcdClient client = this.cluster
			.client((options) -> options.callbackExecutor(callbacks).ticker(clock).scheduler(clock), this.member);
		Session session = this.cluster.closing(Session.open(client, TTL));
		Ownership hold = resultOf(session.enter(ByteSequence.of("lock/"), ByteSequence.EMPTY));
		this.member.txn().otherwiseHold();
		CompletableFuture<Boolean> released = CompletableFuture.supplyAsync(hold::release, callbacks);
		await().until(() -> this.member.txn().count() == 2);

		clock.jump(TTL);
		assertThat(hold.lease().isAlive()).isFalse();

		assertThat(resultOf(released)).isFalse();
	}

	@Test
	void locksInTheOnlyThreadOfCallbacks() {
		ExecutorService callbacks = oneThread();
		Session session = session(callbacks);
		EtcdLock lock = EtcdLock.of(session, "lock");
		EtcdReadWriteLock catalog = EtcdReadWriteLock.of(session, "catalog");
		EtcdSemaphore semaphore = EtcdSemaphore.of(session, "semaphore", 2);

		assertThat(resultIn(callbacks, () -> {
			lock.lockInterruptibly();
			lock.unlock();
			assertThat(lock.tryLock()).isTrue();
			lock.unlock();
			assertThat(lock.tryLock(5, TimeUnit.SECONDS)).isTrue();
			lock.unlock();
			assertThat(catalog.lockRead().release()).isTrue();
			assertThat(catalog.lockWrite().release()).isTrue();
			assertThat(catalog.tryLockWrite(Duration.ofSeconds(5)).orElseThrow().release()).isTrue();
			assertThat(semaphore.acquire().release()).isTrue();
			assertThat(semaphore.tryAcquire(Duration.ofSeconds(5)).orElseThrow().release()).isTrue();
			return semaphore.tryAcquire(Duration.ZERO).orElseThrow().release();
		})).isTrue();
	}

	@Test
	void waitsForAnotherInTheOnlyThreadOfCallbacks() {
		ExecutorService callbacks = oneThread();
		EtcdLock lock = EtcdLock.of(session(callbacks), "lock");
		this.store.put("lock/1");
		CompletableFuture<Boolean> locked = CompletableFuture.supplyAsync(() -> {
			lock.lock();
			return lock.isHeldByCurrentThread();
		}, callbacks);
		await().until(() -> this.store.watches() == 1);

		this.store.delete("lock/1");

		assertThat(resultOf(locked)).isTrue();
	}

	@Test
	void givesUpInTimeInTheOnlyThreadOfCallbacks() {
		ExecutorService callbacks = oneThread();
		EtcdSemaphore semaphore = EtcdSemaphore.of(session(callbacks), "semaphore", 1);
		this.store.put("semaphore/1");

		assertThat(resultIn(callbacks, () -> semaphore.tryAcquire(Duration.ofMillis(20)))).isEmpty();
	}

	@Test
	void leadsInTheOnlyThreadOfCallbacks() {
		ExecutorService callbacks = oneThread();
		LeaderElection election = LeaderElection.of(session(callbacks), "election");

		assertThat(resultIn(callbacks, () -> {
			Leadership leadership = election.campaign(ByteSequence.of("me"));
			leadership.proclaim(ByteSequence.of("still me"));
			assertThat(election.leader()).isPresent();
			return leadership.resign();
		})).isTrue();
	}

	@Test
	void noticesThatItLeadsNoMoreWhileTheOnlyThreadOfCallbacksIsBlocked() {
		ExecutorService callbacks = oneThread();
		LeaderElection election = LeaderElection.of(session(callbacks), "election");
		Leadership leadership = resultOf(election.campaignAsync(ByteSequence.of("me")));
		await().until(() -> this.store.watches() == 1);
		CountDownLatch gate = new CountDownLatch(1);
		this.cluster.closing(gate::countDown);
		callbacks.execute(() -> awaitGate(gate));

		this.store.delete(leadership.key().toUtf8());

		await().until(() -> !leadership.isHeld());
	}

	private static void awaitGate(CountDownLatch gate) {
		try {
			gate.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Test
	void passesBarriersInTheOnlyThreadOfCallbacks() {
		ExecutorService callbacks = oneThread();
		Session session = session(callbacks);
		EtcdBarrier barrier = EtcdBarrier.of(session.client(), "barrier");
		EtcdCountDownBarrier counting = EtcdCountDownBarrier.of(session.client(), "counting");
		EtcdDoubleBarrier round = EtcdDoubleBarrier.of(session, "round", 1);

		assertThat(resultIn(callbacks, () -> {
			assertThat(barrier.hold()).isTrue();
			assertThat(barrier.await(Duration.ofMillis(20))).isFalse();
			assertThat(barrier.release()).isTrue();
			barrier.await();
			assertThat(barrier.await(Duration.ofSeconds(5))).isTrue();
			assertThat(counting.hold(1)).isTrue();
			assertThat(counting.count()).isEqualTo(1);
			assertThat(counting.countDown("party")).isZero();
			counting.await();
			assertThat(round.enter().leave()).isTrue();
			return round.enter(Duration.ofSeconds(5)).orElseThrow().leave();
		})).isTrue();
	}

	@Test
	void takesFromQueuesInTheOnlyThreadOfCallbacks() {
		ExecutorService callbacks = oneThread();
		EtcdClient client = session(callbacks).client();
		EtcdQueue queue = EtcdQueue.of(client, "queue");
		EtcdPriorityQueue mails = EtcdPriorityQueue.of(client, "mails");

		assertThat(resultIn(callbacks, () -> {
			queue.enqueue(ByteSequence.of("job"));
			assertThat(queue.dequeue().value()).isEqualTo(ByteSequence.of("job"));
			assertThat(queue.dequeue(Duration.ofMillis(20))).isEmpty();
			assertThat(queue.poll()).isEmpty();
			mails.enqueue(ByteSequence.of("mail"), 1);
			return mails.dequeue(Duration.ofSeconds(5)).orElseThrow().value();
		})).isEqualTo(ByteSequence.of("mail"));
	}

	@Test
	void completesWhatUsersChainToOnTheirExecutor() {
		ExecutorService callbacks = Executors.newSingleThreadExecutor((task) -> new Thread(task, "users"));
		this.cluster.closing(callbacks::shutdown);
		Session session = session(callbacks);
		CountDownLatch gate = new CountDownLatch(1);
		callbacks.execute(() -> awaitGate(gate));
		EtcdSemaphore semaphore = EtcdSemaphore.of(session, "semaphore", 2);
		EtcdQueue queue = EtcdQueue.of(session.client(), "queue");

		List<CompletableFuture<String>> threads = List.of(
				threadOf(session.enter(ByteSequence.of("lock/"), ByteSequence.EMPTY)),
				threadOf(semaphore.acquireAsync()), threadOf(semaphore.tryAcquireAsync(Duration.ofSeconds(5))),
				threadOf(LeaderElection.of(session, "election").campaignAsync(ByteSequence.EMPTY)),
				threadOf(EtcdBarrier.of(session.client(), "barrier").awaitAsync()),
				threadOf(EtcdDoubleBarrier.of(session, "round", 1).enterAsync()),
				threadOf(queue.enqueueAsync(ByteSequence.EMPTY)), threadOf(queue.dequeueAsync(Duration.ofMillis(20))));
		gate.countDown();

		assertThat(threads.stream().map((thread) -> resultOf(thread))).containsOnly("users");
	}

	private static CompletableFuture<String> threadOf(CompletableFuture<?> future) {
		return future.thenApply((result) -> Thread.currentThread().getName());
	}

	private EtcdClient clientWithFewThreads() {
		ExecutorService callbacks = Executors.newFixedThreadPool(4);
		this.cluster.closing(callbacks::shutdown);
		return this.cluster.client((options) -> options.callbackExecutor(callbacks), this.member);
	}

	private ExecutorService oneThread() {
		ExecutorService callbacks = Executors.newSingleThreadExecutor();
		this.cluster.closing(callbacks::shutdown);
		return callbacks;
	}

	/** A session that has its lease. */
	private Session session(ExecutorService callbacks) {
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(callbacks), this.member);
		Session session = this.cluster.closing(Session.open(client, TTL));
		resultOf(session.leaseAsync());
		return session;
	}

	/** Runs user code where callbacks run. */
	private static <T> T resultIn(ExecutorService callbacks, Callable<T> code) {
		CompletableFuture<T> result = new CompletableFuture<>();
		callbacks.execute(() -> {
			try {
				result.complete(code.call());
			}
			catch (Throwable ex) {
				result.completeExceptionally(ex);
			}
		});
		return resultOf(result);
	}

}
