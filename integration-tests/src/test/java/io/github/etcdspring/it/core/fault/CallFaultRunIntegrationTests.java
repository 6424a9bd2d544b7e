/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

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
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

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

	@AutoClose
	private final Workers workers = new Workers();

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void appliesWritesOnceAndTellsTheTruthWhileMembersDieAndStall(long seed) throws InterruptedException {
		long from = this.direct.kv().put(this.keys.name("first"), "").revision() + 1;
		Random random = new Random(seed);
		this.proxies.forEach((proxy) -> proxy.resetAfter(() -> {
			synchronized (random) {
				return random.nextLong(500, 20_000);
			}
		}));
		Faults faults = new Faults(etcd.cluster(),
				EnumSet.complementOf(EnumSet.of(Faults.Kind.KILL_ALL, Faults.Kind.PAUSE_ALL)), seed);

		for (int i = 0; i < 3; i++) {
			startWriter("broken-" + i, this.broken);
			startWriter("direct-" + i, this.direct);
		}
		startReader("broken-0", this.broken);
		startReader("direct-0", this.direct);
		faults.run(RunSettings.duration(20), this::isEnough);
		this.workers.stop();
		this.proxies.forEach(TcpProxy::close);
		long last = lastRevision();

		History history = History.read(this.direct, this.keys.range(), from, last);
		System.out.printf(
				"call fault run: %s; %d resets; writes: %d ok, %d not applied, %d unknown; reads: %d ok, "
						+ "%d failed%n",
				faults, resets(), this.log.count(Result.WRITTEN), this.log.count(Result.NOT_APPLIED),
				this.log.count(Result.UNKNOWN), this.log.count(Result.READ), this.failedReads.get());
		assertThat(CallChecker.objections(history, this.log.calls())).isEmpty();
		assertThat(faults.count()).isGreaterThanOrEqualTo(5);
		assertThat(isEnough()).isTrue();
		assertCheckerObjectsToStaleReads(from, last, history);
	}

	private int resets() {
		return this.proxies.stream().mapToInt(TcpProxy::resets).sum();
	}

	private boolean isEnough() {
		return resets() >= 20 && this.log.count(Result.WRITTEN) >= 1_000 && this.log.count(Result.UNKNOWN) > 0
				&& this.log.count(Result.READ) >= 500;
	}

	private void startWriter(String name, EtcdClient client) {
		ByteSequence key = this.keys.key(name);
		this.workers.start("writer of " + name, () -> {
			ByteSequence value = ByteSequence.of(UUID.randomUUID().toString());
			this.log.write(key, value, () -> client.kv().put(PutRequest.of(key, value)));
		});
	}

	private void startReader(String name, EtcdClient client) {
		ByteSequence key = this.keys.key(name);
		this.workers.start("reader of " + name, () -> {
			if (!this.log.read(key, () -> client.kv().get(KeyRange.key(key)))) {
				this.failedReads.incrementAndGet();
			}
		});
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
