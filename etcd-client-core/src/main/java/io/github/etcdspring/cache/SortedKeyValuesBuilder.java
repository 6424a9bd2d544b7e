/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;

/**
 * Puts {@link SortedKeyValues} together. Used once, by one thread.
 */
final class SortedKeyValuesBuilder {

	private final List<KeyValue[]> pieces;

	/** Whether the last piece is one that an earlier list has, too. */
	private boolean lastIsShared;

	/**
	 * Makes a builder.
	 * @param pieces about how many pieces there will be
	 */
	SortedKeyValuesBuilder(int pieces) {
		this.pieces = new ArrayList<>(pieces);
	}

	/** Returns a list with other values, or none ({@code empty}), of some keys. */
	static SortedKeyValues change(SortedKeyValues kvs, NavigableMap<ByteSequence, Optional<KeyValue>> changes) {
		SortedKeyValuesBuilder builder = new SortedKeyValuesBuilder(kvs.pieces() + 1);
		int next = 0;
		while (!changes.isEmpty() && next < kvs.pieces()) {
			int changed = kvs.pieceOf(changes.firstKey());
			for (; next < changed; next++) {
				builder.share(kvs.piece(next));
			}
			boolean last = changed == kvs.pieces() - 1;
			ByteSequence end = last ? null : kvs.piece(changed + 1)[0].key();
			NavigableMap<ByteSequence, Optional<KeyValue>> here = (end == null) ? changes : changes.headMap(end, false);
			builder.add(merge(kvs.piece(changed), here));
			next = changed + 1;
			changes = (end == null) ? changes.tailMap(changes.lastKey(), false) : changes.tailMap(end, true);
		}
		for (; next < kvs.pieces(); next++) {
			builder.share(kvs.piece(next));
		}
		if (!changes.isEmpty()) {
			builder.add(merge(new KeyValue[0], changes));
		}
		return builder.build();
	}

	private static KeyValue[] merge(KeyValue[] piece, NavigableMap<ByteSequence, Optional<KeyValue>> changes) {
		KeyValue[] merged = new KeyValue[piece.length + changes.size()];
		int size = 0;
		int index = 0;
		for (Map.Entry<ByteSequence, Optional<KeyValue>> change : changes.entrySet()) {
			int at = SortedKeyValues.indexIn(piece, change.getKey());
			System.arraycopy(piece, index, merged, size, at - index);
			size += at - index;
			if (change.getValue().isPresent()) {
				merged[size++] = change.getValue().get();
			}
			boolean replaces = SortedKeyValues.hasAt(piece, at, change.getKey());
			index = replaces ? at + 1 : at;
		}
		System.arraycopy(piece, index, merged, size, piece.length - index);
		return Arrays.copyOf(merged, size + piece.length - index);
	}

	private void share(KeyValue[] piece) {
		if (!this.lastIsShared && fitsLast(piece)) {
			join(piece);
			return;
		}
		this.pieces.add(piece);
		this.lastIsShared = true;
	}

	/** Adds key-values above all that are there; takes the array, and may cut it up. */
	void add(KeyValue[] kvs) {
		if (kvs.length == 0) {
			this.lastIsShared = false;
			return;
		}
		if (fitsLast(kvs)) {
			join(kvs);
			return;
		}
		int count = (kvs.length <= 2 * SortedKeyValues.PIECE) ? 1
				: (kvs.length + SortedKeyValues.PIECE - 1) / SortedKeyValues.PIECE;
		for (int i = 0; i < count; i++) {
			int from = (int) ((long) kvs.length * i / count);
			int to = (int) ((long) kvs.length * (i + 1) / count);
			this.pieces.add((count == 1) ? kvs : Arrays.copyOfRange(kvs, from, to));
		}
		this.lastIsShared = false;
	}

	private boolean fitsLast(KeyValue[] piece) {
		return !this.pieces.isEmpty()
				&& this.pieces.get(this.pieces.size() - 1).length + piece.length <= SortedKeyValues.PIECE;
	}

	private void join(KeyValue[] piece) {
		KeyValue[] last = this.pieces.get(this.pieces.size() - 1);
		KeyValue[] joined = Arrays.copyOf(last, last.length + piece.length);
		System.arraycopy(piece, 0, joined, last.length, piece.length);
		this.pieces.set(this.pieces.size() - 1, joined);
		this.lastIsShared = false;
	}

	SortedKeyValues build() {
		return this.pieces.isEmpty() ? SortedKeyValues.EMPTY
				: new SortedKeyValues(this.pieces.toArray(KeyValue[][]::new));
	}

}
