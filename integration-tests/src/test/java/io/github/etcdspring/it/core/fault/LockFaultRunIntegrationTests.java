/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.Party;
import io.github.etcdspring.it.core.history.FencedCounter;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.SessionListener;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Four clients contend for a lock while members die and stall, and count under it with
 * its token (P4, P5, L1, L2).
 */
// the lock itself is what is tested: it is not always given back
@SuppressWarnings("LockNotBeforeTry")
class LockFaultRunIntegrationTests {

	private static final int CONTENDERS = 4;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient observer = EtcdClients.connect(etcd.cluster());

	private final Queue<ByteSequence> acknowledged = new ConcurrentLinkedQueue<>();

	private final Queue<Long> tokens = new ConcurrentLinkedQueue<>();

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	private final AtomicLong highestToken = new AtomicLong();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger unknown = new AtomicInteger();

	private final AtomicInteger stoodStill = new AtomicInteger();

	private final AtomicInteger lost = new AtomicInteger();

	private final AtomicInteger leasesLost = new AtomicInteger();

	private volatile boolean stopped;

	@Test
	void losesNoUpdateAndTakesNoOldTokenWhileMembersDieAndStall() throws InterruptedException {
		long from = this.observer.kv().put(this.keys.name("first"), "").revision() + 1;
		List<Party> parties = IntStream.range(0, CONTENDERS)
			.mapToObj((i) -> Party.join(etcd.cluster(), Duration.ofSeconds(2)))
			.toList();
		parties.forEach((party) -> party.session().addListener(lossCounter()));
		Faults faults = new Faults(etcd.cluster(), EnumSet.complementOf(EnumSet.of(Faults.Kind.PAUSE_MEMBER)));

		List<Thread> contending = parties.stream().map(this::contend).toList();
		faults.run();
		this.stopped = true;
		for (Thread thread : contending) {
			thread.join();
		}
		parties.forEach(Party::close);

		History history = History.read(this.observer, this.keys.only("counter"), from,
				this.observer.kv().get(this.keys.name("counter")).revision());
		System.out.printf(
				"lock fault run: %s; %d holds, %d increments acknowledged, %d there, %d refused, %d unknown, "
						+ "%d holds lost, %d leases lost, %d times stood still%n",
				faults, this.tokens.size(), this.acknowledged.size(), history.events(), this.refused.get(),
				this.unknown.get(), this.lost.get(), this.leasesLost.get(), this.stoodStill.get());
		assertThat(FencedCounter.objections(history, List.copyOf(this.acknowledged))).isEmpty();
		assertThat(this.violations).isEmpty();
		assertThat(this.tokens).doesNotHaveDuplicates();
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(this.tokens).hasSizeGreaterThanOrEqualTo(60);
		assertThat(this.acknowledged).hasSizeGreaterThanOrEqualTo(60);
		assertThat(this.leasesLost.get()).isPositive();
		assertThat(this.refused.get()).isPositive();
	}

	private SessionListener lossCounter() {
		return new SessionListener() {

			@Override
			public void onLost(LeaseId lease, LeaseEnd reason) {
				LockFaultRunIntegrationTests.this.leasesLost.incrementAndGet();
			}

		};
	}

	private Thread contend(Party party) {
		EtcdLock lock = party.lock(this.keys.name("lock"));
		Thread thread = new Thread(() -> {
			while (!this.stopped) {
				tryToCount(party, lock);
			}
		}, "contender");
		thread.start();
		return thread;
	}

	private void tryToCount(Party party, EtcdLock lock) {
		try {
			if (!lock.tryLock(10, TimeUnit.SECONDS)) {
				return;
			}
		}
		catch (EtcdException | InterruptedException ex) {
			return;
		}
		long token = lock.fencingToken();
		this.tokens.add(token);
		this.highestToken.accumulateAndGet(token, Math::max);
		checkClaim(lock, token);
		boolean standStill = ThreadLocalRandom.current().nextInt(40) == 0;
		count(party, lock, token, standStill);
		if (!standStill) {
			// a lease that another revokes ends before its holder can know
			checkClaim(lock, token);
		}
		try {
			lock.unlock();
		}
		catch (LeaseLostException ex) {
			this.lost.incrementAndGet();
		}
	}

	/** L1: who says that it holds the lock has seen nobody take it after itself. */
	private void checkClaim(EtcdLock lock, long token) {
		long highest = this.highestToken.get();
		if (lock.isHeldByCurrentThread() && highest > token) {
			this.violations.add("claims to hold with token " + token + " after " + highest + " was handed out");
		}
	}

	private void count(Party party, EtcdLock lock, long token, boolean standStill) {
		try {
			ByteSequence next = FencedCounter.value(number(party) + 1, token);
			if (standStill) {
				standStill(party, token);
			}
			PutRequest put = PutRequest.of(this.keys.key("counter"), next);
			if (party.client().kv().txn().when(lock.guard()).then(put).commit().succeeded()) {
				this.acknowledged.add(next);
			}
			else {
				this.refused.incrementAndGet();
			}
		}
		catch (EtcdException ex) {
			this.unknown.incrementAndGet();
		}
	}

	/**
	 * What a pause longer than the lease does: another holds the lock when it is over.
	 */
	private void standStill(Party party, long token) {
		party.session().lease().ifPresent((lease) -> this.observer.lease().revokeAsync(lease.lease()));
		await().pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.highestToken.get() > token || this.stopped);
		this.stoodStill.incrementAndGet();
	}

	private long number(Party party) {
		return FencedCounter.number(party.client().kv().get(this.keys.name("counter")).first().map(KeyValue::value));
	}

	/** The control: the fence is what makes the run above pass. */
	@Test
	void losesUpdateWhenPausedHolderWritesWithoutFence() {
		long from = this.observer.kv().put(this.keys.name("first"), "").revision() + 1;
		List<ByteSequence> told = new ArrayList<>();
		try (Party paused = Party.join(etcd.cluster(), Duration.ofSeconds(2));
				Party next = Party.join(etcd.cluster(), Duration.ofSeconds(2))) {
			EtcdLock lock = paused.lock(this.keys.name("lock"));
			lock.lock();
			ByteSequence late = FencedCounter.value(number(paused) + 1, lock.fencingToken());
			// the holder stands still for longer than its lease lives
			etcd.cluster().etcdctl("lease", "revoke", paused.lease().lease().toString());
			EtcdLock nextLock = next.lock(this.keys.name("lock"));
			nextLock.lock();
			ByteSequence value = FencedCounter.value(number(next) + 1, nextLock.fencingToken());
			next.client().kv().put(PutRequest.of(this.keys.key("counter"), value));
			told.add(value);

			paused.client().kv().put(PutRequest.of(this.keys.key("counter"), late));
			told.add(late);
		}

		History history = History.read(this.observer, this.keys.only("counter"), from,
				this.observer.kv().get(this.keys.name("counter")).revision());
		assertThat(FencedCounter.objections(history, told)).hasSize(2)
			.satisfiesExactly((first) -> assertThat(first).startsWith("lost update"),
					(second) -> assertThat(second).startsWith("old token accepted"));
	}

}
