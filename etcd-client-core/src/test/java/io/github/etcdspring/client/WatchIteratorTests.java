/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchIterator;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static io.github.etcdspring.fixture.WatchAnswers.compacted;
import static io.github.etcdspring.fixture.WatchAnswers.createdOn;
import static io.github.etcdspring.fixture.WatchAnswers.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link PulledWatch}.
 */
class WatchIteratorTests {

	private static final WatchRequest FROM_5 = WatchRequest.of(KeyRange.prefix("k")).from(5);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void connect() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.member);
	}

	@Test
	void givesOneBatchAfterTheOther() {
		try (WatchIterator watch = this.client.watch().iterator(FROM_5)) {
			var stream = createdOn(this.member, 0);
			stream.send(events(0, 5, 5));
			stream.send(events(0, 6));

			assertThat(watch.hasNext()).isTrue();
			assertThat(watch.hasNext()).isTrue();
			assertThat(((WatchBatch.Events) watch.next()).events()).hasSize(2);
			assertThat(watch.next().revision()).isEqualTo(6);
		}
	}

	@Test
	void waitsForABatchForSomeTimeOnly() {
		try (WatchIterator watch = this.client.watch().iterator(FROM_5)) {
			var stream = createdOn(this.member, 0);

			assertThat(watch.next(Duration.ofMillis(10))).isEmpty();
			assertThat(watch.next(Duration.ZERO)).isEmpty();
			stream.send(events(0, 5));

			assertThat(watch.next(Duration.ofSeconds(10)))
				.hasValueSatisfying((batch) -> assertThat(batch.revision()).isEqualTo(5));
		}
	}

	@Test
	void survivesALostStream() {
		try (WatchIterator watch = this.client.watch().iterator(FROM_5)) {
			var first = createdOn(this.member, 0);
			first.send(events(0, 5));
			assertThat(watch.next().revision()).isEqualTo(5);

			first.fail(Status.UNAVAILABLE);
			createdOn(this.member, 1).send(events(0, 6));

			assertThat(watch.next().revision()).isEqualTo(6);
		}
	}

	@Test
	void hasNothingMoreWhenItIsClosedAlsoForAThreadThatWaits() {
		WatchIterator watch = this.client.watch().iterator(FROM_5);
		var stream = createdOn(this.member, 0);
		CompletableFuture<Boolean> waiting = CompletableFuture.supplyAsync(watch::hasNext);

		watch.close();
		watch.close();

		assertThat(resultOf(waiting)).isFalse();
		assertThat(watch.hasNext()).isFalse();
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(watch::next);
		assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> watch.next(Duration.ZERO));
		assertThat(stream.awaitMessage(1).hasCancelRequest()).isTrue();
	}

	@Test
	void throwsTheReasonOfItsEndAfterTheLastBatch() {
		WatchIterator watch = this.client.watch().iterator(FROM_5);
		var stream = createdOn(this.member, 0);
		stream.send(events(0, 5));
		stream.send(compacted(0, 42));

		assertThat(watch.next().revision()).isEqualTo(5);
		assertThatExceptionOfType(CompactedException.class).isThrownBy(watch::hasNext);
		assertThatExceptionOfType(CompactedException.class).isThrownBy(watch::next)
			.satisfies((end) -> assertThat(end.compactRevision()).isEqualTo(42));
	}

	@Test
	void throwsWhenTheClientIsClosed() {
		WatchIterator watch = this.client.watch().iterator(FROM_5);
		createdOn(this.member, 0);

		this.client.close();

		assertThatExceptionOfType(EtcdClosedException.class).isThrownBy(watch::hasNext);
	}

	@Test
	void goesOnAfterAnInterrupt() {
		try (WatchIterator watch = this.client.watch().iterator(FROM_5)) {
			var stream = createdOn(this.member, 0);
			Thread.currentThread().interrupt();

			assertThatExceptionOfType(EtcdCancelledException.class).isThrownBy(watch::hasNext);

			assertThat(Thread.interrupted()).isTrue();
			stream.send(events(0, 5));
			assertThat(watch.next().revision()).isEqualTo(5);
		}
	}

	@Test
	void opensAsynchronouslyAtTheRevisionOfARead() {
		WatchIterator watch = resultOf(this.client.watch().iteratorAsync(WatchRequest.of(KeyRange.key("k"))));

		assertThat(this.member.watch().awaitStream(0).awaitMessage(0).getCreateRequest().getStartRevision())
			.isEqualTo(ScriptedEtcd.REVISION + 1);
		watch.close();
	}

	@Test
	void failsToOpenWhenItsStartCannotBeRead() {
		this.member.range().otherwiseFail(Status.INVALID_ARGUMENT);

		assertThatExceptionOfType(EtcdRequestException.class)
			.isThrownBy(() -> this.client.watch().iterator(WatchRequest.of(KeyRange.key("k"))));
	}

	@Test
	void opensNoWatchWhenItIsCancelledWhileItsStartIsRead() {
		this.member.range().thenHold();
		CompletableFuture<WatchIterator> opened = this.client.watch().iteratorAsync(WatchRequest.of(KeyRange.key("k")));
		var read = this.member.range().awaitCall(0);

		opened.cancel(true);

		await().until(read::isCancelled);
		assertThat(this.member.watch().count()).isZero();
	}

}
