/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.function.Consumer;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.it.core.history.WatchChecker;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A watch on three members while the one that serves it is lost (P2): nothing lost,
 * nothing twice, in order, by the history read back.
 */
class WatchMemberLossIntegrationTests {

	/** A client pings a silent member after 10 s and gives it up after another 5 s. */
	private static final Duration SILENCE = Duration.ofSeconds(25);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(3);

	private final KeySpace keys = KeySpace.unique();

	private final RecordingListener listener = new RecordingListener();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	/** Puts one key twice, and two keys at one revision. */
	private long change(EtcdClient writer, int number) {
		PutRequest a = PutRequest.of(this.keys.key("a"), ByteSequence.of("" + number));
		PutRequest b = PutRequest.of(this.keys.key("b"), ByteSequence.of("" + number));
		writer.kv().put(a);
		return writer.kv().txn().then(a, b).commit().revision();
	}

	/**
	 * Watches, changes keys before, during and after a fault, and checks what was told.
	 */
	private void assertTellsEverything(Consumer<EtcdCluster> fault, EtcdMember... writeTo) {
		long from = this.client.kv().get(this.keys.range()).revision() + 1;
		this.client.watch().open(WatchRequest.of(this.keys.range()), this.listener);
		this.listener.awaitRevision(change(this.client, 0), SILENCE);

		fault.accept(etcd.cluster());
		// a write in the moment of an election may end unknown
		etcd.cluster().leader();
		long last = 0;
		try (EtcdClient writer = (writeTo.length > 0) ? EtcdClients.connectTo(writeTo)
				: EtcdClients.connect(etcd.cluster())) {
			for (int i = 1; i <= 50; i++) {
				last = change(writer, i);
			}
		}

		this.listener.awaitRevision(last, SILENCE);
		etcd.cluster().resume();
		History history = History.read(this.client, this.keys.range(), from, last);
		assertThat(history.events()).isEqualTo(51 * 3);
		assertThat(WatchChecker.objections(history, this.listener.calls())).isEmpty();
	}

	@Test
	void tellsEverythingWhenItsMemberIsKilled() {
		assertTellsEverything((cluster) -> WatchedMember.of(cluster).kill());

		// none if it was over before the listener could hear, two if the next member had
		// no
		// leader yet
		assertThat(this.listener.disconnections()).isEqualTo(this.listener.resumptions()).isLessThanOrEqualTo(2);
	}

	@Test
	void tellsEverythingWhenItsMemberIsTheLeaderAndKilled() {
		assertTellsEverything((cluster) -> {
			EtcdMember watched = WatchedMember.of(cluster);
			cluster.etcdctl("move-leader", memberId(watched), "--endpoints=" + cluster.leader().endpoint());
			watched.kill();
		});
	}

	private String memberId(EtcdMember member) {
		try (EtcdClient one = EtcdClients.connectTo(member)) {
			return Long.toHexString(one.kv().get(this.keys.range()).header().memberId());
		}
	}

	@Test
	void tellsEverythingWhenItsMemberIsPausedForLong() {
		// W8: the connection stays open and is silent
		this.client.watch().open(WatchRequest.of(this.keys.range()), new RecordingListener());
		EtcdMember watched = WatchedMember.of(etcd.cluster());
		EtcdMember[] others = etcd.cluster()
			.members()
			.stream()
			.filter((member) -> member != watched)
			.toArray(EtcdMember[]::new);

		assertTellsEverything((cluster) -> watched.pause(), others);

		assertThat(this.listener.disconnections()).isEqualTo(this.listener.resumptions()).isLessThanOrEqualTo(2);
	}

	@Test
	void tellsEverythingWhenItsMemberLosesTheOthers() {
		// a member without leader refuses the watch, and another one serves it
		assertTellsEverything((cluster) -> {
			EtcdMember watched = WatchedMember.of(cluster);
			cluster.members().stream().filter((member) -> member != watched).forEach(EtcdMember::pause);
			await().atMost(SILENCE).until(() -> this.listener.disconnections() > 0);
			cluster.resume();
		});
	}

	@Test
	void tellsEverythingWhenAllMembersAreKilledAndRestarted() {
		assertTellsEverything(EtcdCluster::restart);
	}

	@Test
	void goesOnWithinFiveSecondsWhenAllMembersAreRestarted() {
		// P8
		this.client.watch().open(WatchRequest.of(this.keys.range()), this.listener);
		this.listener.awaitRevision(change(this.client, 0), SILENCE);
		etcd.cluster().kill();
		await().atMost(SILENCE).until(() -> this.listener.disconnections() == 1);

		etcd.cluster().restart();

		this.listener.awaitRevision(change(this.client, 1), Duration.ofSeconds(5));
	}

}
