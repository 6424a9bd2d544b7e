/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.QueueStore;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.lease.LeaseEnd;
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
 * Tests of {@link EtcdReadWriteLock}: who waits for whom, and what becomes of a wait that
 * is given up, or whose answers are lost.
 */
class EtcdReadWriteLockTests {

	private static final Duration TTL = Duration.ofSeconds(60);

	private static final Status LOST = Status.UNAVAILABLE.withDescription("etcdserver: request timed out");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final FakeClock clock = new FakeClock();

	private ScriptedEtcd member;

	private QueueStore store;

	private EtcdReadWriteLock lock;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.store = new QueueStore().serve(this.member).serveWatches(this.member);
		this.lock = EtcdReadWriteLock.of(session(), "lock");
	}

	private Session session() {
		return this.cluster.session(this.cluster.client(this.clock, this.member), TTL);
	}

	@Test
	void isHeldByManyReadersAtOnce() {
		Ownership first = resultOf(this.lock.lockReadAsync());
		Ownership second = resultOf(this.lock.lockReadAsync());

		assertThat(first.isHeld()).isTrue();
		assertThat(second.isHeld()).isTrue();
		assertThat(this.store.keys()).hasSize(2).allMatch((key) -> key.matches("lock/read/[0-9]{19}"));
		assertThat(this.member.txn().count()).isEqualTo(2);
	}

	@Test
	void namesTheKeyOfAWriterAsGoDoes() {
		Ownership write = resultOf(this.lock.lockWriteAsync());

		assertThat(this.store.keys()).singleElement().asString().matches("lock/write/[0-9]{19}");
		assertThat(write.key().toUtf8()).isEqualTo(this.store.keys().get(0));
	}

	@Test
	void letsAWriterWaitForEveryReaderBeforeIt() {
		Ownership first = resultOf(this.lock.lockReadAsync());
		Ownership second = resultOf(this.lock.lockReadAsync());
		CompletableFuture<Ownership> write = this.lock.lockWriteAsync();
		this.store.awaitWatches(1);

		assertThat(second.release()).isTrue();
		await().until(() -> this.member.watch().awaitStream(0).messages().size() >= 3);
		assertThat(write).isNotDone();
		assertThat(first.release()).isTrue();

		assertThat(resultOf(write).token()).isGreaterThan(second.token());
		this.store.awaitWatches(0);
	}

	@Test
	void letsAReaderWaitForTheWriterBeforeItOnly() {
		Ownership read = resultOf(this.lock.lockReadAsync());
		this.store.put("lock/write/1");
		CompletableFuture<Ownership> second = this.lock.lockReadAsync();
		this.store.awaitWatches(1);

		var watch = this.member.watch().awaitStream(0).awaitMessage(0).getCreateRequest();
		assertThat(watch.getKey().toStringUtf8()).isEqualTo("lock/write/1");
		assertThat(watch.getRangeEnd().isEmpty()).isTrue();
		assertThat(second).isNotDone();
		this.store.delete("lock/write/1");

		assertThat(resultOf(second).isHeld()).isTrue();
		assertThat(read.isHeld()).isTrue();
	}

	@Test
	void neverHoldsWhenItWasCancelledWhileItWaited() {
		Ownership write = resultOf(this.lock.lockWriteAsync());
		CompletableFuture<Ownership> read = this.lock.lockReadAsync();
		this.store.awaitWatches(1);

		read.cancel(false);

		await().until(() -> this.store.keys().size() == 1);
		this.store.awaitWatches(0);
		assertThat(write.release()).isTrue();
		assertThat(this.store.keys()).isEmpty();
	}

	@Test
	void neverHoldsWhenItsTimeWasUp() {
		resultOf(this.lock.lockReadAsync());
		CompletableFuture<Optional<Ownership>> write = this.lock.tryLockWriteAsync(Duration.ofSeconds(5));
		this.store.awaitWatches(1);

		this.clock.advance(Duration.ofSeconds(5));

		assertThat(resultOf(write)).isEmpty();
		await().until(() -> this.store.keys().size() == 1);
		this.store.awaitWatches(0);
	}

	@Test
	void leavesNoKeyWhenItIsNotFreeAndNotWaitedFor() {
		resultOf(this.lock.lockReadAsync());

		assertThat(resultOf(this.lock.tryLockWriteAsync(Duration.ZERO))).isEmpty();

		await().until(() -> this.store.keys().size() == 1);
		assertThat(resultOf(this.lock.tryLockReadAsync(Duration.ZERO))).isPresent();
	}

	@Test
	void deletesItsKeyWhenItIsCancelledWhileItsTransactionIsUnderWay() {
		this.member.txn().thenHold();
		CompletableFuture<Ownership> write = this.lock.lockWriteAsync();
		var held = this.member.txn().awaitCall(0);

		write.cancel(false);
		held.answer(this.store.commit(held.request()));

		this.member.txn().awaitCall(1);
		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void deletesItsKeyWhenItIsCreatedAfterItWasGivenUp() {
		this.member.txn().thenHold();
		CompletableFuture<Ownership> write = this.lock.lockWriteAsync();
		var late = this.member.txn().awaitCall(0);
		write.cancel(false);
		late.fail(LOST);
		this.member.txn().awaitCall(1);
		await().until(() -> this.clock.delaysUpTo(Duration.ofSeconds(2))
			.stream()
			.anyMatch((delay) -> delay.compareTo(Duration.ofMillis(800)) > 0));
		this.store.commit(late.request());
		assertThat(this.store.keys()).hasSize(1);

		this.clock.advance(Duration.ofSeconds(2));

		await().until(() -> this.store.keys().isEmpty());
	}

	@Test
	void holdsOnceWhenTheAnswerToItsTransactionIsLost() {
		this.member.txn().then((call) -> {
			this.store.commit(call.request());
			call.fail(LOST);
		});

		CompletableFuture<Ownership> write = this.lock.lockWriteAsync();
		this.clock.passDelaysUntil(write::isDone, Duration.ofMillis(100));

		assertThat(resultOf(write).token()).isEqualTo(ScriptedEtcd.REVISION + 1);
		assertThat(this.store.keys()).containsExactly(resultOf(write).key().toUtf8());
	}

	@Test
	void takesAnotherKeyWhenSomebodyHasTheOneItMadeUp() {
		this.member.txn().then((call) -> {
			this.store.put(call.request().getCompare(0).getKey().toStringUtf8());
			call.answer(this.store.commit(call.request()));
		});

		Ownership read = resultOf(this.lock.lockReadAsync());

		assertThat(this.store.keys()).hasSize(2).contains(read.key().toUtf8());
		assertThat(read.release()).isTrue();
		assertThat(this.store.keys()).hasSize(1);
	}

	@Test
	void failsWhenTheLeaseIsLostWhileItWaits() {
		this.store.put("lock/write/1");
		CompletableFuture<Ownership> read = this.lock.lockReadAsync();
		this.store.awaitWatches(1);
		this.clock.advance(TTL.dividedBy(3));
		var renewals = this.member.keepAlive().awaitStream(0);

		renewals.send(LeaseKeepAliveResponse.newBuilder().setID(renewals.awaitMessage(0).getID()).build());

		assertThat(failureOf(read)).isInstanceOf(LeaseLostException.class);
		this.store.awaitWatches(0);
	}

	@Test
	void isNoLongerHeldWhenTheLeaseIsLost() {
		Ownership read = resultOf(this.lock.lockReadAsync());
		Ownership other = resultOf(this.lock.lockReadAsync());

		this.clock.jump(TTL);

		assertThat(read.isHeld()).isFalse();
		assertThat(other.isHeld()).isFalse();
		assertThat(resultOf(read.lost())).isEqualTo(LeaseEnd.EXPIRED);
		assertThat(read.release()).isFalse();
	}

	@Test
	void failsWhenItsKeyIsDeletedBySomebodyElseWhileItWaits() {
		this.store.put("lock/read/1");
		CompletableFuture<Ownership> write = this.lock.lockWriteAsync();
		this.store.awaitWatches(1);

		this.store.delete(this.store.keys().get(1));
		this.store.delete("lock/read/1");

		assertThat(failureOf(write)).isInstanceOf(LeaseLostException.class)
			.hasMessageContaining("was deleted while it waited for its turn");
	}

	@Test
	void isInterruptedWhileItWaits() throws Exception {
		resultOf(this.lock.lockReadAsync());
		CompletableFuture<Throwable> thrown = new CompletableFuture<>();
		Thread waiter = new Thread(() -> {
			try {
				this.lock.lockWrite();
			}
			catch (InterruptedException ex) {
				thrown.complete(ex);
			}
		});
		waiter.start();
		this.store.awaitWatches(1);

		waiter.interrupt();

		assertThat(resultOf(thrown)).isInstanceOf(InterruptedException.class);
		await().until(() -> this.store.keys().size() == 1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "lock/" })
	void refusesANameThatIsNone(String name) {
		Session session = session();

		assertThatIllegalArgumentException().isThrownBy(() -> EtcdReadWriteLock.of(session, name))
			.withMessage("lock name: '" + name + "' (expected: at least one character, no '/' at the end)");
	}

}
