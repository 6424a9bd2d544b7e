/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.it.core.history.WatchChecker;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Twenty-six watches of two clients while members die and stall, the leader moves and a
 * writer goes on (P2, W1 to W6); two of them are paused and come back.
 */
class WatchFaultRunIntegrationTests {

	private static final int KEYS = 10;

	private static final int LARGE = 64 * 1024;

	/** A watch holds 8 MiB and one message before it is cancelled at the server. */
	private static final int ENOUGH_TO_PAUSE = 10 * 1024 * 1024;

	private static final Duration LONG = Duration.ofSeconds(30);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	/** Holds what fills the buffers of listeners that stand still. */
	private final KeySpace largeKeys = KeySpace.unique();

	@AutoClose
	private final EtcdClient first = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient second = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient writer = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(3));

	private final List<Followed> followed = new ArrayList<>();

	private final List<Followed> stuck = new ArrayList<>();

	private final Random random = new Random();

	@AutoClose
	private final Workers workers = new Workers();

	private volatile boolean hurry;

	private int applied;

	private int notApplied;

	private int unknown;

	/** How many large values were written. */
	private final AtomicInteger large = new AtomicInteger();

	/** Whatever happened, nobody stands still for ever. */
	@AfterEach
	void letListenersGo() {
		this.hurry = true;
	}

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void tellsEverythingOnceInOrderWhileMembersDieAndStall(long seed) throws InterruptedException {
		this.random.setSeed(seed);
		long from = this.writer.kv().put(this.keys.name("k0"), "0").revision() + 1;
		for (EtcdClient client : List.of(this.first, this.second)) {
			WatchRequest all = WatchRequest.of(this.keys.range()).from(from);
			WatchRequest one = WatchRequest.of(this.keys.only("k3")).from(from);
			for (WatchRequest request : List.of(all, all.withPrevious(), one, all.withoutRequireLeader(),
					one.withoutRequireLeader(), one.from(from + 100))) {
				follow(client, request, new TimedListener());
				follow(client, request, new SlowListener());
			}
		}
		for (EtcdClient client : List.of(this.first, this.second)) {
			WatchRequest request = WatchRequest.of(this.largeKeys.range()).from(from);
			StuckListener listener = new StuckListener();
			client.watch().open(request, listener);
			this.stuck.add(new Followed(request.range(), from, listener));
		}
		Faults faults = new Faults(etcd.cluster(), EnumSet.allOf(Faults.Kind.class), seed);

		this.workers.start("writer", () -> {
			tryToWrite(change());
			if (this.random.nextInt(4) == 0 && tryToWrite(putLarge()) != 0) {
				this.large.incrementAndGet();
			}
			LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
		});
		faults.run(RunSettings.duration(20).dividedBy(2), () -> reconnects() >= 24);
		followThePast(from);
		faults.run(RunSettings.duration(20).dividedBy(2),
				() -> reconnects() >= 48 && this.large.get() * LARGE > ENOUGH_TO_PAUSE);
		followThePast(from);
		this.workers.stop();
		assertThat(this.large.get() * LARGE).as("bytes that stand in the way").isGreaterThan(ENOUGH_TO_PAUSE);
		assertThat(this.stuck).allMatch((watch) -> watch.listener().calls().isEmpty());
		this.hurry = true;
		long lastLarge = await().atMost(LONG).until(() -> tryToWrite(putLarge()), (revision) -> revision > 0);
		this.stuck.forEach((watch) -> watch.listener().awaitRevision(lastLarge, LONG));
		History largeHistory = History.read(this.writer, this.largeKeys.range(), from, lastLarge);
		for (Followed watch : this.stuck) {
			assertThat(
					WatchChecker.objections(largeHistory.seenBy(watch.range(), watch.from()), watch.listener().calls()))
				.isEmpty();
		}
		long last = writeAllKeys();
		this.followed.forEach((watch) -> watch.listener().awaitRevision(last, LONG));

		History history = History.read(this.writer, this.keys.range(), from, last);
		long events = 0;
		for (Followed watch : this.followed) {
			History seen = history.seenBy(watch.range(), watch.from());
			assertThat(WatchChecker.objections(seen, watch.listener().calls())).isEmpty();
			events += seen.events();
		}
		System.out.printf(
				"watch fault run: %s; writes: %d ok, %d not applied, %d unknown; %d events checked of %d "
						+ "revisions, %d reconnects of %d watches, longest gap between two calls %d ms; "
						+ "%d events that 2 watches were told after standing still%n",
				faults, this.applied, this.notApplied, this.unknown, events, history.revisions().size(), reconnects(),
				this.followed.size(),
				Duration.ofNanos(
						this.followed.stream().mapToLong((watch) -> watch.listener().longestGap()).max().orElseThrow())
					.toMillis(),
				largeHistory.events());
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(reconnects()).isGreaterThanOrEqualTo(24);
		assertThat(events).isGreaterThanOrEqualTo(10_000);
		assertCheckerObjects(history, this.followed.get(0).listener().calls());
	}

	private int reconnects() {
		return this.followed.stream().mapToInt((watch) -> watch.listener().resumptions()).sum();
	}

	private void followThePast(long from) {
		for (EtcdClient client : List.of(this.first, this.second)) {
			follow(client, WatchRequest.of(this.keys.range()).from(from), new TimedListener());
		}
	}

	private void follow(EtcdClient client, WatchRequest request, TimedListener listener) {
		client.watch().open(request, listener);
		this.followed.add(new Followed(request.range(), request.startRevision(), listener));
	}

	/** Returns the revision of the write, 0 if it failed. */
	private long tryToWrite(TxnOperation... operations) {
		try {
			long revision = this.writer.kv().txn().then(operations).commit().revision();
			this.applied++;
			return revision;
		}
		catch (EtcdException ex) {
			if (ex.outcome() == Outcome.UNKNOWN) {
				this.unknown++;
			}
			else {
				this.notApplied++;
			}
			return 0;
		}
	}

	/** One put, several at one revision, or a deletion among them. */
	private TxnOperation[] change() {
		int key = this.random.nextInt(KEYS);
		int number = this.random.nextInt(4) + 1;
		return Stream.iterate(0, (i) -> i + 1)
			.limit(number)
			.map((i) -> (i == 2) ? delete((key + i) % KEYS) : put((key + i) % KEYS))
			.toArray(TxnOperation[]::new);
	}

	private TxnOperation putLarge() {
		byte[] value = new byte[LARGE];
		this.random.nextBytes(value);
		return PutRequest.of(this.largeKeys.key("k" + this.random.nextInt(KEYS)), ByteSequence.copyOf(value));
	}

	private TxnOperation put(int key) {
		return PutRequest.of(this.keys.key("k" + key), ByteSequence.of(Long.toHexString(this.random.nextLong())));
	}

	private TxnOperation delete(int key) {
		return DeleteRequest.of(this.keys.only("k" + key));
	}

	/** Writes so that every watch has something to tell at the last revision. */
	private long writeAllKeys() {
		TxnOperation[] all = Stream.iterate(0, (i) -> i + 1).limit(KEYS).map(this::put).toArray(TxnOperation[]::new);
		return await().atMost(LONG).until(() -> tryToWrite(all), (revision) -> revision > 0);
	}

	/** The control: what was recorded, spoiled in three ways. */
	private static void assertCheckerObjects(History history, List<List<WatchEvent>> calls) {
		List<WatchEvent> events = calls.stream().flatMap(List::stream).toList();
		int middle = events.size() / 2;
		List<WatchEvent> dropped = new ArrayList<>(events);
		dropped.remove(middle);
		List<WatchEvent> twice = new ArrayList<>(events);
		twice.add(middle, events.get(middle));
		int inside = 1;
		while (events.get(inside).revision() != events.get(inside - 1).revision()) {
			inside++;
		}
		List<List<WatchEvent>> split = List.of(events.subList(0, inside), events.subList(inside, events.size()));

		assertThat(WatchChecker.objections(history, List.of(events))).isEmpty();
		assertThat(WatchChecker.objections(history, List.of(dropped))).isNotEmpty();
		assertThat(WatchChecker.objections(history, List.of(twice))).isNotEmpty();
		assertThat(WatchChecker.objections(history, split)).isNotEmpty();
	}

	/** A watch and what it must see. */
	private record Followed(KeyRange range, long from, TimedListener listener) {
	}

	/** Measures the time between its calls. */
	private static class TimedListener extends RecordingListener {

		private long lastNanos = System.nanoTime();

		private volatile long longestGap;

		@Override
		public void onEvents(List<WatchEvent> events) {
			super.onEvents(events);
			long now = System.nanoTime();
			this.longestGap = Math.max(this.longestGap, now - this.lastNanos);
			this.lastNanos = now;
		}

		long longestGap() {
			return this.longestGap;
		}

	}

	/** Takes its time for each call while the run lasts. */
	private final class SlowListener extends TimedListener {

		@Override
		public void onEvents(List<WatchEvent> events) {
			if (!WatchFaultRunIntegrationTests.this.hurry) {
				LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
			}
			super.onEvents(events);
		}

	}

	/** Takes nothing while the run lasts. */
	private final class StuckListener extends TimedListener {

		@Override
		public void onEvents(List<WatchEvent> events) {
			while (!WatchFaultRunIntegrationTests.this.hurry) {
				LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
			}
			super.onEvents(events);
		}

	}

}
