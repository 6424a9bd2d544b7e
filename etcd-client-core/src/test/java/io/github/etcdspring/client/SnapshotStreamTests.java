/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.RecordingSubscriber;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedSnapshot;
import io.github.etcdspring.internal.proto.MaintenanceProto.SnapshotResponse;
import io.github.etcdspring.maintenance.Snapshot;
import io.github.etcdspring.maintenance.SnapshotChunk;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link GrpcSnapshot} as a stream.
 */
class SnapshotStreamTests {

	private static final Status STOPPED = Status.UNAVAILABLE.withDescription("etcdserver: server stopped");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final ScriptedSnapshot snapshot = ScriptedSnapshot.create();

	private final RecordingSubscriber<SnapshotChunk> subscriber = new RecordingSubscriber<>();

	@Test
	void publishesEveryPieceAndTheDigestAndCompletes() {
		ScriptedEtcd member = this.cluster.member();
		ScriptedSnapshot.serve(member, this.snapshot.pieces());

		this.cluster.client(member).maintenance().snapshot().subscribe(this.subscriber);
		this.subscriber.request(Long.MAX_VALUE).awaitCompletion();

		List<SnapshotChunk> chunks = this.subscriber.items();
		assertThat(chunks).extracting((chunk) -> chunk.bytes().size()).containsExactly(1000, 1000, 1000, 1000, 96, 32);
		assertThat(chunks).extracting(SnapshotChunk::remaining).containsExactly(3096L, 2096L, 1096L, 96L, 0L, 0L);
		assertThat(chunks).extracting(SnapshotChunk::version).containsOnly(Optional.of("3.6.0"));
		assertThat(chunks.get(0)).hasToString("SnapshotChunk[1000 bytes, remaining=3096, version=3.6.0]");
	}

	@Test
	void takesASnapshotOfItsOwnForEachSubscriber() {
		ScriptedEtcd member = this.cluster.member();
		ScriptedSnapshot.serve(member, this.snapshot.pieces());
		Snapshot snapshot = this.cluster.client(member).maintenance().snapshot();
		RecordingSubscriber<SnapshotChunk> another = new RecordingSubscriber<>();

		snapshot.subscribe(this.subscriber);
		snapshot.subscribe(another);
		this.subscriber.request(Long.MAX_VALUE).awaitCompletion();
		another.request(Long.MAX_VALUE).awaitCompletion();

		assertThat(member.maintenance().snapshot().count()).isEqualTo(2);
	}

	@Test
	void publishesNoMoreThanIsAskedFor() {
		ScriptedEtcd member = this.cluster.member();
		ScriptedSnapshot.serve(member, this.snapshot.pieces());
		this.cluster.client(member).maintenance().snapshot().subscribe(this.subscriber);

		this.subscriber.request(2).awaitItems(2);
		this.subscriber.request(1).awaitItems(3);

		assertThat(this.subscriber.items()).hasSize(3);
		assertThat(this.subscriber.signals()).doesNotContain("completed");
		this.subscriber.cancel();
	}

	@Test
	void failsInsteadOfCompletingWhenTheDigestIsWrong() {
		ScriptedEtcd member = this.cluster.member();
		List<SnapshotResponse> pieces = new ArrayList<>(this.snapshot.database());
		pieces.add(ScriptedSnapshot.piece(new byte[32], 0));
		ScriptedSnapshot.serve(member, pieces);

		this.cluster.client(member).maintenance().snapshot().subscribe(this.subscriber);
		Throwable failure = this.subscriber.request(Long.MAX_VALUE).awaitFailure();

		assertThat(failure).isInstanceOfSatisfying(EtcdServerException.class,
				(damaged) -> assertThat(damaged.code()).isEqualTo(StatusCode.DATA_LOSS));
		assertThat(this.subscriber.items()).hasSize(6);
		assertThat(this.subscriber.signals()).doesNotContain("completed");
	}

	@Test
	void failsInsteadOfCompletingWhenTheDigestIsMissing() {
		ScriptedEtcd member = this.cluster.member();
		ScriptedSnapshot.serve(member, this.snapshot.database());

		this.cluster.client(member).maintenance().snapshot().subscribe(this.subscriber);
		Throwable failure = this.subscriber.request(Long.MAX_VALUE).awaitFailure();

		assertThat(failure).isInstanceOf(EtcdServerException.class)
			.hasMessageStartingWith("Snapshot failed: it was cut short after 4096 bytes");
	}

	@Test
	void asksAnotherMemberWhileNoneHasSentAnything() {
		ScriptedEtcd ill = this.cluster.member();
		ScriptedEtcd well = this.cluster.member();
		ill.maintenance().snapshot().onMessage((stream, request) -> stream.fail(STOPPED));
		ScriptedSnapshot.serve(well, this.snapshot.pieces());

		this.cluster.client(ill, well).maintenance().snapshot().subscribe(this.subscriber);

		this.subscriber.request(Long.MAX_VALUE).awaitCompletion();
	}

	@Test
	void doesNotBeginAgainWhenItBreaksOff() {
		ScriptedEtcd member = this.cluster.member();
		member.maintenance().snapshot().onMessage((stream, request) -> {
			stream.send(this.snapshot.pieces().get(0));
			stream.fail(STOPPED);
		});

		this.cluster.client(member).maintenance().snapshot().subscribe(this.subscriber);
		Throwable failure = this.subscriber.request(Long.MAX_VALUE).awaitFailure();

		assertThat(failure).isInstanceOf(EtcdUnavailableException.class)
			.hasMessageStartingWith("Snapshot failed: etcdserver: server stopped");
		assertThat(member.maintenance().snapshot().count()).isEqualTo(1);
	}

	@Test
	void asksTheMemberThatIsNamedOnAConnectionThatEndsWithTheSnapshot() {
		ScriptedEtcd known = this.cluster.member();
		ScriptedEtcd named = this.cluster.member();
		ScriptedSnapshot.serve(named, this.snapshot.pieces());

		this.cluster.client(known).maintenance().snapshot(named.endpoint()).subscribe(this.subscriber);
		this.subscriber.request(Long.MAX_VALUE).awaitCompletion();

		await("end of the connection").until(() -> named.connections() == 0);
		assertThat(known.connections()).isZero();
	}

	@Test
	void refusesAnEndpointThatIsNoneBeforeAnybodySubscribes() {
		EtcdClient client = this.cluster.client(this.cluster.member());

		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> client.maintenance().snapshot("https://host:2379"));
	}

}
