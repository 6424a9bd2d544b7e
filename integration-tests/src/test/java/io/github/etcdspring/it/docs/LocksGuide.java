/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.EtcdFence;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;

/**
 * The snippets of {@code docs/client/locks.md}.
 */
final class LocksGuide {

	private LocksGuide() {
	}

	static boolean bill(Session session, LongConsumer store) throws InterruptedException {
		EtcdLock lock = EtcdLock.of(session, "locks/billing");
		if (!lock.tryLock(5, TimeUnit.SECONDS)) {
			return false;
		}
		try {
			store.accept(lock.fencingToken());
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	static void count(EtcdLock lock, long number) {
		lock.lock();
		try {
			PutRequest put = PutRequest.of("billing/count", Long.toString(number));
			lock.fence().commit(new TxnRequest(List.of(), List.of(put), List.of()));
		}
		finally {
			lock.unlock();
		}
	}

	static CompletableFuture<Boolean> countLater(EtcdLock lock, Session session, ByteSequence number) {
		CompletableFuture<Ownership> acquired = lock.acquireAsync().orTimeout(5, TimeUnit.SECONDS);
		return acquired.thenCompose((hold) -> {
			hold.lost().thenAccept((reason) -> System.getLogger("billing").log(System.Logger.Level.WARNING, reason));
			PutRequest put = PutRequest.of(ByteSequence.of("billing/count"), number);
			CompletableFuture<TxnResult> written = EtcdFence.of(session.client(), hold)
				.commitAsync(new TxnRequest(List.of(), List.of(put), List.of()));
			return written.handle((result, failure) -> hold.releaseAsync())
				.thenCompose((released) -> released)
				.thenCombine(written, (released, result) -> result.succeeded());
		});
	}

	static Session session(EtcdClient client) {
		return Session.open(client, Duration.ofSeconds(15));
	}

}
