/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.it.core.history.WatchChecker;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ArgumentsSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Watches whose connection breaks after a random number of bytes, often between the word
 * that the watch is created and its first event (P2, W1 to W6).
 */
class WatchResetRunIntegrationTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final KeySpace keys = KeySpace.unique();

	private final Random random = new Random();

	@AutoClose
	private final TcpProxy proxy = TcpProxy.to(etcd.cluster().member(0).clientPort());

	@AutoClose
	private final EtcdClient writer = EtcdClients.connect(etcd.cluster());

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(List.of(this.proxy.endpoint()), UnaryOperator.identity());

	private long write() {
		String name = "k" + this.random.nextInt(5);
		if (this.random.nextInt(5) == 0) {
			return this.writer.kv().delete(this.keys.name(name)).revision();
		}
		return this.writer.kv()
			.txn()
			.then(PutRequest.of(this.keys.name(name), "" + this.random.nextInt()),
					PutRequest.of(this.keys.name("x"), "" + this.random.nextInt()),
					DeleteRequest.of(this.keys.only("k0/" + name)))
			.commit()
			.revision();
	}

	private static boolean isWithin(Duration time, long beginNanos) {
		return System.nanoTime() - beginNanos < time.toNanos();
	}

	@ParameterizedTest(name = "seed {0}")
	@ArgumentsSource(RunSettings.class)
	void tellsEverythingOnceInOrderWhileConnectionsBreak(long seed) {
		this.random.setSeed(seed);
		long from = this.writer.kv().put(this.keys.name("x"), "first").revision();
		RecordingListener all = new RecordingListener();
		RecordingListener one = new RecordingListener();
		Random bytes = new Random(seed);
		this.proxy.resetAfter(() -> 40 + bytes.nextInt((bytes.nextInt(2) == 0) ? 460 : 8_000));
		this.client.watch().open(WatchRequest.of(this.keys.range()).from(from), all);
		this.client.watch().open(WatchRequest.of(this.keys.only("x")).from(from), one);

		long begin = System.nanoTime();
		Duration time = RunSettings.duration(10);
		int writes = 0;
		// the pauses between streams are random
		while (isWithin(time, begin) || (this.proxy.resets() < 20 && isWithin(time.multipliedBy(3), begin))) {
			write();
			writes++;
			LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
		}
		this.proxy.resetAfter(() -> Long.MAX_VALUE);
		long last = this.writer.kv().put(this.keys.name("x"), "last").revision();
		all.awaitRevision(last, LONG);
		one.awaitRevision(last, LONG);

		History history = History.read(this.writer, this.keys.range(), from, last);
		History ofOne = history.seenBy(this.keys.only("x"), from);
		System.out.printf(
				"watch reset run: %d resets, seed %d; writes: %d ok, none unknown; %d events checked of %d "
						+ "revisions%n",
				this.proxy.resets(), seed, writes, history.events() + ofOne.events(), history.revisions().size());
		assertThat(WatchChecker.objections(history, all.calls())).isEmpty();
		assertThat(WatchChecker.objections(ofOne, one.calls())).isEmpty();
		assertThat(this.proxy.resets()).isGreaterThanOrEqualTo(20);
		assertThat(history.events()).isGreaterThanOrEqualTo(1_000);
	}

}
