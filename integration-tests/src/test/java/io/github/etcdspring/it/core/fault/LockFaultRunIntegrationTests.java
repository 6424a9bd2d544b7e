/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.Party;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.SessionListener;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

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

	private static final int STAND_STILL_EVERY = 20;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient observer = EtcdClients.connect(etcd.cluster());

	private final FencedOwners owners = new FencedOwners(this.observer, this.keys);

	@AutoClose
	private final Workers workers = new Workers();

	private final AtomicInteger holds = new AtomicInteger();

	private final AtomicInteger stoodStill = new AtomicInteger();

	private final AtomicInteger notHad = new AtomicInteger();

	private final AtomicInteger lost = new AtomicInteger();

	private final AtomicInteger leasesLost = new AtomicInteger();

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void losesNoUpdateAndTakesNoOldTokenWhileMembersDieAndStall(long seed) throws InterruptedException {
		List<Party> parties = IntStream.range(0, CONTENDERS)
			.mapToObj((i) -> Party.join(etcd.cluster(), Duration.ofSeconds(2)))
			.toList();
		parties.forEach((party) -> party.session().addListener(lossCounter()));
		Faults faults = new Faults(etcd.cluster(), EnumSet.allOf(Faults.Kind.class), seed);

		for (Party party : parties) {
			EtcdLock lock = party.lock(this.keys.name("lock"));
			this.workers.start("contender", () -> tryToCount(party, lock));
		}
		faults.run(RunSettings.duration(20), this::isEnough);
		this.workers.stop();
		parties.forEach(Party::close);

		System.out.printf(
				"lock fault run: %s; %s; %d tries in vain, %d holds lost, %d leases lost, %d times stood still%n",
				faults, this.owners, this.notHad.get(), this.lost.get(), this.leasesLost.get(), this.stoodStill.get());
		assertThat(this.owners.objections()).isEmpty();
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(isEnough()).isTrue();
	}

	private boolean isEnough() {
		return this.owners.number() >= 60 && this.owners.acknowledged() >= 60 && this.leasesLost.get() > 0
				&& this.owners.refused() > 0;
	}

	private SessionListener lossCounter() {
		return new SessionListener() {

			@Override
			public void onLost(LeaseId lease, LeaseEnd reason) {
				LockFaultRunIntegrationTests.this.leasesLost.incrementAndGet();
			}

		};
	}

	private void tryToCount(Party party, EtcdLock lock) throws InterruptedException {
		long before = this.owners.highestToken();
		if (!tryLock(lock)) {
			this.notHad.incrementAndGet();
			return;
		}
		long token = lock.fencingToken();
		this.owners.begins(token, before);
		this.owners.checkClaim(token, lock::isHeldByCurrentThread);
		boolean standStill = this.holds.incrementAndGet() % STAND_STILL_EVERY == 0;
		this.owners.count(party.client(), lock.guard(), token, standStill ? () -> standStill(party, token) : () -> {
		});
		if (!standStill) {
			// a lease that another revokes ends before its holder can know
			this.owners.checkClaim(token, lock::isHeldByCurrentThread);
		}
		try {
			lock.unlock();
		}
		catch (LeaseLostException ex) {
			this.lost.incrementAndGet();
		}
	}

	private static boolean tryLock(EtcdLock lock) throws InterruptedException {
		try {
			return lock.tryLock(10, TimeUnit.SECONDS);
		}
		catch (EtcdException ex) {
			return false;
		}
	}

	/**
	 * What a pause longer than the lease does: another holds the lock when it is over.
	 */
	private void standStill(Party party, long token) {
		party.session().lease().ifPresent((lease) -> revoke(lease.lease()));
		this.owners.awaitNext(token, this.workers::isStopped);
		this.stoodStill.incrementAndGet();
	}

	private void revoke(LeaseId lease) {
		await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(20)).until(() -> {
			try {
				this.observer.lease().revoke(lease);
				return true;
			}
			catch (LeaseNotFoundException ex) {
				return true;
			}
			catch (EtcdException ex) {
				return false;
			}
		});
	}

	/** The control: the fence is what makes the run above pass. */
	@Test
	void losesUpdateWhenPausedHolderWritesWithoutFence() {
		try (Party paused = Party.join(etcd.cluster(), Duration.ofMinutes(1));
				Party next = Party.join(etcd.cluster(), Duration.ofMinutes(1))) {
			EtcdLock lock = paused.lock(this.keys.name("lock"));
			lock.lock();
			this.owners.count(paused.client(), this.owners.noGuard(), lock.fencingToken(), () -> {
				// the holder stands still for longer than its lease lives
				etcd.cluster().etcdctl("lease", "revoke", paused.lease().lease().toString());
				EtcdLock nextLock = next.lock(this.keys.name("lock"));
				nextLock.lock();
				this.owners.count(next.client(), nextLock.guard(), nextLock.fencingToken(), () -> {
				});
			});
		}

		assertThat(this.owners.acknowledged()).isEqualTo(2);
		assertThat(this.owners.objections()).satisfiesExactly((first) -> assertThat(first).startsWith("lost update"),
				(second) -> assertThat(second).startsWith("old token accepted"));
	}

}
