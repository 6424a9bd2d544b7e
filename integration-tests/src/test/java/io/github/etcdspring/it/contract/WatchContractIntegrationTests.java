/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.History;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.it.core.history.WatchChecker;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.watch.Watch;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a watch tells while nothing fails (P2).
 */
@Contract
class WatchContractIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	private final RecordingListener listener = new RecordingListener();

	@AutoClose
	private final EtcdClient client;

	WatchContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
	}

	private long put(String name, String value) {
		return this.client.kv().put(this.keys.name(name), value).revision();
	}

	private Watch open(WatchRequest request) {
		return this.client.watch().open(request, this.listener);
	}

	/** Returns each event as key and value, a deletion with a minus. */
	private List<String> told() {
		return this.listener.events()
			.stream()
			.filter((event) -> this.keys.range().contains(event.key()))
			.map((event) -> this.keys.strip(event.key()) + value(event))
			.toList();
	}

	private static String value(WatchEvent event) {
		return (event instanceof WatchEvent.Put put) ? put.kv().value().toUtf8() : "-";
	}

	@Test
	void tellsEveryPutAfterOpenReturnedWhenItStartsNow() {
		for (int i = 0; i < 50; i++) {
			put("k", "before");
			RecordingListener recorded = new RecordingListener();
			try (Watch watch = this.client.watch().open(WatchRequest.of(this.keys.range()), recorded)) {
				long revision = put("k", "after");

				recorded.awaitRevision(revision, SOON);
				assertThat(watch.isOpen()).isTrue();
				assertThat(recorded.events()).singleElement()
					.satisfies((event) -> assertThat(event.revision()).isEqualTo(revision));
			}
		}
	}

	@Test
	void tellsHistoryWhenItStartsInThePast() {
		long first = put("k", "1");
		put("k", "2");
		this.client.kv().delete(this.keys.name("k"));
		long last = put("k", "3");

		open(WatchRequest.of(this.keys.range()).from(first));

		this.listener.awaitRevision(last, SOON);
		assertThat(told()).containsExactly("k1", "k2", "k-", "k3");
	}

	@Test
	void leavesOutEarlierRevisionsWhenItStartsInTheFuture() {
		long now = put("k", "1");

		open(WatchRequest.of(this.keys.range()).from(now + 3));
		List<Long> written = Stream.of("2", "3", "4", "5").map((value) -> put("k", value)).toList();

		this.listener.awaitRevision(written.get(3), SOON);
		assertThat(this.listener.events()).extracting(WatchEvent::revision)
			.isNotEmpty()
			.isEqualTo(written.stream().filter((revision) -> revision >= now + 3).toList());
	}

	@Test
	void tellsOneKeyWhenRangeIsSingle() {
		open(WatchRequest.of(this.keys.only("a")));

		put("ab", "no");
		long last = put("a", "yes");

		this.listener.awaitRevision(last, SOON);
		assertThat(told()).containsExactly("ayes");
	}

	@Test
	void tellsKeysBelowPrefixWhenRangeIsPrefix() {
		open(WatchRequest.of(KeyRange.prefix(this.keys.key("a/"))));

		put("a", "no");
		put("a0", "no");
		put("a/1", "yes");
		long last = put("a/2", "yes");

		this.listener.awaitRevision(last, SOON);
		assertThat(told()).containsExactly("a/1yes", "a/2yes");
	}

	@Test
	void leavesOutEndWhenRangeIsBetweenTwoKeys() {
		open(WatchRequest.of(KeyRange.between(this.keys.key("b"), this.keys.key("d"))));

		put("a", "no");
		put("d", "no");
		put("b", "yes");
		long last = put("c", "yes");

		this.listener.awaitRevision(last, SOON);
		assertThat(told()).containsExactly("byes", "cyes");
	}

	@Test
	void tellsEveryKeyWhenRangeHasNoUpperBound() {
		open(WatchRequest.of(KeyRange.from(this.keys.key("b"))));

		put("a", "no");
		long last = put("z", "yes");

		this.listener.awaitRevision(last, SOON);
		assertThat(told()).containsExactly("zyes");
	}

	@Test
	void tellsWholeKeyValueWhenKeyIsPut() {
		long created = put("k", "1");
		open(WatchRequest.of(this.keys.range()).from(created));
		long changed = put("k", "2");

		this.listener.awaitRevision(changed, SOON);
		assertThat(this.listener.events()).hasSize(2)
			.allSatisfy((event) -> assertThat(event.previous()).isEmpty())
			.satisfiesExactly(
					(first) -> assertThat(first).isInstanceOfSatisfying(WatchEvent.Put.class,
							(put) -> assertThat(put.isCreate()).isTrue()),
					(second) -> assertThat(second).isInstanceOfSatisfying(WatchEvent.Put.class, (put) -> {
						assertThat(put.isCreate()).isFalse();
						assertThat(put.kv().version()).isEqualTo(2);
						assertThat(put.kv().createRevision()).isEqualTo(created);
						assertThat(put.kv().modRevision()).isEqualTo(changed);
					}));
	}

	@Test
	void tellsPreviousWhenItWasAskedFor() {
		open(WatchRequest.of(this.keys.range()).withPrevious());

		put("k", "1");
		put("k", "2");
		long last = this.client.kv().delete(this.keys.name("k")).revision();

		this.listener.awaitRevision(last, SOON);
		assertThat(this.listener.events())
			.extracting((event) -> event.previous().map(KeyValue::value).map(ByteSequence::toUtf8).orElse("none"))
			.containsExactly("none", "1", "2");
	}

	@Test
	void tellsDeletionWhenLeaseExpires() {
		LeaseGrant lease = this.client.lease().grant(Duration.ofSeconds(1));
		long put = this.client.kv()
			.put(PutRequest.of(this.keys.key("k"), ByteSequence.of("1")).withLease(lease.id()))
			.revision();

		open(WatchRequest.of(this.keys.range()).from(put + 1));

		await().atMost(SOON).until(() -> !this.listener.calls().isEmpty());
		assertThat(told()).containsExactly("k-");
	}

	@Test
	void tellsAllEventsOfTransactionInOneCallWhenTheyAreManyKeys() {
		open(WatchRequest.of(this.keys.range()));
		long first = put("x", "0");
		long last = first;
		for (int i = 1; i <= 20; i++) {
			last = this.client.kv()
				.txn()
				.then(putOf("a", i), putOf("b", i), putOf("c", i),
						DeleteRequest.of(this.keys.only((i % 2 == 1) ? "x" : "y")), putOf((i % 2 == 1) ? "y" : "x", i))
				.commit()
				.revision();
		}

		this.listener.awaitRevision(last, SOON);
		History history = History.read(this.client, this.keys.range(), first, last);
		assertThat(history.events()).isEqualTo(1 + 20 * 5);
		assertThat(WatchChecker.objections(history, this.listener.calls())).isEmpty();
	}

	private PutRequest putOf(String name, int value) {
		return PutRequest.of(this.keys.key(name), ByteSequence.of("" + value));
	}

	@Test
	void tellsWhatEtcdctlWrites() {
		open(WatchRequest.of(this.keys.range()));

		this.server.etcdctl("put", this.keys.name("k"), "1");
		this.server.etcdctl("del", this.keys.name("k"));

		await().atMost(SOON).untilAsserted(() -> assertThat(told()).containsExactly("k1", "k-"));
	}

}
