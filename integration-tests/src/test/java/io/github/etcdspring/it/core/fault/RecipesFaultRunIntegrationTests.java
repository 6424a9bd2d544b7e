/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.Party;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.recipes.EtcdPriorityQueue;
import io.github.etcdspring.recipes.EtcdQueue;
import io.github.etcdspring.recipes.EtcdReadWriteLock;
import io.github.etcdspring.recipes.EtcdSemaphore;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.SessionListener;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Four clients share permits, read and write under a lock, and pass elements through two
 * queues while members die and stall (P4, P5, L1, L2).
 */
class RecipesFaultRunIntegrationTests {

	private static final int PARTIES = 4;

	private static final int PERMITS = 2;

	private static final Duration WAIT = Duration.ofSeconds(8);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient observer = EtcdClients.connect(etcd.cluster());

	private final PlacesHeld permits = new PlacesHeld(this.observer, this.keys.key("permitted"));

	private final PlacesHeld locked = new PlacesHeld(this.observer, this.keys.key("locked"));

	private final FencedOwners writers = new FencedOwners(this.observer, this.keys);

	private final QueueLedger queue = new QueueLedger();

	private final QueueLedger priorityQueue = new QueueLedger();

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	private final AtomicInteger reads = new AtomicInteger();

	private final AtomicInteger notHad = new AtomicInteger();

	private final AtomicInteger leasesLost = new AtomicInteger();

	@AutoClose
	private final Workers workers = new Workers();

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void exceedsNoPermitAndExcludesWritersAndLosesNoElementWhileMembersDieAndStall(long seed)
			throws InterruptedException {
		List<Party> parties = IntStream.range(0, PARTIES)
			.mapToObj((i) -> Party.join(etcd.cluster(), Duration.ofSeconds(2)))
			.toList();
		parties.forEach((party) -> party.session().addListener(lossCounter()));
		Faults faults = new Faults(etcd.cluster(), EnumSet.complementOf(EnumSet.of(Faults.Kind.PAUSE_MEMBER)), seed);

		parties.forEach(this::startWorkers);
		faults.run(RunSettings.duration(20), this::isEnough);
		this.workers.stop();
		drain();
		parties.forEach(Party::close);

		System.out.printf(
				"recipes fault run: %s; permits: %s; lock: %s, %d reads; writers: %s; queue: %s; "
						+ "priority queue: %s; %d tries in vain, %d leases lost%n",
				faults, this.permits, this.locked, this.reads.get(), this.writers, this.queue, this.priorityQueue,
				this.notHad.get(), this.leasesLost.get());
		assertThat(this.permits.objections()).isEmpty();
		assertThat(this.locked.objections()).isEmpty();
		assertThat(this.writers.objections()).isEmpty();
		assertThat(this.violations).isEmpty();
		assertThat(this.queue.objections()).isEmpty();
		assertThat(this.priorityQueue.objections()).isEmpty();
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(isEnough()).isTrue();
	}

	private boolean isEnough() {
		return this.permits.number() >= 60 && this.reads.get() >= 20 && this.writers.acknowledged() >= 20
				&& this.queue.number() >= 60 && this.priorityQueue.number() >= 60 && this.leasesLost.get() > 0;
	}

	private SessionListener lossCounter() {
		return new SessionListener() {

			@Override
			public void onLost(LeaseId lease, LeaseEnd reason) {
				RecipesFaultRunIntegrationTests.this.leasesLost.incrementAndGet();
			}

		};
	}

	private void startWorkers(Party party) {
		EtcdSemaphore semaphore = EtcdSemaphore.of(party.session(), this.keys.name("permits"), PERMITS);
		EtcdReadWriteLock lock = EtcdReadWriteLock.of(party.session(), this.keys.name("lock"));
		EtcdQueue elements = EtcdQueue.of(party.client(), this.keys.name("queue"));
		EtcdPriorityQueue prioritized = EtcdPriorityQueue.of(party.client(), this.keys.name("priority-queue"));
		this.workers.start("permit", () -> usePermit(party, semaphore));
		this.workers.start("reader", () -> read(party, lock));
		this.workers.start("writer", () -> write(party, lock));
		this.workers.start("producer", () -> {
			this.queue.enqueue(elements::enqueue);
			this.priorityQueue.enqueue((value) -> prioritized.enqueue(value, value.size() % 3));
		});
		this.workers.start("consumer", () -> this.queue.dequeue(() -> elements.dequeue(Duration.ofMillis(500))));
		this.workers.start("priority consumer",
				() -> this.priorityQueue.dequeue(() -> prioritized.dequeue(Duration.ofMillis(500))));
	}

	private Optional<Ownership> tried(Attempt attempt) throws InterruptedException {
		try {
			Optional<Ownership> own = attempt.make();
			if (own.isEmpty()) {
				this.notHad.incrementAndGet();
			}
			return own;
		}
		catch (EtcdException ex) {
			this.notHad.incrementAndGet();
			return Optional.empty();
		}
	}

	private void usePermit(Party party, EtcdSemaphore semaphore) throws InterruptedException {
		Optional<Ownership> permit = tried(() -> semaphore.tryAcquire(WAIT));
		if (permit.isPresent()) {
			KeyRange rivals = KeyRange.prefix(this.keys.name("permits/"));
			this.permits.write(party.client(), permit.get().key(), permit.get().guard(), rivals, PERMITS);
			this.permits.write(party.client(), permit.get().key(), permit.get().guard(), rivals, PERMITS);
			permit.get().release();
		}
	}

	/** Reads twice under the guard: nobody may have written between. */
	private void read(Party party, EtcdReadWriteLock lock) throws InterruptedException {
		Optional<Ownership> hold = tried(() -> lock.tryLockRead(WAIT));
		if (hold.isPresent()) {
			this.locked.write(party.client(), hold.get().key(), hold.get().guard(),
					KeyRange.prefix(this.keys.name("lock/write/")), 1);
			Optional<Optional<KeyValue>> first = counter(party, hold.get());
			Optional<Optional<KeyValue>> second = counter(party, hold.get());
			if (first.isPresent() && second.isPresent()) {
				this.reads.incrementAndGet();
				if (!first.equals(second)) {
					this.violations.add("written while " + hold.get().key() + " was held to read");
				}
			}
			hold.get().release();
		}
	}

	private Optional<Optional<KeyValue>> counter(Party party, Ownership hold) {
		try {
			TxnResult read = party.client()
				.kv()
				.txn()
				.when(hold.guard())
				.then(RangeRequest.of(this.keys.only("counter")))
				.commit();
			return read.succeeded() ? Optional.of(read.range(0).first()) : Optional.empty();
		}
		catch (EtcdException ex) {
			return Optional.empty();
		}
	}

	private void write(Party party, EtcdReadWriteLock lock) throws InterruptedException {
		long before = this.writers.highestToken();
		Optional<Ownership> hold = tried(() -> lock.tryLockWrite(WAIT));
		if (hold.isPresent()) {
			Ownership own = hold.get();
			this.writers.begins(own.token(), before);
			this.writers.checkClaim(own.token(), own::isHeld);
			this.locked.write(party.client(), own.key(), own.guard(), KeyRange.prefix(this.keys.name("lock/")), 1);
			this.writers.count(party.client(), own.guard(), own.token(), () -> {
			});
			own.release();
		}
	}

	private void drain() throws InterruptedException {
		EtcdQueue elements = EtcdQueue.of(this.observer, this.keys.name("queue"));
		while (this.queue.dequeue(elements::poll)) {
			// until it is empty
		}
		EtcdPriorityQueue prioritized = EtcdPriorityQueue.of(this.observer, this.keys.name("priority-queue"));
		while (this.priorityQueue.dequeue(prioritized::poll)) {
			// until it is empty
		}
	}

	/** The control: the fence is what makes the run above pass. */
	@Test
	void objectsWhenPausedHolderWritesWithoutFence() throws InterruptedException {
		try (Party paused = Party.join(etcd.cluster(), Duration.ofMinutes(1));
				Party next = Party.join(etcd.cluster(), Duration.ofMinutes(1))) {
			Ownership permit = EtcdSemaphore.of(paused.session(), this.keys.name("permits"), 1).acquire();
			etcd.cluster().etcdctl("lease", "revoke", paused.lease().lease().toString());
			EtcdSemaphore.of(next.session(), this.keys.name("permits"), 1).acquire();

			this.permits.write(paused.client(), permit.key(), this.writers.noGuard(),
					KeyRange.prefix(this.keys.name("permits/")), 1);
		}

		assertThat(this.permits.objections()).singleElement().asString().endsWith("when it did not stand");
	}

	/** The control: one that owns without waiting for its turn is noticed. */
	@Test
	void objectsWhenOneTakesMorePermitsThanThereAre() throws InterruptedException {
		try (Party party = Party.join(etcd.cluster(), Duration.ofMinutes(1))) {
			EtcdSemaphore.of(party.session(), this.keys.name("permits"), 3).acquire();
			EtcdSemaphore.of(party.session(), this.keys.name("permits"), 3).acquire();
			Ownership third = EtcdSemaphore.of(party.session(), this.keys.name("permits"), 3).acquire();

			this.permits.write(party.client(), third.key(), third.guard(), KeyRange.prefix(this.keys.name("permits/")),
					PERMITS);
		}

		assertThat(this.permits.objections()).singleElement().asString().endsWith("with 2 before it");
	}

	/** The control: a consumer that reads and does not delete takes what others take. */
	@Test
	void objectsWhenElementIsTakenTwiceOrLost() throws InterruptedException {
		EtcdQueue elements = EtcdQueue.of(this.observer, this.keys.name("queue"));
		this.queue.enqueue(elements::enqueue);
		this.queue.enqueue(elements::enqueue);
		this.queue.enqueue((value) -> elements.enqueue(ByteSequence.of("another")));
		this.observer.kv().get(KeyRange.prefix(this.keys.name("queue/"))).first().ifPresent(this.queue::took);

		drain();

		assertThat(this.queue.objections()).satisfiesExactlyInAnyOrder(
				(twice) -> assertThat(twice).isEqualTo("taken twice: element-1"),
				(alien) -> assertThat(alien).isEqualTo("taken and not put: another"),
				(lost) -> assertThat(lost).isEqualTo("lost, with 0 unknown outcomes: [element-3]"));
	}

	/** Tries to own something. */
	private interface Attempt {

		Optional<Ownership> make() throws InterruptedException;

	}

}
