/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnResult;

/**
 * What owners wrote under their guard, and whether they owned then: at the revision of
 * each write fewer rivals than there are places had been created before its owner's key,
 * and that key stood. Read from the store as it was, not from what clients say.
 * Thread-safe.
 */
final class PlacesHeld {

	private final EtcdClient observer;

	private final ByteSequence register;

	private final Queue<Write> writes = new ConcurrentLinkedQueue<>();

	private final AtomicInteger refused = new AtomicInteger();

	private final AtomicInteger failed = new AtomicInteger();

	PlacesHeld(EtcdClient observer, ByteSequence register) {
		this.observer = observer;
		this.register = register;
	}

	/**
	 * Writes as an owner.
	 * @param key the owner's
	 * @param guard makes the write fail when it is no longer the owner
	 * @param rivals whom it had to wait for
	 * @param places how many may own at once
	 */
	void write(EtcdClient client, ByteSequence key, Compare guard, KeyRange rivals, int places) {
		try {
			TxnResult written = client.kv().txn().when(guard).then(PutRequest.of(this.register, key)).commit();
			if (written.succeeded()) {
				this.writes.add(new Write(written.revision(), key, rivals, places));
			}
			else {
				this.refused.incrementAndGet();
			}
		}
		catch (EtcdException ex) {
			this.failed.incrementAndGet();
		}
	}

	/** What is wrong with all writes; empty if nothing is. */
	List<String> objections() {
		List<String> objections = new ArrayList<>();
		for (Write write : this.writes) {
			long token = at(write, KeyRange.key(write.key())).stream().mapToLong(KeyValue::createRevision).sum();
			long before = at(write, write.rivals()).stream().filter((kv) -> kv.createRevision() < token).count();
			if (token == 0) {
				objections.add(write.key() + " wrote at " + write.revision() + " when it did not stand");
			}
			else if (before >= write.places()) {
				objections.add(write.key() + " wrote at " + write.revision() + " with " + before + " before it");
			}
		}
		return objections;
	}

	private List<KeyValue> at(Write write, KeyRange range) {
		return this.observer.kv().get(RangeRequest.builder(range).revision(write.revision()).keysOnly().build()).kvs();
	}

	/** How many writes were acknowledged. */
	int number() {
		return this.writes.size();
	}

	@Override
	public String toString() {
		return number() + " writes ok, " + this.refused.get() + " refused, " + this.failed.get() + " failed";
	}

	/** One write. */
	private record Write(long revision, ByteSequence key, KeyRange rivals, int places) {

	}

}
