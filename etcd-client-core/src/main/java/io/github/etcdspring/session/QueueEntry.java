/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseLostException;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.Clearing;
import io.github.etcdspring.internal.EventWait;
import io.github.etcdspring.internal.Failures;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.Txn;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lease.KeepAlive;
import io.github.etcdspring.lease.LeaseEnd;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a queue in etcd, from the transaction that creates its key to the one that
 * deletes it.
 * <p>
 * The key is attached to the lease, and named by it or like none other, so that the
 * transaction that creates it can be repeated when its answer was lost: it finds the key
 * and its revision. Whoever does not own waits for the deletion of one of the nearest
 * keys before its own, as many as there are places, and then looks again, at its own key
 * too: the wait may have outlived the lease. Whoever gives up deletes its key, and only
 * after the transaction that may create it has ended. All of it runs where the library's
 * own steps are made, or where a call ends; none of it blocks.
 */
final class QueueEntry {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), 2, Duration.ofSeconds(1), 0.5);

	private final EtcdClient client;

	private final KeepAlive lease;

	private final Place place;

	private final ByteSequence key;

	private final ByteSequence value;

	private final EntryRequests requests;

	private final CompletableFuture<Optional<Ownership>> result = new CompletableFuture<>();

	private final KeyRemoval removal;

	private final CompletableFuture<LeaseEnd> lost = new CompletableFuture<>();

	/** Orders giving up and creating the key; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	/** The transaction that may create the key. Guarded by lock. */
	private CompletableFuture<TxnResult> creation = new CompletableFuture<>();

	/** The revision that created the key, 0 while it is not known. */
	private volatile long token;

	private volatile @Nullable EventWait wait;

	private volatile int failures;

	private volatile boolean mayAppearLate;

	/**
	 * Makes an entry that goes nowhere yet.
	 * @param client the view for the library's own steps
	 * @param removal deletes its key
	 */
	QueueEntry(EtcdClient client, KeepAlive lease, Place place, ByteSequence value, KeyRemoval removal) {
		this.client = client;
		this.lease = lease;
		this.place = place;
		this.key = place.key();
		this.value = value;
		this.requests = new EntryRequests(client.kv(), lease.lease(), place, value);
		this.removal = removal;
		this.result.whenComplete((ownership, failure) -> {
			if (failure != null) {
				leave();
			}
		});
	}

	/**
	 * Completes with the place; with nothing if it was wanted only if free, and is not.
	 */
	CompletableFuture<Optional<Ownership>> result() {
		return this.result;
	}

	/** Returns the removal of the key. */
	KeyRemoval removal() {
		return this.removal;
	}

	/**
	 * Whether a transaction that creates the key may still come into effect, after the
	 * key is gone.
	 */
	boolean mayAppearLate() {
		return this.mayAppearLate;
	}

	/**
	 * Completes when the lease ends while the key stands; for each who asks in a task of
	 * its own, so that none delays another.
	 */
	CompletionStage<LeaseEnd> lost() {
		return HandedOff.ofShared(this.lost, OwnSteps.usersOf(this.client));
	}

	/** Takes the word that the lease has ended, and the key with it. */
	void leaseEnded(LeaseEnd reason) {
		if (!this.result
			.completeExceptionally(leaseLost("waiting for " + this.place.rivals().start() + ": " + reason, null))) {
			this.removal.leaseEnded();
		}
		this.lost.complete(reason);
	}

	/**
	 * Takes the word that the lease is left to others. Who owns is gone on with; who
	 * waits leaves the queue, since nobody would know of it.
	 * @return completes once no key is left that is to go
	 */
	CompletableFuture<?> leaseLeft() {
		this.result.completeExceptionally(
				leaseLost("waiting for " + this.place.rivals().start() + ": " + LeaseEnd.STOPPED, null));
		if (owns() && !this.removal.isBegun()) {
			return CompletableFuture.completedFuture(null);
		}
		this.removal.leaseLeft();
		return this.removal.told();
	}

	/** Only once the result is there. */
	private boolean owns() {
		return !this.result.isCompletedExceptionally() && this.result.join().isPresent();
	}

	private static LeaseLostException leaseLost(String circumstance, @Nullable Throwable cause) {
		return new LeaseLostException(
				FailureDetails.local("lost the lease while " + circumstance, StatusCode.FAILED_PRECONDITION), cause);
	}

	void enter() {
		create(this.requests.enter(), (created) -> entered(created, this::lookAhead));
	}

	/** Enters, and leaves unless it owns at once. */
	void enterOrLeave() {
		create(this.requests.enter(), (created) -> entered(created, this::sweep));
	}

	void enterIfFree() {
		create(this.requests.enterIfFree(), this::enteredIfFree);
	}

	private void create(Txn txn, Consumer<TxnResult> continuation) {
		CompletableFuture<TxnResult> creation;
		boolean wanted;
		this.lock.lock();
		try {
			wanted = !this.result.isDone();
			creation = wanted ? HandedOff.direct(txn.commitAsync()) : this.creation;
			this.creation = creation;
		}
		finally {
			this.lock.unlock();
		}
		if (wanted) {
			creation.whenComplete((created, failure) -> {
				noteFate(failure);
				// most own now: no other thread is woken for that
				boolean here = failure == null && created.succeeded();
				Executor executor = here ? Runnable::run : this.client.callbackExecutor();
				executor.execute(() -> goOn(created, failure, continuation, () -> create(txn, continuation)));
			});
		}
		else if (!creation.isDone()) {
			// given up before anything was asked of etcd: there is no key to delete
			this.removal.notNeeded();
		}
	}

	/** Before anything follows from the end of a creation. */
	private void noteFate(@Nullable Throwable failure) {
		if (Failures.isUnknown(failure)) {
			this.mayAppearLate = true;
		}
	}

	private void entered(TxnResult created, Runnable waiting) {
		Optional<KeyValue> found = created.succeeded() ? Optional.empty() : created.range(0).first();
		if (found.isPresent() && isOthers(found.get())) {
			this.removal.notNeeded();
			fail(new KeyTakenException(this.key));
			return;
		}
		if (found.isPresent() && !found.get().value().equals(this.value)) {
			sayAnew(found.get(), () -> create(this.requests.enter(), (again) -> entered(again, waiting)));
			return;
		}
		this.token = found.map(KeyValue::createRevision).orElse(created.revision());
		List<KeyValue> first = created.range(1).kvs();
		if (first.size() < this.place.places() || first.get(this.place.places() - 1).createRevision() >= this.token) {
			own(this.token);
		}
		else {
			waiting.run();
		}
	}

	/** What an earlier process left behind says something else. */
	private void sayAnew(KeyValue found, Runnable again) {
		this.requests.sayAnew(found)
			.commitAsync()
			.whenComplete((said, failure) -> goOn(said, failure, (done) -> again.run(), again));
	}

	private boolean isOthers(KeyValue found) {
		return this.place.chosen() && !found.lease().equals(this.lease.lease());
	}

	private void enteredIfFree(TxnResult created) {
		if (created.succeeded()) {
			own(created.revision());
			return;
		}
		Optional<KeyValue> own = created.range(0).first();
		Optional<KeyValue> first = created.range(1).first();
		if (own.isEmpty()) {
			this.removal.notNeeded();
			this.result.complete(Optional.empty());
		}
		else if (!own.equals(first)) {
			// a key that an earlier entry could not delete, behind another's
			sweep();
		}
		else if (own.get().value().equals(this.value)) {
			own(own.get().createRevision());
		}
		else {
			sayAnew(own.get(), this::enterIfFree);
		}
	}

	/** Deletes the key, whoever created it, and says then that it does not own. */
	void sweep() {
		remove();
		Clearing.then(this.removal.told(), this.client.scheduler(), this.client.callbackExecutor(),
				() -> this.result.complete(Optional.empty()));
	}

	private void own(long token) {
		this.token = token;
		if (!this.lease.isAlive()) {
			// the answer took longer than the lease lives
			fail(leaseLost("entering " + this.place.rivals().start(), null));
			return;
		}
		this.result.complete(Optional.of(new Ownership(this.key, token, this.lease, this)));
	}

	/** Reads the own key and the nearest rivals before it, at one revision. */
	private void lookAhead() {
		if (this.result.isDone()) {
			return;
		}
		this.requests.lookAhead(this.token)
			.commitAsync()
			.whenComplete((found, failure) -> goOn(found, failure, this::lookedAhead, this::lookAhead));
	}

	/** A watch that ends at once each time must not make this go round and round. */
	private void lookAheadLater() {
		OwnSteps.later(this.client, this::lookAhead, nextDelay());
	}

	private void lookedAhead(TxnResult found) {
		boolean standing = found.range(0).first().filter((own) -> own.createRevision() == this.token).isPresent();
		if (!standing) {
			fail(new LeaseLostException(
					FailureDetails.local("the key " + this.key + " was deleted while it waited for its turn",
							StatusCode.FAILED_PRECONDITION),
					null));
			return;
		}
		List<KeyValue> before = found.range(1).kvs();
		if (before.size() < this.place.places()) {
			own(this.token);
		}
		else {
			await(before.stream().map(KeyValue::key).collect(Collectors.toUnmodifiableSet()), found.revision() + 1);
		}
	}

	/** As long as all of these stand there is no place. */
	private void await(Set<ByteSequence> nearest, long revision) {
		KeyRange range = (nearest.size() == 1) ? KeyRange.key(nearest.iterator().next()) : this.place.rivals();
		EventWait wait = new EventWait((event) -> event instanceof WatchEvent.Delete && nearest.contains(event.key()),
				this::lookAhead, this::lookAheadLater);
		this.wait = wait;
		wait.open(this.client.watch(), WatchRequest.of(range).withoutPuts().from(revision));
		if (this.result.isDone()) {
			wait.close();
		}
	}

	private void goOn(TxnResult answer, @Nullable Throwable failure, Consumer<TxnResult> continuation, Runnable again) {
		if (this.result.isDone()) {
			// given up: whoever did so sees to the key
			return;
		}
		if (failure == null) {
			this.failures = 0;
			continuation.accept(answer);
		}
		else if (this.lease.isAlive() && Failures.mayPass(failure)) {
			OwnSteps.later(this.client, again, nextDelay());
		}
		else if (failure instanceof LeaseNotFoundException) {
			// the server knows before the keep-alive does
			fail(leaseLost("entering " + this.place.rivals().start(), failure));
		}
		else {
			fail(failure);
		}
	}

	private Duration nextDelay() {
		int failures = this.failures + 1;
		this.failures = failures;
		return BACKOFF.delay(failures);
	}

	private void fail(Throwable failure) {
		this.result.completeExceptionally(failure);
	}

	private void leave() {
		EventWait wait = this.wait;
		if (wait != null) {
			wait.close();
		}
		CompletableFuture<TxnResult> creation;
		this.lock.lock();
		try {
			creation = this.creation;
		}
		finally {
			this.lock.unlock();
		}
		creation.whenComplete((created, failure) -> {
			noteFate(failure);
			if (failure != null && !Failures.mayPass(failure) && !this.mayAppearLate) {
				// etcd refused to create the key
				this.removal.notNeeded();
			}
			else {
				remove();
			}
		});
	}

	/** Deletes the key. */
	void remove() {
		this.removal.begin(this.token);
	}

}
