/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a watch tells when it is asked for something else than all events.
 */
@Contract
class WatchOptionsContractIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final KeySpace keys = KeySpace.unique();

	private final RecordingListener listener = new RecordingListener();

	@AutoClose
	private final EtcdClient client;

	WatchOptionsContractIntegrationTests(ContractServer server) {
		this.client = server.connect();
	}

	private long put(String name, String value) {
		return this.client.kv().put(this.keys.name(name), value).revision();
	}

	private WatchRequest from(long revision) {
		return WatchRequest.of(this.keys.range()).from(revision);
	}

	private List<String> kinds() {
		return this.listener.events().stream().map((event) -> event.getClass().getSimpleName()).toList();
	}

	@Test
	void tellsDeletionsOnlyWhenPutsAreLeftOut() {
		long first = put("k", "1");
		this.client.kv().delete(this.keys.name("k"));
		put("k", "2");
		long last = this.client.kv().delete(this.keys.name("k")).header().revision();

		this.client.watch().open(from(first).withoutPuts(), this.listener);

		this.listener.awaitRevision(last, SOON);
		assertThat(kinds()).containsExactly("Delete", "Delete");
	}

	@Test
	void tellsPutsOnlyWhenDeletionsAreLeftOut() {
		long first = put("k", "1");
		this.client.kv().delete(this.keys.name("k"));
		long last = put("k", "2");

		this.client.watch().open(from(first).withoutDeletes(), this.listener);

		this.listener.awaitRevision(last, SOON);
		assertThat(kinds()).containsExactly("Put", "Put");
	}

	@Test
	void tellsTheSameWhenNoLeaderIsRequired() {
		long first = put("k", "1");

		try (Watch watch = this.client.watch().open(from(first).withoutRequireLeader(), this.listener)) {
			long last = put("k", "2");
			this.listener.awaitRevision(last, SOON);
			assertThat(watch.isOpen()).isTrue();
		}
		assertThat(this.listener.events()).extracting(WatchEvent::revision).hasSize(2);
	}

	@Test
	void saysOnDemandHowFarItIs() {
		this.client.watch().open(WatchRequest.of(this.keys.only("none")), new RecordingListener());
		Watch watch = this.client.watch().open(WatchRequest.of(this.keys.range()), this.listener);
		long last = put("k", "1");

		await().atMost(SOON).until(() -> watch.progress() >= last);

		this.listener.awaitRevision(last, SOON);
		long progress = watch.progress();
		put("k", "2");
		assertThat(progress).isGreaterThanOrEqualTo(last);
	}

	@Test
	void readsItsRangeAnewWhenItsPlaceIsCompacted() {
		RecordingListener relisting = new RecordingListener();
		long first = put("k", "1");
		put("k", "2");
		long compacted = put("l", "1");
		this.client.kv().compact(CompactRequest.of(compacted));

		Watch ending = this.client.watch().open(from(first), this.listener);
		Watch watch = this.client.watch().open(from(first).withRelist(), relisting);

		this.listener.awaitClosed();
		assertThat(this.listener.cause()).get().isInstanceOf(CompactedException.class);
		assertThat(ending.isOpen()).isFalse();
		await().atMost(SOON).until(() -> !relisting.snapshots().isEmpty());
		WatchBatch.Snapshot snapshot = relisting.snapshots().get(0);
		assertThat(snapshot.revision()).isGreaterThanOrEqualTo(compacted);
		assertThat(snapshot.kvs()).extracting((kv) -> this.keys.strip(kv.key()) + kv.value().toUtf8())
			.containsExactly("k2", "l1");
		long last = put("k", "3");
		relisting.awaitRevision(last, SOON);
		assertThat(relisting.events()).extracting(WatchEvent::revision).containsExactly(last);
		assertThat(watch.isOpen()).isTrue();
	}

}
