/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

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
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdctlJson;
import io.github.etcdspring.it.core.KeySpace;
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
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The Maintenance service as one member has it, beside what etcdctl says.
 */
@Contract
class MaintenanceContractIntegrationTests {

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	private final MaintenanceClient maintenance;

	private final String endpoint;

	MaintenanceContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
		this.maintenance = this.client.maintenance();
		this.endpoint = server.cluster().member(0).endpoint();
	}

	private EtcdctlJson etcdctl(String... arguments) {
		return this.server.etcdctlJson(this.endpoint, arguments);
	}

	private int minorVersion() {
		return this.server.kind().minorVersion();
	}

	/** Writes what the member that is asked has too. */
	private long put(String value) {
		long revision = this.client.kv().put(this.keys.name("k"), value).revision();
		this.server.awaitRevision(revision);
		return revision;
	}

	@Test
	void tellsTheStatusThatEtcdctlTells() {
		put("v");

		// the member writes to its disk on its own time
		await().untilAsserted(() -> {
			MemberStatus status = this.maintenance.status(this.endpoint);
			EtcdctlJson expected = etcdctl("endpoint", "status");
			MemberStatus after = this.maintenance.status(this.endpoint);
			assertThat(status.version()).isEqualTo(expected.string("version"))
				.isEqualTo(this.server.cluster().version());
			assertThat(status.header().clusterId()).isEqualTo(expected.number("cluster_id"));
			assertThat(status.member()).isEqualTo(new MemberId(expected.number("member_id")));
			assertThat(status.header().revision()).isEqualTo(expected.number("revision"));
			assertThat(status.leader()).isEqualTo(new MemberId(expected.number("leader")));
			assertThat(status.dbSize()).isEqualTo(expected.number("dbSize"));
			assertThat(status.dbSizeInUse()).isEqualTo(expected.number("dbSizeInUse"));
			assertThat(status.raftTerm()).isEqualTo(expected.number("raftTerm"));
			// where authentication is on, etcdctl moves it by logging in
			assertThat(expected.number("raftIndex")).isBetween(status.raftIndex(), after.raftIndex());
			assertThat(expected.number("raftAppliedIndex")).isBetween(status.raftAppliedIndex(),
					after.raftAppliedIndex());
			assertThat(status.errors()).isEmpty();
		});
	}

	@Test
	void tellsWhatTheVersionOfTheServerKnows() {
		MemberStatus status = this.maintenance.status(this.server.cluster().leader().endpoint());

		assertThat(status.isLeader()).isTrue();
		assertThat(status.learner()).isFalse();
		assertThat(status.storageVersion().isPresent()).isEqualTo(minorVersion() >= 6);
		assertThat(status.dbSizeQuota().isPresent()).isEqualTo(minorVersion() >= 6);
	}

	@Test
	void hashesAsEtcdctlDoes() {
		long revision = put("v");

		HashKvResult hash = this.maintenance.hashKv(this.endpoint, revision);

		EtcdctlJson expected = etcdctl("endpoint", "hashkv", "--rev=" + revision);
		assertThat(hash.hash()).isEqualTo(expected.number("hash"));
		assertThat(hash.header().revision()).isGreaterThanOrEqualTo(revision);
		assertThat(hash.header().member()).isEqualTo(new MemberId(expected.number("member_id")));
		assertThat(hash.hashRevision().isPresent()).isEqualTo(minorVersion() >= 6);
	}

	@Test
	void hashesWhatWasThereAtARevision() {
		long revision = put("1");
		HashKvResult before = this.maintenance.hashKv(this.endpoint, revision);

		put("2");

		assertThat(this.maintenance.hashKv(this.endpoint, revision).hash()).isEqualTo(before.hash());
		assertThat(this.maintenance.hashKv(this.endpoint).hash()).isNotEqualTo(before.hash());
	}

	@Test
	void hashesNothingThatIsCompactedOrYetToCome() {
		long first = put("1");
		long second = put("2");
		this.client.kv().compact(CompactRequest.of(second));

		await().until(() -> this.maintenance.hashKv(this.endpoint).compactRevision() == second);
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
		// pages are free from a later commit on
		await().until(() -> {
			put("v");
			return free(this.maintenance.status(this.endpoint)) > 1024 * 1024;
		});
		long before = this.maintenance.status(this.endpoint).dbSize();

		this.maintenance.defragment(this.endpoint);

		MemberStatus after = this.maintenance.status(this.endpoint);
		assertThat(after.dbSize()).isLessThan(before - 512 * 1024);
		assertThat(free(after)).isLessThan(1024 * 1024);
	}

	private static long free(MemberStatus status) {
		return status.dbSize() - status.dbSizeInUse();
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
		return this.client.withTimeout(Duration.ofMillis(500)).maintenance();
	}

	/** Waits for a step of a downgrade, which etcd 3.5 takes without an answer. */
	private void take(CompletableFuture<?> step) {
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
		long revision = put("v");
		Path file = folder.resolve("backup.db");

		SavedSnapshot saved = this.maintenance.snapshot().saveTo(file);

		EtcdctlJson status = etcdctl("snapshot", "status", file.toString());
		assertThat(status.number("revision")).isGreaterThanOrEqualTo(revision);
		assertThat(status.number("totalKey")).isPositive();
		assertThat(saved.size()).isEqualTo(file.toFile().length());
		assertThat(saved.version().isPresent()).isEqualTo(minorVersion() >= 6);
		// etcdctl compares the digest
		this.server.cluster()
			.etcdctl("snapshot", "restore", file.toString(), "--data-dir", folder.resolve("restored").toString());
		assertThat(folder.resolve("restored").resolve("member").resolve("snap").resolve("db")).isNotEmptyFile();
	}

	@Test
	void savesWhatEtcdctlSaves(@TempDir Path folder) throws IOException {
		// so that no compaction of before takes anything away between the two
		this.client.kv().compact(CompactRequest.of(put("v")).withPhysical());
		Path ours = folder.resolve("ours.db");
		Path theirs = folder.resolve("theirs.db");

		this.maintenance.snapshot(this.endpoint).saveTo(ours);
		this.server.etcdctl("snapshot", "save", theirs.toString(), "--endpoints=" + this.endpoint);

		EtcdctlJson status = etcdctl("snapshot", "status", ours.toString());
		EtcdctlJson expected = etcdctl("snapshot", "status", theirs.toString());
		assertThat(status.number("revision")).isEqualTo(expected.number("revision"));
		assertThat(status.number("totalKey")).isEqualTo(expected.number("totalKey"));
		if (!this.server.kind().auth()) {
			// else etcdctl changes the store by logging in
			assertThat(Files.size(ours)).isEqualTo(Files.size(theirs));
			assertThat(status).isEqualTo(expected);
		}
	}

	@Test
	void streamsASnapshotAsItIsAskedFor() {
		ByteSequence value = ByteSequence.copyOf(new byte[256 * 1024]);
		this.server.awaitRevision(this.client.kv().put(PutRequest.of(this.keys.key("large"), value)).revision());
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
