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
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.CallChecker;
import io.github.etcdspring.it.core.history.CallLog;
import io.github.etcdspring.it.core.history.CallLog.Result;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Writers and readers while members die and stall and connections break (P1, C1, C2).
 */
class CallFaultRunIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	private final List<TcpProxy> proxies = etcd.cluster()
		.members()
		.stream()
		.map((member) -> TcpProxy.to(member.clientPort()))
		.toList();

	@AutoClose
	private final EtcdClient broken = EtcdClients.connect(this.proxies.stream().map(TcpProxy::endpoint).toList(),
			(options) -> options.requestTimeout(Duration.ofSeconds(2)));

	@AutoClose
	private final EtcdClient direct = EtcdClients.connect(etcd.cluster(), Duration.ofSeconds(4));

	private final CallLog log = new CallLog(this.direct.ticker());

	private final AtomicInteger failedReads = new AtomicInteger();

	private volatile boolean stopped;

	@Test
	void appliesWritesOnceAndTellsTheTruthWhileMembersDieAndStall() throws InterruptedException {
		long from = this.direct.kv().put(this.keys.name("first"), "").revision() + 1;
		Random random = new Random(20261122);
		this.proxies.forEach((proxy) -> proxy.resetAfter(() -> {
			synchronized (random) {
				return random.nextLong(500, 20_000);
			}
		}));
		Faults faults = new Faults(etcd.cluster(),
				EnumSet.complementOf(EnumSet.of(Faults.Kind.KILL_ALL, Faults.Kind.PAUSE_ALL)));

		List<Thread> workers = startWorkers();
		faults.run();
		this.stopped = true;
		for (Thread worker : workers) {
			worker.join();
		}
		this.proxies.forEach(TcpProxy::close);
		long last = lastRevision();

		History history = History.read(this.direct, this.keys.range(), from, last);
		int resets = this.proxies.stream().mapToInt(TcpProxy::resets).sum();
		System.out.printf(
				"call fault run: %s; %d resets; writes: %d ok, %d not applied, %d unknown; reads: %d ok, "
						+ "%d failed%n",
				faults, resets, this.log.count(Result.WRITTEN), this.log.count(Result.NOT_APPLIED),
				this.log.count(Result.UNKNOWN), this.log.count(Result.READ), this.failedReads.get());
		assertThat(CallChecker.objections(history, this.log.calls())).isEmpty();
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(resets).isGreaterThanOrEqualTo(20);
		assertThat(this.log.count(Result.WRITTEN)).isGreaterThanOrEqualTo(1_000);
		assertThat(this.log.count(Result.UNKNOWN)).isPositive();
		assertThat(this.log.count(Result.READ)).isGreaterThanOrEqualTo(500);
		assertCheckerObjectsToStaleReads(from, last, history);
	}

	private List<Thread> startWorkers() {
		List<Thread> workers = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			workers.add(start("broken-" + i, (name) -> write(this.broken, name)));
			workers.add(start("direct-" + i, (name) -> write(this.direct, name)));
		}
		workers.add(start("broken-0", (name) -> read(this.broken, name)));
		workers.add(start("direct-0", (name) -> read(this.direct, name)));
		return workers;
	}

	private Thread start(String name, Consumer<String> work) {
		Thread thread = new Thread(() -> {
			while (!this.stopped) {
				work.accept(name);
			}
		}, name);
		thread.start();
		return thread;
	}

	private void write(EtcdClient client, String name) {
		ByteSequence key = this.keys.key(name);
		ByteSequence value = ByteSequence.of(UUID.randomUUID().toString());
		this.log.write(key, value, () -> client.kv().put(PutRequest.of(key, value)));
	}

	private void read(EtcdClient client, String name) {
		ByteSequence key = this.keys.key(name);
		if (!this.log.read(key, () -> client.kv().get(KeyRange.key(key)))) {
			this.failedReads.incrementAndGet();
		}
	}

	/** Returns a revision that no write of the run comes after. */
	private long lastRevision() {
		return this.direct.kv().get(this.keys.range()).revision();
	}

	/** The control: reads at an old revision, as a stale member would answer them. */
	private void assertCheckerObjectsToStaleReads(long from, long last, History history) {
		CallLog stale = new CallLog(this.direct.ticker());
		this.log.calls().forEach(stale::add);
		long old = (from + last) / 2;
		ByteSequence key = this.keys.key("direct-0");
		RangeRequest request = RangeRequest.builder(KeyRange.key(key)).revision(old).build();
		assertThat(stale.read(key, () -> this.direct.kv().get(request))).isTrue();

		assertThat(CallChecker.objections(history, stale.calls())).isNotEmpty();
	}

}
