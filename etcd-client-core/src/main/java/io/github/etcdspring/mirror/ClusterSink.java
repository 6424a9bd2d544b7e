/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangePage;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.watch.WatchEvent;
import org.jspecify.annotations.Nullable;

/**
 * Writes the copy into a cluster. A base is compared with what is there, page by page, so
 * that only what differs is written and what is gone is deleted, and never more than a
 * few pages are held. One step at a time.
 */
final class ClusterSink implements MirrorSink {

	/** Of one transaction: two thirds of what etcd takes by default. */
	private static final int MAX_BYTES = 1024 * 1024;

	private final EtcdClient client;

	/** Of one transaction: the fence is written with them. */
	private final int maxChanges;

	private final KeyMapping keys;

	private final TargetWriter writer;

	/** The lowest key that is not compared yet. */
	private volatile ByteSequence from = ByteSequence.EMPTY;

	private volatile @Nullable SteppedSubscriber<RangePage> reading;

	ClusterSink(ByteSequence sourcePrefix, MirrorTarget target) {
		this.client = target.client();
		this.maxChanges = target.maxOperations() - 1;
		this.keys = new KeyMapping(sourcePrefix, target.prefix());
		this.writer = new TargetWriter(this.client, ByteSequence.of("etcdspring/mirror/").concat(target.prefix()));
	}

	@Override
	public CompletableFuture<Void> begin(long revision) {
		this.from = this.keys.targetRange().start();
		return this.writer.takeOver();
	}

	@Override
	public CompletableFuture<Void> page(RangePage page) {
		CompletableFuture<Void> closed = this.writer.failIfClosed();
		if (closed.isCompletedExceptionally()) {
			return closed;
		}
		List<PutRequest> wanted = new ArrayList<>();
		page.kvs().forEach((kv) -> put(kv, wanted));
		KeyRange part = this.keys.rest(this.from);
		if (page.more()) {
			ByteSequence last = this.keys.toTarget(page.kvs().get(page.kvs().size() - 1).key());
			part = KeyMapping.upTo(this.from, last);
			this.from = KeyMapping.after(last);
		}
		PageDifference difference = new PageDifference(wanted);
		SteppedSubscriber<RangePage> reading = new SteppedSubscriber<>(
				(found) -> write(difference.upTo(withoutOwn(found.kvs()))));
		this.reading = reading;
		this.client.kv().pages(RangeRequest.of(part)).subscribe(reading);
		return reading.done().thenCompose((nothing) -> write(difference.rest()));
	}

	private void put(KeyValue kv, List<PutRequest> puts) {
		ByteSequence key = this.keys.toTarget(kv.key());
		if (!key.equals(this.writer.fence())) {
			puts.add(PutRequest.of(key, kv.value()));
		}
	}

	private List<KeyValue> withoutOwn(List<KeyValue> found) {
		return found.stream().filter((kv) -> !kv.key().equals(this.writer.fence())).toList();
	}

	@Override
	public CompletableFuture<Void> end(long revision) {
		// also if nothing differed: it may have been put back while it was compared
		return this.writer.confirm();
	}

	@Override
	public CompletableFuture<Void> resume() {
		return this.writer.takeOver();
	}

	@Override
	public CompletableFuture<Void> changes(long revision, List<WatchEvent> events) {
		Map<ByteSequence, TxnOperation> operations = new LinkedHashMap<>();
		for (WatchEvent event : events) {
			ByteSequence key = this.keys.toTarget(event.key());
			TxnOperation operation = (event instanceof WatchEvent.Put put) ? PutRequest.of(key, put.kv().value())
					: DeleteRequest.of(KeyRange.key(key));
			// the last word on a key, should there be two of one revision
			operations.put(key, operation);
		}
		operations.remove(this.writer.fence());
		List<TxnOperation> all = List.copyOf(operations.values());
		return (all.size() <= this.maxChanges) ? this.writer.write(all) : write(all);
	}

	/** In as few transactions as may be, one after the other. */
	private CompletableFuture<Void> write(List<TxnOperation> operations) {
		CompletableFuture<Void> written = CompletableFuture.completedFuture(null);
		List<TxnOperation> together = new ArrayList<>();
		int bytes = 0;
		for (TxnOperation operation : operations) {
			int size = size(operation);
			if (together.size() == this.maxChanges || (bytes + size > MAX_BYTES && !together.isEmpty())) {
				List<TxnOperation> full = List.copyOf(together);
				written = written.thenCompose((nothing) -> this.writer.write(full));
				together.clear();
				bytes = 0;
			}
			together.add(operation);
			bytes += size;
		}
		List<TxnOperation> last = List.copyOf(together);
		return written.thenCompose((nothing) -> this.writer.write(last));
	}

	private static int size(TxnOperation operation) {
		return (operation instanceof PutRequest put) ? put.key().size() + put.value().size() : 100;
	}

	@Override
	public CompletableFuture<Void> close() {
		SteppedSubscriber<RangePage> reading = this.reading;
		if (reading != null) {
			reading.cancel();
		}
		return this.writer.close();
	}

}
