/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.recipes.Attendance;
import io.github.etcdspring.recipes.EtcdBarrier;
import io.github.etcdspring.recipes.EtcdCountDownBarrier;
import io.github.etcdspring.recipes.EtcdDoubleBarrier;
import io.github.etcdspring.recipes.EtcdPriorityQueue;
import io.github.etcdspring.recipes.EtcdQueue;
import io.github.etcdspring.recipes.EtcdReadWriteLock;
import io.github.etcdspring.recipes.EtcdSemaphore;
import io.github.etcdspring.session.Ownership;
import io.github.etcdspring.session.Session;

/**
 * The snippets of {@code docs/client/recipes.md}.
 */
final class RecipesGuide {

	private RecipesGuide() {
	}

	static boolean rename(EtcdClient client, Session session, String name) throws InterruptedException {
		Ownership write = EtcdReadWriteLock.of(session, "catalog/lock").lockWrite();
		try {
			return client.kv().txn().when(write.guard()).then(PutRequest.of("catalog/name", name)).commit().succeeded();
		}
		finally {
			write.release();
		}
	}

	static Optional<String> read(EtcdClient client, Session session) throws InterruptedException {
		Optional<Ownership> read = EtcdReadWriteLock.of(session, "catalog/lock").tryLockRead(Duration.ofSeconds(2));
		if (read.isEmpty()) {
			return Optional.empty();
		}
		try {
			return client.kv().get("catalog/name").first().map((kv) -> kv.value().toUtf8());
		}
		finally {
			read.get().release();
		}
	}

	static boolean convert(Session session, Runnable conversion) throws InterruptedException {
		EtcdSemaphore converters = EtcdSemaphore.of(session, "converters", 3);
		Optional<Ownership> permit = converters.tryAcquire(Duration.ofSeconds(10));
		if (permit.isEmpty()) {
			return false;
		}
		try {
			conversion.run();
			return permit.get().isHeld();
		}
		finally {
			permit.get().release();
		}
	}

	static Optional<String> nextJob(EtcdClient client, Consumer<EtcdException> mayBeLost) throws InterruptedException {
		EtcdQueue jobs = EtcdQueue.of(client, "jobs");
		try {
			return jobs.dequeue(Duration.ofSeconds(5)).map((job) -> job.value().toUtf8());
		}
		catch (EtcdException ex) {
			if (ex.outcome() == Outcome.UNKNOWN) {
				mayBeLost.accept(ex);
			}
			return Optional.empty();
		}
	}

	static KeyValue urgentFirst(EtcdClient client) throws InterruptedException {
		EtcdPriorityQueue mails = EtcdPriorityQueue.of(client, "mails");
		mails.enqueue(ByteSequence.of("newsletter"), 100);
		mails.enqueue(ByteSequence.of("password reset"), 1);
		return mails.dequeue();
	}

	static boolean migrate(EtcdClient client, Runnable migration) throws InterruptedException {
		EtcdBarrier barrier = EtcdBarrier.of(client, "migration");
		if (barrier.hold()) {
			try {
				migration.run();
			}
			finally {
				barrier.release();
			}
			return true;
		}
		return barrier.await(Duration.ofMinutes(1));
	}

	static void awaitWarm(EtcdClient client, int nodes, Runnable start) throws InterruptedException {
		EtcdCountDownBarrier barrier = EtcdCountDownBarrier.of(client, "warm-up");
		barrier.hold(nodes);
		start.run();
		barrier.await();
	}

	static int warmedUp(EtcdClient client, String node) {
		return EtcdCountDownBarrier.of(client, "warm-up").countDown(node);
	}

	static boolean inStep(Session session, Runnable step) throws InterruptedException {
		Attendance attendance = EtcdDoubleBarrier.of(session, "round", 2).enter();
		step.run();
		return attendance.leave();
	}

}
