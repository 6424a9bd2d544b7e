/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.FencedCounter;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;

import static org.awaitility.Awaitility.await;

/**
 * The owners of a lock or of a leadership, one after the other, and what is wrong with
 * them. Each counts in etcd under its token (P5, L2): no update is lost, no old token
 * taken. Tokens rise, and nobody claims to own what another was given after it (P4, L1,
 * E1). Thread-safe.
 */
final class FencedOwners {

	private static final String COUNTER = "counter";

	private final EtcdClient observer;

	private final KeySpace keys;

	private final long from;

	private final AtomicLong highestToken = new AtomicLong();

	private final Set<Long> tokens = ConcurrentHashMap.newKeySet();

	/** For each token, whether its owner claims to own. */
	private final Map<Long, BooleanSupplier> standing = new ConcurrentHashMap<>();

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	private final Queue<ByteSequence> acknowledged = new ConcurrentLinkedQueue<>();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger failed = new AtomicInteger();

	private final AtomicInteger unknown = new AtomicInteger();

	FencedOwners(EtcdClient observer, KeySpace keys) {
		this.observer = observer;
		this.keys = keys;
		this.from = observer.kv().put(keys.name("first"), "").revision() + 1;
	}

	/** The highest token that anybody has been given so far. */
	long highestToken() {
		return this.highestToken.get();
	}

	/**
	 * Takes the word that somebody owns now.
	 * @param token what it was given
	 * @param before the highest token when it began to wait
	 */
	void begins(long token, long before) {
		if (token <= before) {
			this.violations.add("token " + token + " was given to one that came after " + before);
		}
		if (!this.tokens.add(token)) {
			this.violations.add("token " + token + " was given twice");
		}
		this.standing.forEach((other, claim) -> {
			if (other < token && claim.getAsBoolean()) {
				this.violations.add("token " + token + " was given while the owner with " + other + " claims to own");
			}
		});
		this.highestToken.accumulateAndGet(token, Math::max);
	}

	/**
	 * Wants an owner to claim nothing any more, by itself, when another owns.
	 */
	void stands(long token, BooleanSupplier claim) {
		this.standing.put(token, claim);
	}

	/** Whoever claims to own has seen nobody be given a higher token before that. */
	void checkClaim(long token, BooleanSupplier claim) {
		long highest = this.highestToken.get();
		if (highest > token && claim.getAsBoolean()) {
			this.violations.add("the owner with token " + token + " claims to own after " + highest + " was given");
		}
	}

	/**
	 * Adds one to the counter: reads it, lets something happen, and writes it.
	 * @param client the owner's
	 * @param guard makes the write fail when it is no longer the owner
	 * @param token the owner's
	 * @param meanwhile what happens
	 */
	void count(EtcdClient client, Compare guard, long token, Runnable meanwhile) {
		try {
			long number = FencedCounter.number(client.kv().get(this.keys.name(COUNTER)).first().map(KeyValue::value));
			ByteSequence next = FencedCounter.value(number + 1, token);
			meanwhile.run();
			PutRequest put = PutRequest.of(this.keys.key(COUNTER), next);
			if (client.kv().txn().when(guard).then(put).commit().succeeded()) {
				this.acknowledged.add(next);
			}
			else {
				this.refused.incrementAndGet();
			}
		}
		catch (EtcdException ex) {
			((ex.outcome() == Outcome.UNKNOWN) ? this.unknown : this.failed).incrementAndGet();
		}
	}

	/** The control: a guard that lets everything pass. */
	Compare noGuard() {
		return Compare.absent(this.keys.key("nobody"));
	}

	/**
	 * Waits until somebody has been given a higher token, or it makes no sense to wait.
	 */
	void awaitNext(long token, BooleanSupplier over) {
		await().alias("an owner after the one with token " + token)
			.pollInterval(Duration.ofMillis(5))
			.atMost(Duration.ofSeconds(20))
			.until(() -> this.highestToken.get() > token || over.getAsBoolean());
	}

	/** What is wrong with all of them; empty if nothing is. */
	List<String> objections() {
		long last = this.observer.kv().get(this.keys.name(COUNTER)).revision();
		History history = History.read(this.observer, this.keys.only(COUNTER), this.from, last);
		List<String> objections = new ArrayList<>(this.violations);
		objections.addAll(FencedCounter.objections(history, List.copyOf(this.acknowledged)));
		return objections;
	}

	/** How many there were. */
	int number() {
		return this.tokens.size();
	}

	/** How many increments were written. */
	int acknowledged() {
		return this.acknowledged.size();
	}

	/** How many increments came too late. */
	int refused() {
		return this.refused.get();
	}

	@Override
	public String toString() {
		return number() + " owners; increments: " + acknowledged() + " ok, " + refused() + " refused, "
				+ this.failed.get() + " not applied, " + this.unknown.get() + " unknown";
	}

}
