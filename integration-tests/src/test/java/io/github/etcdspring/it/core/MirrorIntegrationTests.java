/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.fault.TcpProxy;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.mirror.Mirror;
import io.github.etcdspring.mirror.MirrorListener;
import io.github.etcdspring.mirror.MirrorRequest;
import io.github.etcdspring.mirror.MirrorTarget;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A mirror from one cluster into another equals its source at the revision it has
 * reached, whatever happens to either.
 */
@EachVersion
class MirrorIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(60);

	private static final long SEED = Long.getLong("it.seed", 20261126);

	private static final int KEYS = 400;

	private final Random random = new Random(SEED);

	/** {@code reached}, and the reason of each relist. */
	private final List<String> relists = new CopyOnWriteArrayList<>();

	private final List<Long> reached = new CopyOnWriteArrayList<>();

	@AutoClose
	private final EtcdCluster source;

	@AutoClose
	private final EtcdCluster target;

	@AutoClose
	private final TcpProxy toSource;

	@AutoClose
	private final TcpProxy toTarget;

	@AutoClose
	private final EtcdClient writer;

	@AutoClose
	private final EtcdClient reader;

	@AutoClose
	private final EtcdClient from;

	@AutoClose
	private final EtcdClient into;

	MirrorIntegrationTests(String version) {
		this.source = EtcdCluster.builder().version(version).start();
		this.target = EtcdCluster.builder().version(version).start();
		this.toSource = TcpProxy.to(this.source.member(0).clientPort());
		this.toTarget = TcpProxy.to(this.target.member(0).clientPort());
		this.writer = EtcdClients.connect(this.source);
		this.reader = EtcdClients.connect(this.target);
		this.from = EtcdClients.connect(List.of(this.toSource.endpoint()), UnaryOperator.identity());
		this.into = EtcdClients.connect(List.of(this.toTarget.endpoint()), UnaryOperator.identity());
	}

	private Mirror open(MirrorRequest request) {
		return Mirror.open(this.from, request, MirrorTarget.of(this.into, "copy/"), new MirrorListener() {

			@Override
			public void onReached(long revision) {
				MirrorIntegrationTests.this.reached.add(revision);
			}

			@Override
			public void onRelist(Throwable reason) {
				MirrorIntegrationTests.this.relists.add(reason.getClass().getSimpleName());
			}

		});
	}

	/** Changes one to six keys at one revision. */
	private int change() {
		TxnOperation[] operations = this.random.ints(0, KEYS)
			.distinct()
			.limit(1 + this.random.nextInt(6))
			.mapToObj((key) -> (this.random.nextInt(4) == 0) ? delete(key) : put(key))
			.toArray(TxnOperation[]::new);
		this.writer.kv().txn().then(operations).commit();
		return operations.length;
	}

	private TxnOperation put(int key) {
		return PutRequest.of("data/" + key, "" + this.random.nextInt());
	}

	private TxnOperation delete(int key) {
		return DeleteRequest.of(KeyRange.key("data/" + key));
	}

	private int changeOften(int changes) {
		int made = 0;
		while (made < changes) {
			made += change();
		}
		return made;
	}

	/** Puts a key, so that the mirror must come to this very revision. */
	private long mark() {
		return this.writer.kv().put("data/mark", "" + this.random.nextInt()).revision();
	}

	private void awaitReached(Mirror mirror, long revision) {
		await().atMost(SOON).pollInterval(Duration.ofMillis(10)).until(() -> mirror.revision() == revision);
	}

	private void assertEqual(Mirror mirror) {
		RangeRequest at = RangeRequest.builder(KeyRange.prefix("data/")).revision(mirror.revision()).build();
		List<KeyValue> expected = this.writer.kv().get(at).kvs();
		List<KeyValue> copied = this.reader.kv().get(KeyRange.prefix("copy/")).kvs();
		assertThat(copied).extracting((kv) -> kv.key().toUtf8().substring("copy/".length()) + "=" + kv.value().toUtf8())
			.containsExactlyElementsOf(expected.stream()
				.map((kv) -> kv.key().toUtf8().substring("data/".length()) + "=" + kv.value().toUtf8())
				.toList());
		assertThat(copied).extracting(KeyValue::lease).containsOnly(LeaseId.NONE);
	}

	@Test
	void equalsItsSourceAfterManyChangesACompactionAndACutConnection() {
		changeOften(500);
		int made = 0;
		try (Mirror mirror = open(MirrorRequest.of("data/"))) {
			made += changeOften(1_500);
			this.toTarget.cut();
			made += changeOften(300);
			this.toTarget.restore();
			made += changeOften(1_000);
			this.toSource.cut();
			made += changeOften(1_200);
			long compacted = mark();
			this.writer.kv().compact(CompactRequest.of(compacted));
			made += changeOften(300);
			this.toSource.restore();
			made += changeOften(1_200);
			awaitReached(mirror, mark());

			assertEqual(mirror);
			assertThat(made).isGreaterThanOrEqualTo(5_000);
			assertThat(this.relists).contains("CompactedException");
			assertThat(this.reached).isSorted().doesNotHaveDuplicates();
			System.out.printf("mirror on etcd %s: %d changes, %d revisions reached, relists %s, seed %d%n",
					this.source.version(), made, this.reached.size(), this.relists, SEED);
		}
		assertThat(this.reader.kv().get(KeyRange.prefix("etcdspring/")).count()).isZero();
	}

	@Test
	void holdsAllChangesOfARevisionAtOnceAndSplitsADeletionOfMany() {
		for (int i = 0; i < 300; i++) {
			this.writer.kv().put("data/" + i, "");
		}
		try (Mirror mirror = open(MirrorRequest.of("data/"))) {
			assertThat(mirror.ready()).succeedsWithin(SOON);
			TxnOperation[] together = this.random.ints(1000, 2000)
				.distinct()
				.limit(127)
				.mapToObj(this::put)
				.toArray(TxnOperation[]::new);
			long revision = this.writer.kv().txn().then(together).commit().revision();
			awaitReached(mirror, revision);
			assertThat(this.reader.kv().get(KeyRange.prefix("copy/1")).kvs()).filteredOn((kv) -> kv.key().size() == 9)
				.hasSize(127)
				.extracting(KeyValue::modRevision)
				.containsOnly(this.reader.kv().get(KeyRange.prefix("copy/")).revision());

			revision = this.writer.kv().delete(DeleteRequest.of(KeyRange.prefix("data/"))).header().revision();
			awaitReached(mirror, revision);

			assertEqualAndEmpty(mirror);
		}
	}

	private void assertEqualAndEmpty(Mirror mirror) {
		assertThat(mirror.end()).isNotDone();
		assertThat(this.reader.kv().get(KeyRange.prefix("copy/")).count()).isZero();
	}

	@Test
	void copiesAllAnewWhenItsTargetWasRestoredAndHasGrownBeyondWhatWasLost() {
		changeOften(200);
		try (Mirror mirror = open(MirrorRequest.of("data/"))) {
			awaitReached(mirror, mark());
			ClusterBackup backup = ClusterBackup.of(this.target);
			changeOften(50);
			awaitReached(mirror, mark());
			long before = this.reader.kv().get("copy/mark").revision();
			this.toTarget.cut();
			backup.restore();
			long grown = 0;
			while (grown <= before) {
				grown = this.reader.kv().put("another's", "").revision();
			}
			assertThat(this.relists).isEmpty();
			this.toTarget.restore();

			awaitReached(mirror, mark());

			assertThat(this.relists).containsExactly("HistoryResetException");
			assertEqual(mirror);
		}
	}

	@Test
	void goesOnFromWhereAnEarlierOneStoppedAndFollowsLeasesToTheirEnd() {
		changeOften(100);
		long first;
		try (Mirror mirror = open(MirrorRequest.of("data/"))) {
			awaitReached(mirror, mark());
			first = mirror.revision();
		}
		LeaseGrant lease = this.writer.lease().grant(Duration.ofSeconds(60));
		this.writer.kv().put(PutRequest.of(ByteSequence.of("data/leased"), ByteSequence.of("1")).withLease(lease.id()));
		changeOften(100);

		try (Mirror mirror = open(MirrorRequest.of("data/").from(first + 1))) {
			awaitReached(mirror, mark());
			assertEqual(mirror);
			assertThat(this.reader.kv().get("copy/leased").count()).isEqualTo(1);
			this.writer.lease().revoke(lease.id());
			awaitReached(mirror, mark());
			assertEqual(mirror);
			assertThat(this.reader.kv().get("copy/leased").count()).isZero();
		}
		assertThat(this.relists).isEmpty();
	}

	@Test
	void endsWhenAnotherMirrorIsOpenedIntoTheSameTarget() {
		mark();
		try (Mirror older = open(MirrorRequest.of("data/"))) {
			assertThat(older.ready()).succeedsWithin(SOON);
			try (Mirror newer = open(MirrorRequest.of("data/"))) {
				assertThat(newer.ready()).succeedsWithin(SOON);
				long revision = mark();

				assertThat(older.end()).failsWithin(SOON).withThrowableThat().withMessageContaining("another mirror");
				awaitReached(newer, revision);
				assertEqual(newer);
			}
		}
	}

}
