/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.cache;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.RandomAccess;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * Key-values in the order of their keys, in pieces that a list which differs in a few
 * keys shares with this one. Immutable.
 */
final class SortedKeyValues extends AbstractList<KeyValue> implements RandomAccess {

	/** Neighbours that are no larger together are joined. */
	static final int PIECE = 128;

	static final SortedKeyValues EMPTY = new SortedKeyValues(new KeyValue[0][]);

	/** None of them empty. */
	private final KeyValue[][] pieces;

	/** The index of the first of each piece; then the size. */
	private final int[] starts;

	SortedKeyValues(KeyValue[][] pieces) {
		this(pieces, startsOf(pieces));
	}

	private SortedKeyValues(KeyValue[][] pieces, int[] starts) {
		this.pieces = pieces;
		this.starts = starts;
	}

	private static int[] startsOf(KeyValue[][] pieces) {
		int[] starts = new int[pieces.length + 1];
		for (int i = 0; i < pieces.length; i++) {
			starts[i + 1] = starts[i] + pieces[i].length;
		}
		return starts;
	}

	static SortedKeyValues copyOf(List<KeyValue> inKeyOrder) {
		if (inKeyOrder instanceof SortedKeyValues sorted) {
			return sorted;
		}
		SortedKeyValuesBuilder builder = new SortedKeyValuesBuilder(inKeyOrder.size() / PIECE + 1);
		builder.add(inKeyOrder.toArray(KeyValue[]::new));
		return builder.build();
	}

	@Override
	public int size() {
		return this.starts[this.pieces.length];
	}

	@Override
	public KeyValue get(int index) {
		int piece = Arrays.binarySearch(this.starts, index);
		if (piece < 0) {
			piece = -piece - 2;
		}
		if (piece < 0 || piece >= this.pieces.length) {
			throw new IndexOutOfBoundsException(index);
		}
		return this.pieces[piece][index - this.starts[piece]];
	}

	int pieces() {
		return this.pieces.length;
	}

	/** Returns a piece, which nobody changes. */
	KeyValue[] piece(int number) {
		return this.pieces[number];
	}

	/** Returns the number of the piece that has a key, or would have it. */
	int pieceOf(ByteSequence key) {
		int low = 0;
		int high = this.pieces.length;
		while (high - low > 1) {
			int middle = (low + high) >>> 1;
			if (this.pieces[middle][0].key().compareTo(key) <= 0) {
				low = middle;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	/** Returns the key-value of a key; {@code null} if there is none. */
	@Nullable KeyValue find(ByteSequence key) {
		if (this.pieces.length == 0) {
			return null;
		}
		KeyValue[] piece = this.pieces[pieceOf(key)];
		int index = indexIn(piece, key);
		return hasAt(piece, index, key) ? piece[index] : null;
	}

	/**
	 * Returns a list in which a key has another value, which copies less than to put it
	 * together anew; {@code null} if this one lacks the key.
	 */
	@Nullable SortedKeyValues replace(KeyValue kv) {
		if (this.pieces.length == 0) {
			return null;
		}
		ByteSequence key = kv.key();
		int number = pieceOf(key);
		KeyValue[] piece = this.pieces[number];
		int index = indexIn(piece, key);
		if (!hasAt(piece, index, key)) {
			return null;
		}
		KeyValue[][] changed = this.pieces.clone();
		changed[number] = piece.clone();
		changed[number][index] = kv;
		return new SortedKeyValues(changed, this.starts);
	}

	/** Returns the index of the first key that is not below another. */
	int indexOf(ByteSequence key) {
		if (this.pieces.length == 0) {
			return 0;
		}
		int number = pieceOf(key);
		return this.starts[number] + indexIn(this.pieces[number], key);
	}

	/** Returns the index of the first key of a piece that is not below another. */
	static int indexIn(KeyValue[] piece, ByteSequence key) {
		int low = 0;
		int high = piece.length;
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (piece[middle].key().compareTo(key) < 0) {
				low = middle + 1;
			}
			else {
				high = middle;
			}
		}
		return low;
	}

	/** Whether a piece has a key where {@link #indexIn} says that it would be. */
	static boolean hasAt(KeyValue[] piece, int index, ByteSequence key) {
		return index < piece.length && piece[index].key().equals(key);
	}

	@Override
	public Iterator<KeyValue> iterator() {
		return new PieceIterator();
	}

	/** Goes through the pieces without looking for each index. */
	private final class PieceIterator implements Iterator<KeyValue> {

		private int piece;

		private int next;

		@Override
		public boolean hasNext() {
			return this.piece < SortedKeyValues.this.pieces.length;
		}

		@Override
		public KeyValue next() {
			if (!hasNext()) {
				throw new NoSuchElementException();
			}
			KeyValue[] piece = SortedKeyValues.this.pieces[this.piece];
			KeyValue kv = piece[this.next++];
			if (this.next == piece.length) {
				this.piece++;
				this.next = 0;
			}
			return kv;
		}

	}

}
