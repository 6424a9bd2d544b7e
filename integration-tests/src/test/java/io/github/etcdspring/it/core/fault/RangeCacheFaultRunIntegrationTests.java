/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.cache.RangeCache;
import io.github.etcdspring.cache.RangeSnapshot;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A cache is read linearizable, and held against the server at its revision, while
 * members die and stall, history is compacted and keys change (P3, D1, D2).
 */
class RangeCacheFaultRunIntegrationTests {

	private static final int KEYS = 50;

	private static final int READERS = 12;

	/** So many revisions stay. */
	private static final int KEPT = 300;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	private final KeySpace elsewhere = KeySpace.unique();

	@AutoClose
	private final EtcdClient writer = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(3));

	@AutoClose
	private final EtcdClient reader = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(3));

	@AutoClose
	private final EtcdClient cached = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(3));

	@AutoClose
	private final Workers workers = new Workers();

	private final AtomicLong acknowledged = new AtomicLong();

	private final AtomicInteger checks = new AtomicInteger();

	private final AtomicInteger compacted = new AtomicInteger();

	private final AtomicInteger inVain = new AtomicInteger();

	private int writes;

	private Random random = new Random();

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void equalsTheServerAndSeesEveryAcknowledgedWriteWhileMembersDieAndStall(long seed) throws InterruptedException {
		this.random = new Random(seed);
		Faults faults = new Faults(etcd.cluster(), EnumSet.allOf(Faults.Kind.class), seed);
		try (RangeCache cache = RangeCache.open(this.cached, this.keys.range())) {
			assertThat(cache.ready()).succeedsWithin(Duration.ofSeconds(20));
			this.workers.start("writer", this::write);
			for (int i = 0; i < READERS; i++) {
				this.workers.start("reader", () -> check(cache));
			}
			faults.run(RunSettings.duration(20), () -> this.checks.get() >= 2_000);
			this.workers.stop();

			assertCheckerObjects(cache);
		}
		System.out.printf(
				"range cache fault run: %s; %d writes, %d checks, %d at revisions compacted meanwhile, %d reads in vain%n",
				faults, this.writes, this.checks.get(), this.compacted.get(), this.inVain.get());
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(this.checks.get()).isGreaterThanOrEqualTo(2_000);
	}

	private void write() {
		TxnOperation[] operations = this.random.ints(0, KEYS)
			.distinct()
			.limit(1 + this.random.nextInt(4))
			.mapToObj((key) -> (this.random.nextInt(3) == 0) ? DeleteRequest.of(this.keys.only("k" + key))
					: PutRequest.of(this.keys.key("k" + key), ByteSequence.of("" + this.random.nextInt())))
			.toArray(TxnOperation[]::new);
		try {
			// no watch of the range tells of a revision elsewhere
			long revision = this.random.nextBoolean() ? this.writer.kv().txn().then(operations).commit().revision()
					: this.writer.kv().put(this.elsewhere.name("k"), "").revision();
			this.acknowledged.accumulateAndGet(revision, Math::max);
			if (++this.writes % 200 == 0 && revision > KEPT) {
				this.writer.kv().compact(CompactRequest.of(revision - KEPT));
			}
		}
		catch (EtcdException ex) {
			// applied or not, compacted before or not
		}
		LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
	}

	private void check(RangeCache cache) {
		long before = this.acknowledged.get();
		try {
			RangeSnapshot snapshot = cache.read();
			assertThat(snapshot.revision()).isGreaterThanOrEqualTo(before);
			assertThat(snapshot.kvs()).isEqualTo(server(snapshot.revision()));
			this.checks.incrementAndGet();
		}
		catch (CompactedException ex) {
			this.compacted.incrementAndGet();
		}
		catch (EtcdException ex) {
			this.inVain.incrementAndGet();
		}
	}

	private List<KeyValue> server(long revision) {
		return this.reader.kv().get(RangeRequest.builder(this.keys.range()).revision(revision).build()).kvs();
	}

	/** The control: what was read, without one key. */
	private void assertCheckerObjects(RangeCache cache) {
		this.writer.kv().put(this.keys.name("control"), "control");
		RangeSnapshot snapshot = cache.read();
		Stream<KeyValue> without = snapshot.kvs().stream().filter((kv) -> !kv.key().toUtf8().endsWith("control"));

		assertThat(snapshot.kvs()).isEqualTo(server(snapshot.revision()));
		assertThat(without.toList()).isNotEqualTo(server(snapshot.revision()));
	}

}
