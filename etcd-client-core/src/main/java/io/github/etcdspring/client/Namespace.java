/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnOperationResult;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.watch.WatchEvent;

/**
 * A prefix that a view of the client puts before every key it sends, and takes from every
 * key it gets. A range without upper bound ends where the prefix's keys end. Immutable.
 */
final class Namespace {

	/** The end that stands for "no upper bound". */
	private static final ByteSequence UNBOUNDED = ByteSequence.copyOf(new byte[1]);

	/** All keys, as they are. */
	static final Namespace NONE = new Namespace(ByteSequence.EMPTY);

	private final ByteSequence prefix;

	/** The wire's end of all keys of this namespace. */
	private final ByteSequence end;

	private Namespace(ByteSequence prefix) {
		this.prefix = prefix;
		this.end = KeyRange.prefix(prefix).end().orElse(UNBOUNDED);
	}

	/** Returns what stands before each key; empty if nothing does. */
	ByteSequence prefix() {
		return this.prefix;
	}

	/** Returns the wire's end of a range without upper bound. */
	ByteSequence end() {
		return this.end;
	}

	/** Returns a namespace inside this one. */
	Namespace inner(ByteSequence prefix) {
		return prefix.isEmpty() ? this : new Namespace(this.prefix.concat(prefix));
	}

	boolean isNone() {
		return this.prefix.isEmpty();
	}

	ByteSequence add(ByteSequence key) {
		return isNone() ? key : this.prefix.concat(key);
	}

	KeyRange add(KeyRange range) {
		if (isNone()) {
			return range;
		}
		ByteSequence start = add(range.start());
		if (range.isSingleKey()) {
			return KeyRange.key(start);
		}
		Optional<ByteSequence> end = range.end().map(this::add).or(() -> KeyRange.prefix(this.prefix).end());
		return end.map((bound) -> KeyRange.between(start, bound)).orElseGet(() -> KeyRange.from(start));
	}

	/** Whether a key lies in this namespace. */
	boolean contains(ByteSequence key) {
		return key.startsWith(this.prefix);
	}

	ByteSequence strip(ByteSequence key) {
		return key.substring(this.prefix.size());
	}

	KeyValue strip(KeyValue kv) {
		return new KeyValue(strip(kv.key()), kv.value(), kv.createRevision(), kv.modRevision(), kv.version(),
				kv.lease());
	}

	RangeResult strip(RangeResult result) {
		return isNone() ? result : new RangeResult(result.header(), strip(result.kvs()), result.more(), result.count());
	}

	PutResult strip(PutResult result) {
		return isNone() ? result : new PutResult(result.header(), result.previous().map(this::strip));
	}

	DeleteResult strip(DeleteResult result) {
		return isNone() ? result : new DeleteResult(result.header(), result.deleted(), strip(result.previous()));
	}

	TxnResult strip(TxnResult result) {
		return isNone() ? result : new TxnResult(result.header(), result.succeeded(),
				result.results().stream().map(this::stripOperation).toList());
	}

	private TxnOperationResult stripOperation(TxnOperationResult result) {
		if (result instanceof RangeResult range) {
			return strip(range);
		}
		if (result instanceof PutResult put) {
			return strip(put);
		}
		if (result instanceof DeleteResult delete) {
			return strip(delete);
		}
		return strip((TxnResult) result);
	}

	private List<KeyValue> strip(List<KeyValue> kvs) {
		return kvs.stream().map(this::strip).toList();
	}

	WatchEvent strip(WatchEvent event) {
		if (event instanceof WatchEvent.Put put) {
			return new WatchEvent.Put(strip(put.kv()), put.previous().map(this::strip));
		}
		return new WatchEvent.Delete(strip(event.key()), event.revision(), event.previous().map(this::strip));
	}

}
