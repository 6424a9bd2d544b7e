/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.Party;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.lock.EtcdLock;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One lock and one election that this client shares with {@code etcdctl lock} and
 * {@code etcdctl elect} of two versions while members die and stall (L1, L7, E1).
 */
// the lock itself is what is tested: it is not always given back
@SuppressWarnings("LockNotBeforeTry")
class EtcdctlContentionRunIntegrationTests {

	private static final String OURS = "ours";

	private static final Duration TTL = Duration.ofSeconds(2);

	private static final Duration LONG = Duration.ofSeconds(30);

	/** How long etcdctl may take to leave when it is interrupted. */
	private static final Duration END = Duration.ofSeconds(3);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	/** Only its etcdctl is used, on the cluster above. */
	@RegisterExtension
	static final EtcdClusterExtension other = EtcdClusterExtension
		.of(EtcdCluster.builder().version(System.getProperty("etcd.version", "3.5").startsWith("3.4") ? "3.5" : "3.4"));

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient observer = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final Workers workers = new Workers();

	private final List<Party> parties = new ArrayList<>();

	private final QueueTurns lockTurns = new QueueTurns(this.keys, "lock");

	private final QueueTurns electionTurns = new QueueTurns(this.keys, "election");

	private final AtomicInteger number = new AtomicInteger();

	private final AtomicInteger inVain = new AtomicInteger();

	private final AtomicInteger leftBehind = new AtomicInteger();

	private long from;

	@BeforeEach
	void mark() {
		this.from = this.observer.kv().put(this.keys.name("first"), "").revision() + 1;
	}

	@AfterEach
	void closeParties() {
		this.parties.forEach(Party::close);
		this.parties.clear();
	}

	private Party join() {
		Party party = Party.join(etcd.cluster(), TTL);
		this.parties.add(party);
		return party;
	}

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void takesTurnsWithEtcdctlInOrderOfKeysWhileMembersDieAndStall(long seed) throws InterruptedException {
		Faults faults = new Faults(etcd.cluster(), EnumSet.allOf(Faults.Kind.class), seed);
		for (int i = 0; i < 2; i++) {
			Party party = join();
			EtcdLock lock = party.lock(this.keys.name("lock"));
			this.workers.start("ours, lock", () -> lock(party.client(), lock));
			LeaderElection election = party.election(this.keys.name("election"));
			this.workers.start("ours, elect", () -> lead(party.client(), election));
		}
		for (EtcdCluster version : List.of(etcd.cluster(), other.cluster())) {
			this.workers.start("etcdctl lock", () -> lock(version));
			this.workers.start("etcdctl elect", () -> lead(version));
		}

		faults.run(RunSettings.duration(10), this::isEnough);
		this.workers.stop();
		long last = this.observer.kv().put(this.keys.name("last"), "").revision();
		closeParties();

		System.out.printf(
				"contention with etcdctl: etcd %s; lock: %s; election: %s; %d tries in vain, "
						+ "%d keys that etcdctl left behind; %s%n",
				etcd.cluster().version(), this.lockTurns, this.electionTurns, this.inVain.get(), this.leftBehind.get(),
				faults);
		History history = History.read(this.observer, this.keys.range(), this.from, last);
		assertThat(this.lockTurns.objections(history)).isEmpty();
		assertThat(this.electionTurns.objections(history)).isEmpty();
		assertThat(isEnough()).isTrue();
	}

	private boolean isEnough() {
		return Stream.of(this.lockTurns, this.electionTurns)
			.allMatch((turns) -> Stream.of(OURS, nameOf(etcd.cluster()), nameOf(other.cluster()))
				.allMatch((who) -> turns.had(who) >= 5));
	}

	private static String nameOf(EtcdCluster version) {
		return "etcdctl " + version.version();
	}

	private void lock(EtcdClient client, EtcdLock lock) throws InterruptedException {
		try {
			if (lock.tryLock(5, TimeUnit.SECONDS)) {
				this.lockTurns.have(OURS, lock.ownership().key(), lock.fencingToken(), client);
				lock.unlock();
			}
		}
		catch (EtcdException ex) {
			this.inVain.incrementAndGet();
		}
	}

	private void lead(EtcdClient client, LeaderElection election) throws InterruptedException {
		try {
			Leadership leadership = election.campaign(ByteSequence.of(OURS));
			this.electionTurns.have(OURS, leadership.key(), leadership.fencingToken(), client);
			leadership.resign();
		}
		catch (EtcdException ex) {
			this.inVain.incrementAndGet();
		}
	}

	private void lock(EtcdCluster version) {
		run(version, this.lockTurns, "lock", "--ttl=" + TTL.toSeconds(), this.keys.name("lock"));
	}

	/** Its lease would live on for a minute if it failed. */
	private void lead(EtcdCluster version) {
		String value = "etcdctl-" + this.number.incrementAndGet();
		run(version, this.electionTurns, "elect", this.keys.name("election"), value);
		this.electionTurns.find(this.observer, ByteSequence.of(value)).ifPresent((left) -> {
			this.leftBehind.incrementAndGet();
			this.observer.lease().revoke(left.lease());
		});
	}

	private void run(EtcdCluster version, QueueTurns turns, String... words) {
		List<String> arguments = new ArrayList<>(
				List.of("--endpoints=" + String.join(",", etcd.cluster().endpoints())));
		arguments.addAll(List.of(words));
		try (EtcdctlProcess etcdctl = version.startEtcdctl(arguments.toArray(String[]::new))) {
			await().atMost(LONG)
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(5))
				.until(() -> !etcdctl.output().isEmpty() || !etcdctl.isAlive() || this.workers.isStopped());
			Optional<KeyValue> held = etcdctl.output().stream().findFirst().flatMap(this::read);
			held.ifPresentOrElse((key) -> turns.have(nameOf(version), key.key(), key.createRevision(), this.observer),
					this.inVain::incrementAndGet);
			etcdctl.interrupt();
			awaitEnd(etcdctl);
		}
	}

	/**
	 * It may hang at a member that stands still; the close of the process kills it then.
	 */
	private static void awaitEnd(EtcdctlProcess etcdctl) {
		long end = System.nanoTime() + END.toNanos();
		while (etcdctl.isAlive() && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
		}
	}

	private Optional<KeyValue> read(String key) {
		try {
			return this.observer.kv().get(key).first();
		}
		catch (EtcdException ex) {
			return Optional.empty();
		}
	}

}
