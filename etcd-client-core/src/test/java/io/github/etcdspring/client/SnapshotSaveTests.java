/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedSnapshot;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.MaintenanceProto.SnapshotRequest;
import io.github.etcdspring.internal.proto.MaintenanceProto.SnapshotResponse;
import io.github.etcdspring.maintenance.SavedSnapshot;
import io.github.etcdspring.maintenance.Snapshot;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static io.github.etcdspring.fixture.Results.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link SnapshotSave}: a target that is whole, or as it was.
 */
class SnapshotSaveTests {

	private static final Status STOPPED = Status.UNAVAILABLE.withDescription("etcdserver: server stopped");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@TempDir
	Path folder;

	private final ScriptedSnapshot snapshot = ScriptedSnapshot.create();

	private Path target;

	private ScriptedEtcd member;

	@BeforeEach
	void start() {
		this.target = this.folder.resolve("backup.db");
		this.member = this.cluster.member();
	}

	private Snapshot snapshot() {
		return this.cluster.client(this.member).maintenance().snapshot();
	}

	private ScriptedStream<SnapshotRequest, SnapshotResponse> awaitStream() {
		return this.member.maintenance().snapshot().awaitStream(0);
	}

	/** Sends a first piece and waits until it is written. */
	private ScriptedStream<SnapshotRequest, SnapshotResponse> sendFirstPiece() {
		ScriptedStream<SnapshotRequest, SnapshotResponse> stream = awaitStream();
		stream.send(this.snapshot.pieces().get(0));
		await("first piece").until(() -> files().stream().anyMatch((file) -> file.toFile().length() == 1000));
		return stream;
	}

	private List<Path> files() {
		try (Stream<Path> files = Files.list(this.folder)) {
			return files.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void savesTheWholeSnapshotForItsOwnerAlone() throws IOException {
		ScriptedSnapshot.serve(this.member, this.snapshot.pieces());

		SavedSnapshot saved = snapshot().saveTo(this.target);

		assertThat(this.target).hasBinaryContent(this.snapshot.bytes());
		assertThat(Files.getPosixFilePermissions(this.target)).containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ,
				PosixFilePermission.OWNER_WRITE);
		assertThat(files()).containsExactly(this.target);
		assertThat(saved.file()).isEqualTo(this.target.toAbsolutePath());
		assertThat(saved.size()).isEqualTo(4128);
		assertThat(saved.sha256()).isEqualTo(this.snapshot.sha256());
		assertThat(saved.version()).contains("3.6.0");
	}

	@Test
	void replacesAnOlderFile() throws IOException {
		Files.writeString(this.target, "older");
		ScriptedSnapshot.serve(this.member, this.snapshot.pieces());

		snapshot().saveTo(this.target);

		assertThat(this.target).hasBinaryContent(this.snapshot.bytes());
		assertThat(files()).containsExactly(this.target);
	}

	@Test
	void leavesTheTargetAloneUntilTheSnapshotIsWhole() throws IOException {
		Files.writeString(this.target, "older");
		CompletableFuture<SavedSnapshot> save = snapshot().saveToAsync(this.target);
		ScriptedStream<SnapshotRequest, SnapshotResponse> stream = sendFirstPiece();

		assertThat(this.target).hasContent("older");

		this.snapshot.pieces().stream().skip(1).forEach(stream::send);
		stream.complete();
		save.join();
		assertThat(this.target).hasBinaryContent(this.snapshot.bytes());
	}

	@Test
	void leavesTheTargetAsItWasWhenTheDigestIsWrong() throws IOException {
		Files.writeString(this.target, "older");
		List<SnapshotResponse> pieces = new ArrayList<>(this.snapshot.database());
		pieces.add(ScriptedSnapshot.piece(new byte[32], 0));
		ScriptedSnapshot.serve(this.member, pieces);

		assertThatExceptionOfType(EtcdServerException.class).isThrownBy(() -> snapshot().saveTo(this.target))
			.withMessageStartingWith("Snapshot failed: its SHA-256 digest is " + this.snapshot.sha256());

		assertThat(this.target).hasContent("older");
		assertThat(files()).containsExactly(this.target);
	}

	@Test
	void leavesNothingBehindWhenTheSnapshotIsCutShort() {
		ScriptedSnapshot.serve(this.member, this.snapshot.pieces().subList(0, 3));

		assertThatExceptionOfType(EtcdServerException.class).isThrownBy(() -> snapshot().saveTo(this.target))
			.withMessageStartingWith("Snapshot failed: it was cut short after 3000 bytes");

		assertThat(files()).isEmpty();
	}

	@Test
	void leavesNothingBehindWhenTheStreamBreaksOff() {
		CompletableFuture<SavedSnapshot> save = snapshot().saveToAsync(this.target);
		sendFirstPiece().fail(STOPPED);

		assertThat(failureOf(save)).isInstanceOf(EtcdUnavailableException.class);

		assertThat(files()).isEmpty();
		assertThat(this.member.maintenance().snapshot().count()).isEqualTo(1);
	}

	@Test
	void leavesNothingBehindWhenTheMemberFallsSilent() {
		FakeClock clock = new FakeClock();
		EtcdClient client = this.cluster.client(clock, this.member);
		CompletableFuture<SavedSnapshot> save = client.maintenance().snapshot().saveToAsync(this.target);
		sendFirstPiece();

		await().until(() -> {
			clock.advance(Duration.ofSeconds(10));
			return save.isDone();
		});

		assertThat(failureOf(save)).isInstanceOf(EtcdTimeoutException.class)
			.hasMessageStartingWith("Snapshot failed: no message within 10000 ms");
		assertThat(files()).isEmpty();
	}

	@Test
	void leavesNothingBehindWhenTheSaveIsCancelled() {
		CompletableFuture<SavedSnapshot> save = snapshot().saveToAsync(this.target);
		ScriptedStream<SnapshotRequest, SnapshotResponse> stream = sendFirstPiece();

		save.cancel(true);

		assertThat(files()).isEmpty();
		await("cancellation").until(stream::isCancelled);
	}

	@Test
	void leavesNothingBehindWhenTheWaitingThreadIsInterrupted() throws InterruptedException {
		Snapshot snapshot = snapshot();
		AtomicBoolean cancelled = new AtomicBoolean();
		AtomicBoolean flagged = new AtomicBoolean();
		Thread thread = new Thread(() -> {
			try {
				snapshot.saveTo(this.target);
			}
			catch (EtcdCancelledException ex) {
				cancelled.set(files().isEmpty());
				flagged.set(Thread.currentThread().isInterrupted());
			}
		});
		thread.start();
		sendFirstPiece();

		thread.interrupt();
		thread.join();

		assertThat(cancelled).isTrue();
		assertThat(flagged).isTrue();
	}

	@Test
	void leavesNothingBehindWhenTheClientIsClosed() {
		EtcdClient client = this.cluster.client(this.member);
		CompletableFuture<SavedSnapshot> save = client.maintenance().snapshot().saveToAsync(this.target);
		sendFirstPiece();

		client.close();

		assertThat(failureOf(save)).isInstanceOf(EtcdClosedException.class);
		assertThat(files()).isEmpty();
	}

	@Test
	void asksNobodyWhenTheFolderIsMissing() {
		Path missing = this.folder.resolve("missing").resolve("backup.db");

		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> snapshot().saveTo(missing))
			.withMessageStartingWith("snapshot: " + missing + " cannot be written: "
					+ "java.nio.file.NoSuchFileException: " + missing.getParent());

		assertThat(this.member.maintenance().snapshot().count()).isZero();
	}

	@Test
	void asksNobodyWhenTheTargetIsAFolder() {
		assertThat(failureOf(snapshot().saveToAsync(this.folder))).isInstanceOf(UncheckedIOException.class)
			.hasMessage("snapshot: " + this.folder + " cannot be written: java.nio.file.FileSystemException: "
					+ this.folder + ": it is a folder");

		assertThat(this.member.maintenance().snapshot().count()).isZero();
	}

	@Test
	void leavesNothingBehindWhenTheTargetCannotBeReplaced() throws IOException {
		CompletableFuture<SavedSnapshot> save = snapshot().saveToAsync(this.target);
		ScriptedStream<SnapshotRequest, SnapshotResponse> stream = sendFirstPiece();
		Files.createDirectory(this.target);
		Files.writeString(this.target.resolve("file"), "in the way");

		this.snapshot.pieces().stream().skip(1).forEach(stream::send);
		stream.complete();

		assertThat(failureOf(save)).isInstanceOf(UncheckedIOException.class);
		assertThat(files()).containsExactly(this.target);
	}

	@Test
	void givesUpTheStreamWhenAPieceCannotBeWritten() {
		AtomicBoolean broken = new AtomicBoolean();
		ExecutorService threads = Executors.newSingleThreadExecutor();
		this.cluster.closing(threads::shutdownNow);
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor((task) -> threads.execute(() -> {
			if (broken.get()) {
				// a thread that is interrupted can write to no channel
				Thread.currentThread().interrupt();
			}
			task.run();
		})), this.member);
		CompletableFuture<SavedSnapshot> save = client.maintenance().snapshot().saveToAsync(this.target);
		ScriptedStream<SnapshotRequest, SnapshotResponse> stream = sendFirstPiece();

		broken.set(true);
		stream.send(this.snapshot.pieces().get(1));

		assertThat(failureOf(save)).isInstanceOf(UncheckedIOException.class)
			.hasMessageStartingWith("snapshot: " + this.target + " cannot be written: ");
		await("cancellation").until(stream::isCancelled);
		assertThat(files()).isEmpty();
	}

	@Test
	void touchesNoFileOutsideTheCallbackExecutor() {
		List<Runnable> callbacks = new ArrayList<>();
		EtcdClient client = this.cluster.client((options) -> options.callbackExecutor(callbacks::add), this.member);

		client.maintenance().snapshot().saveToAsync(this.target);

		assertThat(callbacks).hasSize(1);
		assertThat(files()).isEmpty();
		assertThat(this.member.maintenance().snapshot().count()).isZero();
	}

}
