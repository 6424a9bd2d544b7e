/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnsupportedException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.maintenance.HashKvResult;
import io.github.etcdspring.maintenance.MaintenanceClient;
import io.github.etcdspring.maintenance.MemberStatus;
import io.github.etcdspring.maintenance.SavedSnapshot;
import io.github.etcdspring.maintenance.SnapshotChunk;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The Maintenance service of one member, beside what etcdctl says.
 */
class MaintenanceIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	private final MaintenanceClient maintenance = this.client.maintenance();

	private final String endpoint = etcd.cluster().member(0).endpoint();

	private static EtcdctlJson etcdctl(String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.addAll(List.of("-w", "json"));
		return new EtcdctlJson(etcd.cluster().etcdctl(all.toArray(String[]::new)));
	}

	private static int minorVersion() {
		return Integer.parseInt(etcd.cluster().version().split("\\.", 3)[1]);
	}

	@Test
	void tellsTheStatusThatEtcdctlTells() {
		this.client.kv().put(this.keys.name("k"), "v");

		// the member writes to its disk on its own time
		await().untilAsserted(() -> {
			MemberStatus status = this.maintenance.status(this.endpoint);
			EtcdctlJson expected = etcdctl("endpoint", "status");
			assertThat(status.version()).isEqualTo(expected.string("version")).isEqualTo(etcd.cluster().version());
			assertThat(status.header().clusterId()).isEqualTo(expected.number("cluster_id"));
			assertThat(status.member()).isEqualTo(new MemberId(expected.number("member_id")));
			assertThat(status.header().revision()).isEqualTo(expected.number("revision"));
			assertThat(status.leader()).isEqualTo(new MemberId(expected.number("leader")));
			assertThat(status.dbSize()).isEqualTo(expected.number("dbSize"));
			assertThat(status.dbSizeInUse()).isEqualTo(expected.number("dbSizeInUse"));
			assertThat(status.raftTerm()).isEqualTo(expected.number("raftTerm"));
			assertThat(status.raftIndex()).isEqualTo(expected.number("raftIndex"));
			assertThat(status.raftAppliedIndex()).isEqualTo(expected.number("raftAppliedIndex"));
			assertThat(status.errors()).isEmpty();
		});
	}

	@Test
	void tellsWhatTheVersionOfTheServerKnows() {
		MemberStatus status = this.maintenance.status();

		assertThat(status.isLeader()).isTrue();
		assertThat(status.learner()).isFalse();
		assertThat(status.storageVersion().isPresent()).isEqualTo(minorVersion() >= 6);
		assertThat(status.dbSizeQuota().isPresent()).isEqualTo(minorVersion() >= 6);
	}

	@Test
	void hashesAsEtcdctlDoes() {
		this.client.kv().put(this.keys.name("k"), "v");

		HashKvResult hash = this.maintenance.hashKv(this.endpoint);

		EtcdctlJson expected = etcdctl("endpoint", "hashkv");
		assertThat(hash.hash()).isEqualTo(expected.number("hash"));
		assertThat(hash.header().revision()).isEqualTo(expected.number("revision"));
		assertThat(hash.header().member()).isEqualTo(new MemberId(expected.number("member_id")));
		assertThat(hash.hashRevision().isPresent()).isEqualTo(minorVersion() >= 6);
	}

	@Test
	void hashesWhatWasThereAtARevision() {
		long revision = this.client.kv().put(this.keys.name("k"), "1").revision();
		HashKvResult before = this.maintenance.hashKv(this.endpoint, revision);

		this.client.kv().put(this.keys.name("k"), "2");

		assertThat(this.maintenance.hashKv(this.endpoint, revision).hash()).isEqualTo(before.hash());
		assertThat(this.maintenance.hashKv(this.endpoint).hash()).isNotEqualTo(before.hash());
	}

	@Test
	void hashesNothingThatIsCompactedOrYetToCome() {
		long first = this.client.kv().put(this.keys.name("k"), "1").revision();
		long second = this.client.kv().put(this.keys.name("k"), "2").revision();
		this.client.kv().compact(CompactRequest.of(second));

		assertThat(this.maintenance.hashKv(this.endpoint).compactRevision()).isEqualTo(second);
		assertThatExceptionOfType(CompactedException.class)
			.isThrownBy(() -> this.maintenance.hashKv(this.endpoint, first));
		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.maintenance.hashKv(this.endpoint, second + 1000))
			.satisfies((failure) -> assertThat(failure.error()).contains(EtcdError.FUTURE_REVISION));
	}

	@Test
	void givesTheDiskWhatACompactionFreed() {
		ByteSequence value = ByteSequence.copyOf(new byte[256 * 1024]);
		for (int i = 0; i < 8; i++) {
			this.client.kv().put(PutRequest.of(this.keys.key("k" + i), value));
		}
		long deleted = this.client.kv().delete(DeleteRequest.of(this.keys.range())).header().revision();
		this.client.kv().compact(CompactRequest.of(deleted).withPhysical());
		MemberStatus before = this.maintenance.status();

		this.maintenance.defragment(this.endpoint);

		assertThat(before.dbSize()).isGreaterThan(2 * 1024 * 1024);
		assertThat(this.maintenance.status().dbSize()).isLessThan(before.dbSize() / 2);
	}

	@Test
	void movesLeadershipToTheLeaderAtOnceAndToNobodyElse() {
		this.maintenance.moveLeader(this.maintenance.status().leader());

		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.maintenance.moveLeader(new MemberId(1)))
			.satisfies((failure) -> {
				assertThat(failure.error()).contains(EtcdError.BAD_LEADER_TRANSFEREE);
				assertThat(failure.code()).isEqualTo(StatusCode.FAILED_PRECONDITION);
			});
	}

	@Test
	void downgradesWhereTheServerCan() {
		String older = "3." + (minorVersion() - 1);
		if (minorVersion() < 5) {
			assertThatExceptionOfType(EtcdUnsupportedException.class)
				.isThrownBy(() -> this.maintenance.validateDowngrade(older));
			return;
		}
		assertThat(this.maintenance.validateDowngrade(older).version()).startsWith("3." + minorVersion());
		assertThat(refusalOf(this.maintenance.validateDowngradeAsync("3.0")))
			.isEqualTo(EtcdError.INVALID_DOWNGRADE_TARGET_VERSION);

		take(brief().enableDowngradeAsync(older));

		assertThat(refusalOf(this.maintenance.enableDowngradeAsync(older))).isEqualTo(EtcdError.DOWNGRADE_IN_PROCESS);
		take(brief().cancelDowngradeAsync());
		assertThat(refusalOf(this.maintenance.cancelDowngradeAsync())).isEqualTo(EtcdError.NO_INFLIGHT_DOWNGRADE);
	}

	private MaintenanceClient brief() {
		return this.client.withTimeout(Duration.ofSeconds(1)).maintenance();
	}

	/** Waits for a step of a downgrade, which etcd 3.5 takes without an answer. */
	private static void take(CompletableFuture<?> step) {
		Throwable failure = step.handle((value, thrown) -> thrown).join();
		if (minorVersion() == 5) {
			assertThat(failure).isInstanceOfSatisfying(EtcdException.class,
					(timeout) -> assertThat(timeout.outcome()).isEqualTo(Outcome.UNKNOWN));
		}
		else {
			assertThat(failure).isNull();
		}
	}

	private static EtcdError refusalOf(CompletableFuture<?> call) {
		return call.handle((value, failure) -> ((EtcdRequestException) failure).error()).join().orElseThrow();
	}

	@Test
	void savesASnapshotThatEtcdctlAcceptsAndRestores(@TempDir Path folder) {
		long revision = this.client.kv().put(this.keys.name("k"), "v").revision();
		Path file = folder.resolve("backup.db");

		SavedSnapshot saved = this.maintenance.snapshot().saveTo(file);

		EtcdctlJson status = etcdctl("snapshot", "status", file.toString());
		assertThat(status.number("revision")).isEqualTo(revision);
		assertThat(status.number("totalKey")).isPositive();
		assertThat(saved.size()).isEqualTo(file.toFile().length());
		assertThat(saved.version().isPresent()).isEqualTo(minorVersion() >= 6);
		// etcdctl compares the digest
		etcd.cluster()
			.etcdctl("snapshot", "restore", file.toString(), "--data-dir", folder.resolve("restored").toString());
		assertThat(folder.resolve("restored").resolve("member").resolve("snap").resolve("db")).isNotEmptyFile();
	}

	@Test
	void savesWhatEtcdctlSaves(@TempDir Path folder) throws IOException {
		this.client.kv().put(this.keys.name("k"), "v");
		Path ours = folder.resolve("ours.db");
		Path theirs = folder.resolve("theirs.db");

		this.maintenance.snapshot(this.endpoint).saveTo(ours);
		etcd.cluster().etcdctl("snapshot", "save", theirs.toString());

		assertThat(Files.size(ours)).isEqualTo(Files.size(theirs));
		assertThat(etcdctl("snapshot", "status", ours.toString()))
			.isEqualTo(etcdctl("snapshot", "status", theirs.toString()));
	}

	@Test
	void streamsASnapshotAsItIsAskedFor() {
		ByteSequence value = ByteSequence.copyOf(new byte[256 * 1024]);
		this.client.kv().put(PutRequest.of(this.keys.key("large"), value));
		Collector collector = new Collector();

		this.maintenance.snapshot().subscribe(collector);
		List<SnapshotChunk> chunks = collector.chunks.join();

		long total = chunks.get(0).remaining() + chunks.get(0).bytes().size();
		long remaining = total;
		for (SnapshotChunk chunk : chunks.subList(0, chunks.size() - 1)) {
			remaining -= chunk.bytes().size();
			assertThat(chunk.remaining()).isEqualTo(remaining);
		}
		assertThat(remaining).isZero();
		assertThat(chunks.size()).isGreaterThan(8);
		assertThat(chunks.get(chunks.size() - 1).bytes().size()).isEqualTo(32);
	}

	/** Asks for one chunk at a time. */
	private static final class Collector implements Flow.Subscriber<SnapshotChunk> {

		private final List<SnapshotChunk> received = new ArrayList<>();

		private final CompletableFuture<List<SnapshotChunk>> chunks = new CompletableFuture<>();

		private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription.complete(subscription);
			subscription.request(1);
		}

		@Override
		public void onNext(SnapshotChunk chunk) {
			this.received.add(chunk);
			this.subscription.join().request(1);
		}

		@Override
		public void onError(Throwable failure) {
			this.chunks.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.chunks.complete(this.received);
		}

	}

}
