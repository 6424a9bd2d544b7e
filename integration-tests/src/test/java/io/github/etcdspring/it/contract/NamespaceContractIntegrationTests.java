/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Contract
class NamespaceContractIntegrationTests {

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	private final EtcdClient inside;

	NamespaceContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
		this.inside = this.client.withNamespace(this.keys.prefix());
	}

	@Test
	void writesUnderThePrefix() {
		this.inside.kv().put("k", "1");

		assertThat(this.client.kv().get(this.keys.name("k")).first()).map((kv) -> kv.value().toUtf8()).contains("1");
		assertThat(this.server.etcdctl("get", this.keys.name("k"), "--print-value-only").trim()).isEqualTo("1");
	}

	@Test
	void readsEveryKeyOfTheNamespaceAndNoOther() {
		this.client.kv().put(this.keys.name("a"), "1");
		this.client.kv().put(this.keys.name("b"), "2");
		this.client.kv().put("0-before", "x");
		this.client.kv().put("~-after", "x");

		assertThat(this.inside.kv().get(KeyRange.all()).kvs()).extracting((kv) -> kv.key().toUtf8())
			.containsExactly("a", "b");
	}

	@Test
	void endsWhereAPrefixOf0xffEnds() {
		ByteSequence prefix = ByteSequence.copyOf(new byte[] { (byte) 0xff, (byte) 0xff });
		EtcdClient last = this.client.withNamespace(prefix);
		ByteSequence below = ByteSequence.copyOf(new byte[] { (byte) 0xff, (byte) 0xfe });
		this.client.kv().put(PutRequest.of(below, ByteSequence.of("x")));
		last.kv().put("k", "1");

		assertThat(last.kv().get(KeyRange.all()).kvs()).extracting((kv) -> kv.key().toUtf8()).containsExactly("k");
		assertThat(last.kv().delete(DeleteRequest.of(KeyRange.all())).deleted()).isEqualTo(1);
		assertThat(this.client.kv().delete(DeleteRequest.of(KeyRange.key(below))).deleted()).isEqualTo(1);
	}

	@Test
	void returnsWhatWasDeletedAndOverwrittenByItsKeyInside() {
		this.inside.kv().put("k", "1");

		Optional<KeyValue> overwritten = this.inside.kv().put(PutRequest.of("k", "2").withPrevious()).previous();
		List<KeyValue> deleted = this.inside.kv()
			.delete(DeleteRequest.of(KeyRange.prefix("k")).withPrevious())
			.previous();

		assertThat(overwritten).map((kv) -> kv.key().toUtf8()).contains("k");
		assertThat(deleted).extracting((kv) -> kv.key().toUtf8()).containsExactly("k");
	}

	@Test
	void comparesAndWritesInATransaction() {
		TxnResult result = this.inside.kv()
			.txn()
			.when(Compare.absent(ByteSequence.of("k")))
			.then(PutRequest.of("k", "1"), RangeRequest.of(KeyRange.key("k")))
			.commit();

		assertThat(result.succeeded()).isTrue();
		assertThat(result.range(1).first()).map((kv) -> kv.key().toUtf8()).contains("k");
		assertThat(this.client.kv().get(this.keys.name("k")).count()).isEqualTo(1);
	}

	@Test
	void watchesTheNamespaceAlone() {
		RecordingListener events = new RecordingListener();
		this.inside.watch().open(WatchRequest.of(KeyRange.all()), events);

		this.client.kv().put("0-before", "x");
		this.client.kv().put(this.keys.name("k"), "1");
		this.client.kv().delete(this.keys.name("k"));

		await().until(() -> events.events().size() == 2);
		assertThat(events.events()).extracting((event) -> event.key().toUtf8()).containsExactly("k", "k");
		assertThat(events.events().get(1)).isInstanceOf(WatchEvent.Delete.class);
	}

	@Test
	void namesTheKeysOfALeaseThatLieInside() {
		LeaseGrant lease = this.client.lease().grant(Duration.ofSeconds(60));
		this.client.kv().put(PutRequest.of(this.keys.name("k"), "1").withLease(lease.id()));
		this.client.kv().put(PutRequest.of("0-before", "1").withLease(lease.id()));

		assertThat(this.inside.lease().timeToLiveWithKeys(lease.id()).keys()).extracting(ByteSequence::toUtf8)
			.containsExactly("k");
	}

	@Test
	void locksInside() {
		try (Session session = Session.open(this.inside, Duration.ofSeconds(10))) {
			EtcdLock lock = EtcdLock.of(session, "lock");
			lock.lock();
			try {
				assertThat(this.client.kv().get(KeyRange.prefix(this.keys.name("lock/"))).count()).isEqualTo(1);
			}
			finally {
				lock.unlock();
			}
		}
	}

	@Test
	void nests() {
		this.inside.withNamespace("inner/").kv().put("k", "1");

		assertThat(this.client.kv().get(this.keys.name("inner/k")).count()).isEqualTo(1);
	}

}
