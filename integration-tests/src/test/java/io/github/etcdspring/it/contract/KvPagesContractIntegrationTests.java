/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Reads in pages, beside writes and compactions: what they find is what a plain read
 * finds at their revision.
 */
@Contract
class KvPagesContractIntegrationTests {

	private static final int OPERATIONS = 100;

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	KvPagesContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
	}

	/** Many, or large. */
	@AfterEach
	void deleteKeys() {
		this.server.forget(this.keys.range());
	}

	private RangeRequest.Builder all() {
		return RangeRequest.builder(this.keys.range());
	}

	/** Writes keys a hundred at a time. */
	private void write(int count, int bytes) {
		ByteSequence value = ByteSequence.copyOf(new byte[bytes]);
		for (int from = 0; from < count; from += OPERATIONS) {
			TxnOperation[] puts = IntStream.range(from, Math.min(count, from + OPERATIONS))
				.mapToObj((i) -> PutRequest.of(this.keys.key("k%05d".formatted(i)), value))
				.toArray(TxnOperation[]::new);
			this.client.kv().txn().then(puts).commit();
		}
	}

	private List<RangePage> read(RangeRequest request) {
		Reader reader = new Reader();
		this.client.kv().pages(request).subscribe(reader);
		reader.request(Long.MAX_VALUE);
		return reader.pages.orTimeout(20, TimeUnit.SECONDS).join();
	}

	private static List<KeyValue> kvs(List<RangePage> pages) {
		return pages.stream().flatMap((page) -> page.kvs().stream()).toList();
	}

	@Test
	void findsWhatPlainReadFindsWhenThereAreTenThousandKeys() {
		write(10_000, 10);

		List<RangePage> pages = read(all().build());

		assertThat(pages).hasSizeGreaterThan(9);
		assertThat(kvs(pages)).isEqualTo(this.client.kv().get(this.keys.range()).kvs()).hasSize(10_000);
		assertThat(pages).extracting(RangePage::revision).containsOnly(pages.get(0).revision());
		try (Stream<KeyValue> stream = this.client.kv().stream(all().build())) {
			assertThat(stream.toList()).isEqualTo(kvs(pages));
		}
	}

	@Test
	void staysAtRevisionOfFirstPageWhenKeysAreWrittenMeanwhile() {
		write(1000, 10);
		long revision = this.client.kv().get(this.keys.range()).revision();
		List<KeyValue> found = new ArrayList<>();

		try (Stream<KeyValue> stream = this.client.kv().stream(all().build())) {
			stream.forEach((kv) -> {
				if (found.size() % 100 == 0) {
					this.client.kv().put(this.keys.name("k00999"), "changed");
					this.client.kv().delete(this.keys.name("k00998"));
					this.client.kv().put(this.keys.name("k%05dz".formatted(found.size() + 500)), "new");
				}
				found.add(kv);
			});
		}

		assertThat(found).isEqualTo(this.client.kv().get(all().revision(revision).build()).kvs()).hasSize(1000);
	}

	@Test
	void failsWhenCompactionOvertakesIt() {
		write(2000, 10);

		try (Stream<KeyValue> stream = this.client.kv().stream(all().build())) {
			Iterator<KeyValue> found = stream.iterator();
			found.next();
			long revision = this.client.kv().put(this.keys.name("other"), "1").revision();
			this.client.kv().compact(CompactRequest.of(revision).withPhysical());

			assertThatExceptionOfType(CompactedException.class).isThrownBy(() -> found.forEachRemaining((kv) -> {
			}));
		}
	}

	@Test
	void makesSmallPagesWhenValuesAreLarge() {
		for (int i = 0; i < 20; i++) {
			this.client.kv().put(PutRequest.of(this.keys.key("k" + i), ByteSequence.copyOf(new byte[1_000_000])));
		}

		List<RangePage> pages = read(all().build());

		assertThat(kvs(pages)).hasSize(20).allSatisfy((kv) -> assertThat(kv.value().size()).isEqualTo(1_000_000));
		assertThat(pages).hasSizeGreaterThan(2);
	}

	@Test
	void findsWhatPlainReadFindsWhenOptionsAreSet() {
		write(500, 10);
		long first = this.client.kv().get(this.keys.name("k00099")).first().orElseThrow().modRevision();
		long last = this.client.kv().get(this.keys.name("k00399")).first().orElseThrow().modRevision();

		write(200, 20);
		this.server.awaitRevision(this.client.kv().get(this.keys.range()).revision());
		for (RangeRequest request : List.of(all().keysOnly().build(), all().serializable().build(),
				all().limit(350).build(), all().limit(128).build(), all().limit(500).build(), all().limit(1).build(),
				all().revision(last).build(), all().minModRevision(last).build(), all().maxModRevision(last).build(),
				all().minCreateRevision(first + 1).maxCreateRevision(last).build(),
				all().maxModRevision(last).limit(150).keysOnly().build(), RangeRequest.of(this.keys.only("k00007")),
				RangeRequest.of(this.keys.only("absent")),
				RangeRequest.of(KeyRange.between(this.keys.key("k00100"), this.keys.key("k00300"))))) {
			List<RangePage> pages = read(request);
			var plain = this.client.kv().get(request);
			assertThat(kvs(pages)).as(request.toString()).isEqualTo(plain.kvs());
			assertThat(pages.get(pages.size() - 1).more()).as(request.toString()).isEqualTo(plain.more());
		}
	}

	@Test
	void readsWithinNamespaceWhenClientIsView() {
		write(300, 10);

		try (Stream<KeyValue> stream = this.client.withNamespace(this.keys.prefix())
			.kv()
			.stream(RangeRequest.of(KeyRange.all()))) {
			assertThat(stream.map((kv) -> kv.key().toUtf8())).hasSize(300).startsWith("k00000").endsWith("k00299");
		}
	}

	@Test
	void failsWhenClientIsClosedMeanwhile() {
		write(2000, 10);
		EtcdClient other = this.server.connect();
		Iterator<KeyValue> found = other.kv().stream(all().build()).iterator();
		found.next();

		other.close();

		assertThatExceptionOfType(EtcdClosedException.class).isThrownBy(() -> found.forEachRemaining((kv) -> {
		}));
	}

	/** Collects pages. */
	private static final class Reader implements Flow.Subscriber<RangePage> {

		private final List<RangePage> received = new ArrayList<>();

		private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

		private final CompletableFuture<List<RangePage>> pages = new CompletableFuture<>();

		void request(long n) {
			this.subscription.orTimeout(10, TimeUnit.SECONDS).join().request(n);
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription.complete(subscription);
		}

		@Override
		public void onNext(RangePage page) {
			this.received.add(page);
		}

		@Override
		public void onError(Throwable failure) {
			this.pages.completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			this.pages.complete(this.received);
		}

	}

}
