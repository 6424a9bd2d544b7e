/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StmConflictException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.stm.Stm;
import io.github.etcdspring.stm.StmBody;
import io.github.etcdspring.stm.StmResult;

/**
 * Accounts among which transactions move money, and what is wrong with them. The sum
 * never changes, for whoever reads all accounts, at any time. Each transfer also leaves a
 * slip: the slips explain each balance; one is there for each transfer that was
 * acknowledged, at the revision that was told, and none for one that was refused (P1).
 * Thread-safe.
 */
final class Bank {

	private static final int OPENING = 1000;

	private final EtcdClient observer;

	private final KeySpace keys;

	private final KeySpace slips;

	private final List<ByteSequence> accounts;

	private final Queue<String> violations = new ConcurrentLinkedQueue<>();

	/** The slip of each, and the revision of its commit. */
	private final Map<ByteSequence, Long> acknowledged = new ConcurrentHashMap<>();

	private final Set<ByteSequence> refused = ConcurrentHashMap.newKeySet();

	private final AtomicInteger unknown = new AtomicInteger();

	private final AtomicInteger givenUp = new AtomicInteger();

	private final AtomicInteger audits = new AtomicInteger();

	/** Those of attempts that were not committed among them. */
	private final AtomicInteger sums = new AtomicInteger();

	private final AtomicInteger failedAudits = new AtomicInteger();

	private final AtomicInteger runs = new AtomicInteger();

	private final AtomicInteger attempts = new AtomicInteger();

	Bank(EtcdClient observer, KeySpace keys, int accounts) {
		this.observer = observer;
		this.keys = keys;
		this.slips = new KeySpace(keys.name("slips/"));
		this.accounts = IntStream.range(0, accounts).mapToObj((i) -> keys.key("account-" + i)).toList();
		this.accounts.forEach((account) -> observer.kv().put(account.toUtf8(), Integer.toString(OPENING)));
	}

	/**
	 * Moves money, in one transaction.
	 * @param meanwhile what happens between its reads and its writes
	 */
	void transfer(Stm stm, int from, int to, int amount, Runnable meanwhile) {
		ByteSequence slip = this.slips.key(UUID.randomUUID().toString());
		ByteSequence payer = this.accounts.get(from);
		ByteSequence payee = this.accounts.get(to);
		try {
			this.acknowledged.put(slip, run(stm, (txn) -> {
				List<ByteSequence> balances = List.copyOf(txn.getAll(List.of(payer, payee)).values());
				meanwhile.run();
				txn.put(payer, text(number(balances.get(0)) - amount));
				txn.put(payee, text(number(balances.get(1)) + amount));
				txn.put(slip, ByteSequence.of(from + " " + to + " " + amount));
				return slip;
			}).revision());
		}
		catch (StmConflictException ex) {
			this.givenUp.incrementAndGet();
			this.refused.add(slip);
		}
		catch (EtcdException ex) {
			if (ex.outcome() == Outcome.UNKNOWN) {
				this.unknown.incrementAndGet();
			}
			else {
				this.refused.add(slip);
			}
		}
	}

	/** Reads all accounts, one after the other, in one transaction. */
	void audit(Stm stm) {
		try {
			run(stm, (txn) -> {
				List<ByteSequence> balances = this.accounts.stream().map((key) -> txn.get(key).orElseThrow()).toList();
				checkSum("a transaction", balances);
				return balances;
			});
			this.audits.incrementAndGet();
		}
		catch (EtcdException ex) {
			this.failedAudits.incrementAndGet();
			if (ex.outcome() == Outcome.UNKNOWN) {
				this.violations.add("a transaction that writes nothing may have been applied: " + ex.getMessage());
			}
		}
	}

	/** Runs in the two forms by turns. */
	private <T> StmResult<T> run(Stm stm, StmBody<T, RuntimeException> body) {
		StmBody<T, RuntimeException> counted = (txn) -> {
			this.attempts.incrementAndGet();
			return body.run(txn);
		};
		return (this.runs.incrementAndGet() % 2 == 0) ? stm.run(counted) : joined(stm.runAsync(counted));
	}

	private static <T> T joined(CompletableFuture<T> run) {
		try {
			return run.join();
		}
		catch (CompletionException ex) {
			throw (ex.getCause() instanceof EtcdException failure) ? failure : ex;
		}
	}

	private void checkSum(String who, Collection<ByteSequence> balances) {
		this.sums.incrementAndGet();
		int sum = balances.stream().mapToInt(Bank::number).sum();
		if (sum != this.accounts.size() * OPENING) {
			this.violations.add(who + " saw a sum of " + sum);
		}
	}

	private static int number(ByteSequence balance) {
		return Integer.parseInt(balance.toUtf8());
	}

	private static ByteSequence text(int balance) {
		return ByteSequence.of(Integer.toString(balance));
	}

	/**
	 * Reads accounts and slips once more, linearizable and at one revision.
	 * @return what was wrong, now or before
	 */
	List<String> objections() {
		Map<ByteSequence, KeyValue> found = new HashMap<>();
		this.observer.kv().get(this.keys.range()).kvs().forEach((kv) -> found.put(kv.key(), kv));
		List<KeyValue> balances = this.accounts.stream().map(found::remove).map(Objects::requireNonNull).toList();
		checkSum("the last read", balances.stream().map(KeyValue::value).toList());
		List<String> objections = new ArrayList<>(this.violations);
		checkBalances(balances, found.values(), objections);
		this.acknowledged.forEach((slip, revision) -> {
			KeyValue kv = found.get(slip);
			if (kv == null || kv.modRevision() != revision) {
				objections.add("acknowledged at " + revision + ", but there is " + kv);
			}
		});
		this.refused.stream()
			.filter(found::containsKey)
			.forEach((slip) -> objections.add("refused, but there is " + slip));
		return objections;
	}

	private void checkBalances(List<KeyValue> balances, Collection<KeyValue> slips, List<String> objections) {
		int[] explained = balances.stream().mapToInt((balance) -> OPENING).toArray();
		for (KeyValue kv : slips) {
			String[] slip = kv.value().toUtf8().split(" ", -1);
			int amount = Integer.parseInt(slip[2]);
			explained[Integer.parseInt(slip[0])] -= amount;
			explained[Integer.parseInt(slip[1])] += amount;
		}
		for (int i = 0; i < explained.length; i++) {
			int balance = number(balances.get(i).value());
			if (balance != explained[i]) {
				objections.add("account " + i + " holds " + balance + ", but its slips make " + explained[i]);
			}
		}
	}

	/** Returns how many transfers were acknowledged. */
	int acknowledged() {
		return this.acknowledged.size();
	}

	/** Returns how many transfers may have been applied or not. */
	int unknown() {
		return this.unknown.get();
	}

	/** Returns how many transactions read all accounts. */
	int audits() {
		return this.audits.get();
	}

	/** Returns how often all accounts were added up, in any attempt. */
	int sums() {
		return this.sums.get();
	}

	/** Returns how often a body was run once more. */
	int conflicts() {
		return this.attempts.get() - this.runs.get();
	}

	/** Names the numbers of what was done. */
	@Override
	public String toString() {
		return "transfers: %d ok, %d not applied, %d of them for conflicts, %d unknown; audits: %d ok, %d failed, %d sums seen; %d conflicts"
			.formatted(acknowledged(), this.refused.size(), this.givenUp.get(), unknown(), audits(),
					this.failedAudits.get(), sums(), conflicts());
	}

}
