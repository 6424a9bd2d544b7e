/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.util.Objects;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.client.EtcdClient;

/**
 * Where a mirror writes to: the keys of a prefix, which are the mirror's alone. What
 * others write there is overwritten or deleted at some time, and may be missed for long.
 * Immutable.
 * <p>
 * While it writes, the mirror has a key of its own beside them,
 * {@code etcdspring/mirror/} followed by the prefix. Each of its transactions compares
 * that key and writes it anew, so that a write whose answer was lost cannot come late and
 * undo a newer one, a target that was put back to a backup refuses the next write, and of
 * two mirrors into one prefix only the one that was opened last goes on. With
 * authentication on, its user needs that key as well.
 */
public final class MirrorTarget {

	private static final int OPERATIONS = 128;

	private final EtcdClient client;

	private final ByteSequence prefix;

	private final int maxOperations;

	private MirrorTarget(EtcdClient client, ByteSequence prefix, int maxOperations) {
		this.client = Objects.requireNonNull(client, "client");
		this.prefix = Objects.requireNonNull(prefix, "prefix");
		this.maxOperations = maxOperations;
	}

	/**
	 * Returns the target of a prefix.
	 * @param client a client of the cluster to write to; must be closed after the mirror
	 * @param prefix what takes the place of the source's prefix; the empty one writes
	 * into the whole key space, and deletes there what the source does not have; a key of
	 * the source that is its prefix and nothing more has no place there, and ends the
	 * mirror
	 * @return the target
	 */
	public static MirrorTarget of(EtcdClient client, ByteSequence prefix) {
		return new MirrorTarget(client, prefix, OPERATIONS);
	}

	/**
	 * Returns the target of a prefix.
	 * @param client a client of the cluster to write to
	 * @param prefix what takes the place of the source's prefix, as text
	 * @return the target
	 */
	public static MirrorTarget of(EtcdClient client, String prefix) {
		return of(client, ByteSequence.of(prefix));
	}

	/**
	 * Returns the same target, whose server allows another number of operations in a
	 * transaction: its {@code --max-txn-ops}. One of them writes the mirror's own key;
	 * changes of one source revision beyond the others are split over several
	 * transactions.
	 * @param maxOperations the number, above 1; 128 by default
	 * @return a new target
	 * @throws IllegalArgumentException if it is not above 1
	 */
	public MirrorTarget withMaxOperations(int maxOperations) {
		if (maxOperations <= 1) {
			throw new IllegalArgumentException("max operations: " + maxOperations + " (expected: above 1)");
		}
		return new MirrorTarget(this.client, this.prefix, maxOperations);
	}

	/**
	 * Returns what takes the place of the source's prefix.
	 * @return the prefix
	 */
	public ByteSequence prefix() {
		return this.prefix;
	}

	/**
	 * Returns how many operations a transaction may have, that on the mirror's own key
	 * included.
	 * @return the number
	 */
	public int maxOperations() {
		return this.maxOperations;
	}

	EtcdClient client() {
		return this.client;
	}

	@Override
	public String toString() {
		return "MirrorTarget[" + this.prefix + "]";
	}

}
