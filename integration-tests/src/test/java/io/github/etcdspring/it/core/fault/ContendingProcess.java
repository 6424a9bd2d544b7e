/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.it.core.history.FencedCounter;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.Txn;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;

/**
 * One of many processes that contend for a lock and an election: each owner counts in
 * etcd under its token, and prints what it did, one line each:
 * {@code <lock|election> <owns|works|claims|counted|refused|lost> <nanoTime> <token> <number>}.
 * It claims for as long as it works, and after it: the time is when it last asked whether
 * it owns and was told so.
 */
final class ContendingProcess {

	static final String LOCK = "lock";

	static final String ELECTION = "election";

	private final EtcdClient client;

	private final String prefix;

	private final Duration work;

	private final boolean fenced;

	private ContendingProcess(EtcdClient client, String prefix, Duration work, boolean fenced) {
		this.client = client;
		this.prefix = prefix;
		this.work = work;
		this.fenced = fenced;
	}

	/** The key of what is counted under a lock or an election. */
	static String counter(String prefix, String what) {
		return prefix + "count/" + what;
	}

	/**
	 * Contends until it is killed.
	 * @param arguments the prefix of all keys, how long an owner works in milliseconds at
	 * most, whether it writes through the guard, and the endpoints
	 */
	public static void main(String[] arguments) throws Exception {
		List<String> endpoints = List.of(arguments).subList(3, arguments.length);
		EtcdClient client = EtcdClient
			.create(EtcdClientOptions.builder(endpoints).requestTimeout(Duration.ofSeconds(3)).build());
		ContendingProcess process = new ContendingProcess(client, arguments[0],
				Duration.ofMillis(Long.parseLong(arguments[1])), Boolean.parseBoolean(arguments[2]));
		Session session = Session.open(client, Duration.ofSeconds(2));
		while (true) {
			process.lock(EtcdLock.of(session, arguments[0] + LOCK));
			if (process.fenced) {
				process.lead(LeaderElection.of(session, arguments[0] + ELECTION));
			}
		}
	}

	@SuppressWarnings("LockNotBeforeTry")
	private void lock(EtcdLock lock) throws InterruptedException {
		try {
			if (lock.tryLock(2, TimeUnit.SECONDS)) {
				count(LOCK, lock.fencingToken(), lock.guard(), lock::isHeldByCurrentThread);
				lock.unlock();
			}
		}
		catch (EtcdException ex) {
			print(LOCK, "lost", 0, 0);
		}
	}

	private void lead(LeaderElection election) throws InterruptedException {
		var campaign = election.campaignAsync(ByteSequence.of("" + ProcessHandle.current().pid()));
		try {
			Leadership leadership = campaign.get(2, TimeUnit.SECONDS);
			count(ELECTION, leadership.fencingToken(), leadership.guard(), leadership::isHeld);
			leadership.resignAsync().get();
		}
		catch (TimeoutException ex) {
			if (!campaign.cancel(false)) {
				campaign.thenAccept(Leadership::resignAsync);
			}
		}
		catch (ExecutionException | EtcdException ex) {
			print(ELECTION, "lost", 0, 0);
		}
	}

	private void count(String what, long token, Compare guard, BooleanSupplier held) {
		print(what, "owns", token, 0);
		Claim claim = new Claim(this.fenced ? held : () -> true);
		try {
			String key = counter(this.prefix, what);
			long number = FencedCounter.number(this.client.kv().get(key).first().map(KeyValue::value)) + 1;
			long longest = this.work.toNanos();
			print(what, "works", token, number);
			claim.keepUp(this.fenced ? ThreadLocalRandom.current().nextLong(longest) : longest);
			PutRequest put = PutRequest.of(ByteSequence.of(key), FencedCounter.value(number, token));
			Txn txn = this.client.kv().txn().then(put);
			boolean written = (this.fenced ? txn.when(guard) : txn).commit().succeeded();
			claim.renew();
			print(what, written ? "counted" : "refused", token, number);
		}
		finally {
			claim.last().ifPresent((nanos) -> print(what, "claims", nanos, token, 0));
		}
	}

	private static void print(String what, String did, long token, long number) {
		print(what, did, System.nanoTime(), token, number);
	}

	private static void print(String what, String did, long nanos, long token, long number) {
		System.out.println(what + " " + did + " " + nanos + " " + token + " " + number);
	}

	/**
	 * What an owner says of itself. One that does not write through the guard, blindly.
	 */
	private static final class Claim {

		private static final long PAUSE = Duration.ofMillis(1).toNanos();

		private final BooleanSupplier held;

		private OptionalLong last = OptionalLong.empty();

		Claim(BooleanSupplier held) {
			this.held = held;
		}

		void renew() {
			long asked = System.nanoTime();
			if (this.held.getAsBoolean()) {
				this.last = OptionalLong.of(asked);
			}
		}

		void keepUp(long nanos) {
			long end = System.nanoTime() + nanos;
			while (System.nanoTime() - end < 0) {
				renew();
				LockSupport.parkNanos(PAUSE);
			}
		}

		OptionalLong last() {
			return this.last;
		}

	}

}
