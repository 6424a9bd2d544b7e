/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;

/**
 * Writes the requests of etcd's key-value service, with the keys of a namespace.
 */
final class KvRequests {

	private KvRequests() {
	}

	static MessageWriter.Body of(Namespace namespace, RangeRequest range) {
		return (message) -> write(message, namespace, range);
	}

	static MessageWriter.Body of(Namespace namespace, PutRequest put) {
		return (message) -> write(message, namespace, put);
	}

	static MessageWriter.Body of(Namespace namespace, DeleteRequest delete) {
		return (message) -> write(message, namespace, delete);
	}

	static MessageWriter.Body of(Namespace namespace, TxnRequest txn) {
		return (message) -> write(message, namespace, txn);
	}

	private static void write(MessageWriter message, Namespace namespace, RangeRequest range) {
		range(message, KvProto.RangeRequest.KEY_FIELD_NUMBER, KvProto.RangeRequest.RANGE_END_FIELD_NUMBER, namespace,
				range.range());
		message.number(KvProto.RangeRequest.LIMIT_FIELD_NUMBER, range.limit());
		message.number(KvProto.RangeRequest.REVISION_FIELD_NUMBER, range.revision());
		message.number(KvProto.RangeRequest.SORT_ORDER_FIELD_NUMBER, sortOrder(range));
		message.number(KvProto.RangeRequest.SORT_TARGET_FIELD_NUMBER, sortTarget(range));
		message.flag(KvProto.RangeRequest.SERIALIZABLE_FIELD_NUMBER, range.isSerializable());
		message.flag(KvProto.RangeRequest.KEYS_ONLY_FIELD_NUMBER, range.isKeysOnly());
		message.flag(KvProto.RangeRequest.COUNT_ONLY_FIELD_NUMBER, range.isCountOnly());
		message.number(KvProto.RangeRequest.MIN_MOD_REVISION_FIELD_NUMBER, range.minModRevision());
		message.number(KvProto.RangeRequest.MAX_MOD_REVISION_FIELD_NUMBER, range.maxModRevision());
		message.number(KvProto.RangeRequest.MIN_CREATE_REVISION_FIELD_NUMBER, range.minCreateRevision());
		message.number(KvProto.RangeRequest.MAX_CREATE_REVISION_FIELD_NUMBER, range.maxCreateRevision());
	}

	/** Keys in ascending order are what the server returns unsorted. */
	private static int sortOrder(RangeRequest range) {
		if (range.sortOrder() == RangeRequest.SortOrder.DESCEND) {
			return KvProto.RangeRequest.SortOrder.DESCEND_VALUE;
		}
		return (range.sortTarget() == RangeRequest.SortTarget.KEY) ? KvProto.RangeRequest.SortOrder.NONE_VALUE
				: KvProto.RangeRequest.SortOrder.ASCEND_VALUE;
	}

	private static int sortTarget(RangeRequest range) {
		return switch (range.sortTarget()) {
			case KEY -> KvProto.RangeRequest.SortTarget.KEY_VALUE;
			case VERSION -> KvProto.RangeRequest.SortTarget.VERSION_VALUE;
			case CREATE -> KvProto.RangeRequest.SortTarget.CREATE_VALUE;
			case MOD -> KvProto.RangeRequest.SortTarget.MOD_VALUE;
			case VALUE -> KvProto.RangeRequest.SortTarget.VALUE_VALUE;
		};
	}

	private static void write(MessageWriter message, Namespace namespace, PutRequest put) {
		message.bytes(KvProto.PutRequest.KEY_FIELD_NUMBER, namespace.prefix(), put.key());
		message.bytes(KvProto.PutRequest.VALUE_FIELD_NUMBER, put.value());
		message.number(KvProto.PutRequest.LEASE_FIELD_NUMBER, put.lease().value());
		message.flag(KvProto.PutRequest.PREV_KV_FIELD_NUMBER, put.returnsPrevious());
		message.flag(KvProto.PutRequest.IGNORE_VALUE_FIELD_NUMBER, put.keepsValue());
		message.flag(KvProto.PutRequest.IGNORE_LEASE_FIELD_NUMBER, put.keepsLease());
	}

	private static void write(MessageWriter message, Namespace namespace, DeleteRequest delete) {
		range(message, KvProto.DeleteRangeRequest.KEY_FIELD_NUMBER, KvProto.DeleteRangeRequest.RANGE_END_FIELD_NUMBER,
				namespace, delete.range());
		message.flag(KvProto.DeleteRangeRequest.PREV_KV_FIELD_NUMBER, delete.returnsPrevious());
	}

	private static void write(MessageWriter message, Namespace namespace, TxnRequest txn) {
		for (Compare compare : txn.compares()) {
			message.message(KvProto.TxnRequest.COMPARE_FIELD_NUMBER, (inner) -> write(inner, namespace, compare));
		}
		for (TxnOperation operation : txn.success()) {
			message.message(KvProto.TxnRequest.SUCCESS_FIELD_NUMBER, (inner) -> operation(inner, namespace, operation));
		}
		for (TxnOperation operation : txn.failure()) {
			message.message(KvProto.TxnRequest.FAILURE_FIELD_NUMBER, (inner) -> operation(inner, namespace, operation));
		}
	}

	private static void operation(MessageWriter message, Namespace namespace, TxnOperation operation) {
		if (operation instanceof RangeRequest range) {
			message.message(KvProto.RequestOp.REQUEST_RANGE_FIELD_NUMBER, of(namespace, range));
		}
		else if (operation instanceof PutRequest put) {
			message.message(KvProto.RequestOp.REQUEST_PUT_FIELD_NUMBER, of(namespace, put));
		}
		else if (operation instanceof DeleteRequest delete) {
			message.message(KvProto.RequestOp.REQUEST_DELETE_RANGE_FIELD_NUMBER, of(namespace, delete));
		}
		else if (operation instanceof TxnRequest txn) {
			message.message(KvProto.RequestOp.REQUEST_TXN_FIELD_NUMBER, of(namespace, txn));
		}
	}

	private static void write(MessageWriter message, Namespace namespace, Compare compare) {
		message.number(KvProto.Compare.RESULT_FIELD_NUMBER,
				KvProto.Compare.CompareResult.valueOf(compare.relation().name()).getNumber());
		message.number(KvProto.Compare.TARGET_FIELD_NUMBER,
				KvProto.Compare.CompareTarget.valueOf(compare.target().name()).getNumber());
		range(message, KvProto.Compare.KEY_FIELD_NUMBER, KvProto.Compare.RANGE_END_FIELD_NUMBER, namespace,
				compare.range());
		switch (compare.target()) {
			case VERSION -> message.chosenNumber(KvProto.Compare.VERSION_FIELD_NUMBER, compare.number());
			case CREATE -> message.chosenNumber(KvProto.Compare.CREATE_REVISION_FIELD_NUMBER, compare.number());
			case MOD -> message.chosenNumber(KvProto.Compare.MOD_REVISION_FIELD_NUMBER, compare.number());
			case VALUE -> message.chosenBytes(KvProto.Compare.VALUE_FIELD_NUMBER, compare.value());
			case LEASE -> message.chosenNumber(KvProto.Compare.LEASE_FIELD_NUMBER, compare.number());
		}
	}

	/** Writes a range; no end for a single key. */
	static void range(MessageWriter message, int keyField, int endField, Namespace namespace, KeyRange range) {
		message.bytes(keyField, namespace.prefix(), range.start());
		if (range.isSingleKey()) {
			return;
		}
		Optional<ByteSequence> end = range.end();
		if (end.isPresent()) {
			message.bytes(endField, namespace.prefix(), end.get());
		}
		else {
			message.bytes(endField, namespace.end());
		}
	}

}
