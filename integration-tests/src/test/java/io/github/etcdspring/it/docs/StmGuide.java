/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.stm.IsolationLevel;
import io.github.etcdspring.stm.Stm;
import io.github.etcdspring.stm.StmOptions;
import io.github.etcdspring.stm.StmResult;
import io.github.etcdspring.stm.StmTransaction;

/**
 * The snippets of {@code docs/client/stm.md}.
 */
final class StmGuide {

	private StmGuide() {
	}

	static long transfer(EtcdClient client, String from, String to, int amount) {
		StmResult<Integer> result = Stm.of(client).run((txn) -> {
			int balance = balance(txn, from) - amount;
			if (balance < 0) {
				throw new IllegalStateException("not enough on " + from);
			}
			txn.put(from, Integer.toString(balance));
			txn.put(to, Integer.toString(balance(txn, to) + amount));
			return balance;
		});
		return result.revision();
	}

	static int balance(StmTransaction txn, String account) {
		return txn.get(account).map((value) -> Integer.parseInt(value.toUtf8())).orElse(0);
	}

	static Map<ByteSequence, ByteSequence> snapshot(EtcdClient client, List<ByteSequence> keys) {
		return Stm.of(client).run((txn) -> txn.getAll(keys)).value();
	}

	static boolean register(EtcdClient client, LeaseId lease, String name, String address) {
		ByteSequence key = ByteSequence.of("nodes/" + name);
		return Stm.of(client).run((txn) -> {
			if (txn.revision(key) != 0) {
				return false;
			}
			txn.put(key, ByteSequence.of(address), lease);
			txn.delete("vacant/" + name);
			return true;
		}).value();
	}

	static CompletableFuture<Long> addLater(EtcdClient client, String key, long amount) {
		return Stm.of(client).runAsync((txn) -> {
			long sum = txn.get(key).map((value) -> Long.parseLong(value.toUtf8())).orElse(0L) + amount;
			txn.put(key, Long.toString(sum));
			return sum;
		}).thenApply(StmResult::value);
	}

	static Stm patient(EtcdClient client, ByteSequence... known) {
		return Stm.of(client,
				StmOptions.defaults()
					.withIsolation(IsolationLevel.SERIALIZABLE)
					.withMaxAttempts(100)
					.withBackoff(new Backoff(Duration.ofMillis(2), 2, Duration.ofMillis(100), 0.5))
					.withPrefetch(known));
	}

	static boolean pay(EtcdClient client, String orderId, String account, int amount) {
		String receipt = "receipts/" + orderId;
		for (int attempt = 1;; attempt++) {
			try {
				return Stm.of(client).run((txn) -> {
					if (txn.get(receipt).isPresent()) {
						return false;
					}
					txn.put(account, Integer.toString(balance(txn, account) - amount));
					txn.put(receipt, Integer.toString(amount));
					return true;
				}).value();
			}
			catch (EtcdException ex) {
				if (attempt == 3 || !(ex.isRetryable() || ex.outcome() == Outcome.UNKNOWN)) {
					throw ex;
				}
			}
		}
	}

}
