/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link EtcdSemaphore}: who is among the first, and what becomes of a wait that
 * is given up, or whose answers are lost.
 */
class EtcdSemaphoreTests {

	private static final Duration TTL = Duration.ofSeconds(60);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private QueueStore store;

	private Session session;

	private EtcdSemaphore semaphore;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		this.session = this.cluster.session(this.cluster.client(this.clock, this.member), TTL);
		this.semaphore = EtcdSemaphore.of(this.session, "permits", 2);
	}

	@Test
	void givesAsManyPermitsAsThereAre() {
		Ownership first = resultOf(this.semaphore.acquireAsync());
		resultOf(this.semaphore.acquireAsync());
		CompletableFuture<Ownership> third = this.semaphore.acquireAsync();
		this.store.awaitWatches(1);
		assertThat(third).isNotDone();
		assertThat(this.store.keys()).hasSize(3).allMatch((key) -> key.matches("permits/[0-9]{19}"));

		assertThat(first.release()).isTrue();

		assertThat(resultOf(third).isHeld()).isTrue();
		this.store.awaitWatches(0);
	}

	@Test
	void givesPermitsInTheOrderOfTheKeys() {
		List<Ownership> held = List.of(resultOf(this.semaphore.acquireAsync()),
				resultOf(this.semaphore.acquireAsync()));
		List<CompletableFuture<Ownership>> waiting = IntStream.range(0, 4).mapToObj((i) -> {
			CompletableFuture<Ownership> next = this.semaphore.acquireAsync();
			this.store.awaitWatches(i + 1);
			return next;
		}).toList();

		held.get(1).release();
		assertThat(resultOf(waiting.get(0)).isHeld()).isTrue();
		assertThat(waiting.subList(1, 4)).noneMatch(CompletableFuture::isDone);
		resultOf(waiting.get(0)).release();
		assertThat(resultOf(waiting.get(1)).isHeld()).isTrue();
		held.get(0).release();
		assertThat(resultOf(waiting.get(2)).isHeld()).isTrue();
		assertThat(waiting.get(3)).isNotDone();
	}

	@Test
	void wakesNobodyWhoseTurnCannotHaveCome() {
		List<CompletableFuture<Ownership>> all = IntStream.range(0, 7).mapToObj((i) -> {
			CompletableFuture<Ownership> next = this.semaphore.acquireAsync();
			await().until(() -> next.isDone() || this.store.watches() == i - 1);
			return next;
		}).toList();
		int before = this.member.txn().count();

		resultOf(all.get(0)).release();

		assertThat(resultOf(all.get(2)).isHeld()).isTrue();
		// the deletion, and a look of each of two at most that had it before them nearest
		assertThat(this.member.txn().count() - before).isLessThanOrEqualTo(3);
	}

	@Test
	void takesNoPermitWhenItWasCancelledWhileItWaited() {
		Ownership first = resultOf(this.semaphore.acquireAsync());
		resultOf(this.semaphore.acquireAsync());
		CompletableFuture<Ownership> third = this.semaphore.acquireAsync();
		this.store.awaitWatches(1);

		third.cancel(false);
		await().until(() -> this.store.keys().size() == 2);
		first.release();

		assertThat(this.store.keys()).hasSize(1);
		this.store.awaitWatches(0);
	}

	@Test
	void takesNoPermitWhenItsTimeWasUp() {
		resultOf(this.semaphore.acquireAsync());
		resultOf(this.semaphore.acquireAsync());
		CompletableFuture<Optional<Ownership>> third = this.semaphore.tryAcquireAsync(Duration.ofSeconds(3));
		this.store.awaitWatches(1);

		this.clock.advance(Duration.ofSeconds(3));

		assertThat(resultOf(third)).isEmpty();
		await().until(() -> this.store.keys().size() == 2);
	}

	@Test
	void takesAPermitWithoutWaitingIfOneIsFree() {
		assertThat(resultOf(this.semaphore.tryAcquireAsync(Duration.ZERO))).isPresent();
		assertThat(resultOf(this.semaphore.tryAcquireAsync(Duration.ZERO))).isPresent();

		assertThat(resultOf(this.semaphore.tryAcquireAsync(Duration.ZERO))).isEmpty();

		await().until(() -> this.store.keys().size() == 2);
	}

	@Test
	void judgesByItsOwnNumberWhenOthersHaveAnother() {
		EtcdSemaphore wider = EtcdSemaphore.of(this.session, "permits", 3);
		resultOf(this.semaphore.acquireAsync());
		resultOf(this.semaphore.acquireAsync());

		assertThat(resultOf(this.semaphore.tryAcquireAsync(Duration.ZERO))).isEmpty();
		assertThat(resultOf(wider.tryAcquireAsync(Duration.ZERO))).isPresent();
		assertThat(resultOf(wider.tryAcquireAsync(Duration.ZERO))).isEmpty();
	}

	@Test
	void takesOnePermitWhenTheAnswerToItsTransactionIsLost() {
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(Status.UNAVAILABLE.withDescription("etcdserver: request timed out"));
		});

		CompletableFuture<Ownership> permit = this.semaphore.acquireAsync();
		this.clock.passDelaysUntil(permit::isDone, Duration.ofMillis(100));

		assertThat(this.store.keys()).containsExactly(resultOf(permit).key().toUtf8());
	}

	@Test
	void failsWhenItsKeyIsDeletedBySomebodyElseWhileItWaits() {
		Ownership first = resultOf(this.semaphore.acquireAsync());
		resultOf(this.semaphore.acquireAsync());
		CompletableFuture<Ownership> third = this.semaphore.acquireAsync();
		this.store.awaitWatches(1);

		this.store.delete(this.store.keys().get(2));
		first.release();

		assertThat(failureOf(third)).isInstanceOf(LeaseLostException.class);
	}

	@Test
	void isNoLongerHeldWhenTheLeaseIsLost() {
		Ownership permit = resultOf(this.semaphore.acquireAsync());

		this.clock.jump(TTL);

		assertThat(permit.isHeld()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1001 })
	void refusesANumberOutOfItsRange(int permits) {
		assertThatIllegalArgumentException().isThrownBy(() -> EtcdSemaphore.of(this.session, "permits", permits))
			.withMessage("permits: " + permits + " (expected: 1 to 1000)");
	}

}
