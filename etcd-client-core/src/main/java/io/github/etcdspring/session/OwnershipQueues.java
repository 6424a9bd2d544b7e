/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.lease.KeepAlive;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who want one prefix within one session go to etcd one after the other: they
 * share a lease, so they would share a key. A turn is over when its key is gone, or its
 * lease. Those who have keys of their own go at once. Thread-safe.
 */
final class OwnershipQueues {

	/** From 1 s to 8 min after the deletion, which makes 17 min. */
	private static final Backoff SWEEP_PAUSE = new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.1);

	private static final int MAX_SWEEPS = 10;

	/** The library's own steps. */
	private final EtcdClient client;

	/** For the removal of keys. */
	private final EtcdClient impatient;

	private final SessionLease lease;

	/** Guards the field below; never held while anything waits. */
	private final ReentrantLock lock = new ReentrantLock();

	/** For each prefix, whose turn it is, followed by who waits here. */
	private final Map<ByteSequence, Deque<Turn>> turns = new HashMap<>();

	/** For each prefix, why the key of the last turn cannot be deleted. */
	private final Map<ByteSequence, Throwable> refusals = new ConcurrentHashMap<>();

	/** Whether the lease is left to others, who know nothing of those who wait. */
	private volatile boolean left;

	private final Map<KeepAlive, LeaseEntries> entries = new ConcurrentHashMap<>();

	/** The keys that may appear late, and how often each has been swept since. */
	private final Map<Sweep, Integer> sweeps = new ConcurrentHashMap<>();

	OwnershipQueues(EtcdClient client, SessionLease lease) {
		this.client = client;
		this.impatient = KeyRemoval.impatient(client);
		this.lease = lease;
	}

	CompletableFuture<Ownership> enter(ByteSequence prefix, ByteSequence value) {
		Turn turn = Turn.of(checked(prefix), value, this::patiently, QueueEntry::enter);
		add(turn);
		return handOff(turn);
	}

	/** Lets one go to etcd whose key is its own: it waits for nobody here. */
	CompletableFuture<Ownership> enter(Contender contender) {
		Turn turn = Turn.of(contender, this::patiently, QueueEntry::enter);
		begin(turn);
		return handOff(turn);
	}

	CompletableFuture<Optional<Ownership>> tryEnter(Contender contender) {
		Turn turn = Turn.of(contender, this::impatiently, QueueEntry::enterOrLeave);
		begin(turn);
		return handOffAttempt(turn);
	}

	CompletableFuture<Optional<Ownership>> tryEnter(ByteSequence prefix, ByteSequence value) {
		Turn turn = Turn.of(checked(prefix), value, this::impatiently, QueueEntry::enterIfFree);
		boolean first;
		this.lock.lock();
		try {
			Deque<Turn> queue = this.turns.get(prefix);
			boolean free = queue == null || queue.stream().allMatch(Turn::isSweep);
			if (!free && !this.refusals.containsKey(prefix)) {
				return CompletableFuture.completedFuture(Optional.empty());
			}
			first = enqueue(turn);
		}
		finally {
			this.lock.unlock();
		}
		beginOrWait(turn, first);
		return handOffAttempt(turn);
	}

	private void add(Turn turn) {
		boolean first;
		this.lock.lock();
		try {
			first = enqueue(turn);
		}
		finally {
			this.lock.unlock();
		}
		beginOrWait(turn, first);
	}

	private boolean enqueue(Turn turn) {
		Deque<Turn> queue = this.turns.computeIfAbsent(turn.prefix(), (key) -> new ArrayDeque<>());
		queue.add(turn);
		return queue.size() == 1;
	}

	private void beginOrWait(Turn turn, boolean first) {
		if (first) {
			begin(turn);
			return;
		}
		turn.result().whenComplete((ownership, failure) -> dropIfWaiting(turn));
		Throwable refusal = this.refusals.get(turn.prefix());
		if (refusal != null) {
			turn.result().completeExceptionally(refusal);
		}
	}

	/** Nobody here has a turn as long as etcd refuses to delete the key of the last. */
	private void refused(Turn turn, QueueEntry entry, Throwable refusal) {
		List<Turn> waiting;
		this.lock.lock();
		try {
			Deque<Turn> queue = this.turns.get(turn.prefix());
			if (queue == null || !turn.equals(queue.peek()) || entry.removal().gone().isDone()) {
				return;
			}
			this.refusals.put(turn.prefix(), refusal);
			waiting = queue.stream().skip(1).toList();
		}
		finally {
			this.lock.unlock();
		}
		waiting.forEach((next) -> next.result().completeExceptionally(refusal));
	}

	private CompletableFuture<KeepAlive> patiently() {
		return this.lease.await(true);
	}

	/** Waits for one try at granting a lease only. */
	private CompletableFuture<KeepAlive> impatiently() {
		return this.lease.await(false);
	}

	private CompletableFuture<Ownership> handOff(Turn turn) {
		return HandedOff.of(turn.result(), Optional::orElseThrow, OwnSteps.usersOf(this.client),
				Ownership::releaseAsync, turn.cleared());
	}

	private CompletableFuture<Optional<Ownership>> handOffAttempt(Turn turn) {
		return HandedOff.of(turn.result(), Function.identity(), OwnSteps.usersOf(this.client),
				(late) -> late.ifPresent(Ownership::releaseAsync), turn.cleared());
	}

	/**
	 * Takes the word that the lease is left to others.
	 * @return completes once those who wait have left their queues
	 */
	CompletableFuture<?> leaseLeft() {
		this.left = true;
		return CompletableFuture
			.allOf(this.entries.values().stream().map(LeaseEntries::leaseLeft).toArray(CompletableFuture[]::new));
	}

	/** Takes away a wish that was given up before its turn. */
	private void dropIfWaiting(Turn turn) {
		this.lock.lock();
		try {
			Deque<Turn> queue = this.turns.get(turn.prefix());
			if (queue != null && !turn.equals(queue.peek())) {
				queue.remove(turn);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private static ByteSequence checked(ByteSequence prefix) {
		if (prefix.size() < 2 || prefix.byteAt(prefix.size() - 1) != '/') {
			throw new IllegalArgumentException("prefix: '" + prefix + "' (expected: a name followed by '/')");
		}
		return prefix;
	}

	private void begin(Turn turn) {
		CompletableFuture<KeepAlive> lease = turn.lease();
		turn.result().whenComplete((ownership, failure) -> {
			if (failure != null) {
				lease.cancel(false);
			}
		});
		lease.whenComplete((alive, failure) -> {
			if (failure != null) {
				over(turn);
				turn.result().completeExceptionally(failure);
			}
			else {
				enter(turn, alive);
			}
		});
	}

	private void enter(Turn turn, KeepAlive lease) {
		Place place;
		try {
			place = turn.placeOn(lease);
		}
		catch (Throwable ex) {
			// the code of whoever contends, which makes up the key
			over(turn);
			turn.result().completeExceptionally(ex);
			return;
		}
		KeyRemoval removal = new KeyRemoval(this.impatient, lease, place.key());
		QueueEntry entry = new QueueEntry(this.client, lease, place, turn.value(), removal);
		turn.entered(entry);
		entry.result().whenComplete((ownership, failure) -> {
			if (failure instanceof KeyTakenException) {
				enter(turn, lease);
			}
			else if (failure != null) {
				turn.result().completeExceptionally(failure);
			}
			else if (!turn.result().complete(ownership)) {
				ownership.ifPresent(Ownership::releaseAsync);
			}
		});
		entry.removal().told().whenComplete((removed, failure) -> {
			if (failure != null) {
				refused(turn, entry, failure);
			}
		});
		entry.removal().gone().whenComplete((removed, failure) -> {
			over(turn);
			if (entry.mayAppearLate()) {
				keepSwept(new Sweep(turn.prefix(), place, lease));
			}
		});
		this.entries.computeIfAbsent(lease, this::entriesOf).add(entry);
		if (this.left) {
			entry.leaseLeft();
		}
		turn.result().whenComplete((ownership, failure) -> {
			if (failure != null) {
				entry.result().cancel(false);
			}
		});
		turn.start(entry);
	}

	/**
	 * Deletes the key again after a while: a transaction whose fate is unknown, held up
	 * in a member that was paused, may have created it after it was deleted. Nobody would
	 * know of it, and others would wait for it as long as the lease lives.
	 */
	private void keepSwept(Sweep sweep) {
		// one series for a key, which begins anew with each that may appear late
		if (this.sweeps.put(sweep, 0) == null) {
			sweepLater(sweep);
		}
	}

	private void sweepLater(Sweep sweep) {
		@Nullable Integer number = this.sweeps.computeIfPresent(sweep,
				(key, made) -> (made < MAX_SWEEPS && key.lease().isAlive()) ? made + 1 : null);
		if (number != null) {
			OwnSteps.later(this.client, () -> sweep(sweep), SWEEP_PAUSE.delay(number));
		}
	}

	private void sweep(Sweep sweep) {
		Turn turn = Turn.sweeping(sweep.prefix(), sweep.place(), sweep.lease());
		turn.result().whenComplete((nothing, failure) -> sweepLater(sweep));
		if (turn.isAlone()) {
			begin(turn);
		}
		else {
			add(turn);
		}
	}

	private LeaseEntries entriesOf(KeepAlive lease) {
		OwnSteps.endOf(lease).thenRun(() -> this.client.callbackExecutor().execute(() -> this.entries.remove(lease)));
		return LeaseEntries.of(lease);
	}

	/**
	 * Begins the next turn; not from here, so that a thousand that fail make no deep
	 * stack.
	 */
	private void over(Turn turn) {
		Turn next;
		this.lock.lock();
		try {
			next = nextAfter(turn);
		}
		finally {
			this.lock.unlock();
		}
		if (next != null) {
			this.client.callbackExecutor().execute(() -> begin(next));
		}
	}

	private @Nullable Turn nextAfter(Turn turn) {
		Deque<Turn> queue = this.turns.get(turn.prefix());
		if (queue == null || !turn.equals(queue.peek())) {
			return null;
		}
		queue.remove();
		this.refusals.remove(turn.prefix());
		if (queue.isEmpty()) {
			this.turns.remove(turn.prefix());
		}
		return queue.peek();
	}

	/** A key that may appear late, by where it stands and the lease it is attached to. */
	private record Sweep(ByteSequence prefix, Place place, KeepAlive lease) {

	}

}
