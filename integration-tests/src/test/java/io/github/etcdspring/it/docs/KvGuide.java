/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.KvClient;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnResult;

/**
 * The snippets of {@code docs/client/kv.md}.
 */
final class KvGuide {

	private KvGuide() {
	}

	static Optional<KeyValue> lastChange(EtcdClient client) {
		RangeRequest request = RangeRequest.builder(KeyRange.prefix("orders/"))
			.last(RangeRequest.SortTarget.MOD)
			.keysOnly()
			.build();
		return client.kv().get(request).first();
	}

	static long count(EtcdClient client) {
		return client.kv().get(RangeRequest.builder(KeyRange.prefix("orders/")).countOnly().build()).count();
	}

	static RangeResult readAgain(EtcdClient client, long revision) {
		return client.kv().get(RangeRequest.builder(KeyRange.prefix("orders/")).revision(revision).build());
	}

	static Optional<KeyValue> replace(EtcdClient client, String key, String value) {
		PutResult put = client.kv().put(PutRequest.of(key, value).keepingLease().withPrevious());
		return put.previous();
	}

	static void attach(EtcdClient client, String key, LeaseId lease) {
		client.kv().put(PutRequest.keepingValue(key).withLease(lease));
	}

	static long deleteAll(EtcdClient client) {
		DeleteResult result = client.kv().delete(DeleteRequest.of(KeyRange.prefix("orders/")).withPrevious());
		return result.deleted();
	}

	static String claim(EtcdClient client, String me) {
		ByteSequence key = ByteSequence.of("owner");
		TxnResult result = client.kv()
			.txn()
			.when(Compare.absent(key))
			.then(PutRequest.of(key, ByteSequence.of(me)))
			.otherwise(RangeRequest.of(KeyRange.key(key)))
			.commit();
		return result.succeeded() ? me : result.range(0).first().orElseThrow().value().toUtf8();
	}

	static int addOne(EtcdClient client, String key) {
		while (true) {
			Optional<KeyValue> old = client.kv().get(key).first();
			int next = old.map((kv) -> Integer.parseInt(kv.value().toUtf8())).orElse(0) + 1;
			long revision = old.map(KeyValue::modRevision).orElse(0L);
			Compare unchanged = Compare.modRevision(KeyRange.key(key), Compare.Relation.EQUAL, revision);
			PutRequest put = PutRequest.of(key, Integer.toString(next));
			if (client.kv().txn().when(unchanged).then(put).commit().succeeded()) {
				return next;
			}
		}
	}

	static long bytes(EtcdClient client) {
		RangeRequest request = RangeRequest.of(KeyRange.prefix("orders/"));
		try (Stream<KeyValue> orders = client.kv().stream(request)) {
			return orders.mapToLong((kv) -> kv.value().size()).sum();
		}
	}

	static CompletableFuture<Long> countPages(KvClient kv, RangeRequest request) {
		CompletableFuture<Long> keys = new CompletableFuture<>();
		kv.pages(request).subscribe(new Flow.Subscriber<>() {

			private long count;

			@Override
			public void onSubscribe(Flow.Subscription subscription) {
				subscription.request(Long.MAX_VALUE);
			}

			@Override
			public void onNext(RangePage page) {
				this.count += page.kvs().size();
			}

			@Override
			public void onError(Throwable failure) {
				keys.completeExceptionally(failure);
			}

			@Override
			public void onComplete() {
				keys.complete(this.count);
			}

		});
		return keys;
	}

	static void forgetBefore(EtcdClient client, long revision) {
		client.kv().compact(CompactRequest.of(revision).withPhysical());
	}

}
