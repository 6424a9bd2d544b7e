/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.lease.KeepAlive;

/**
 * Whose an entry is that several registrations of this process have written on one lease:
 * its key and its lease look the same to all of them. It is that of the last, so that an
 * earlier one which sees to what it left behind does not delete the entry of a later. The
 * last answers for all: what may appear late of one may appear of it. Thread-safe.
 */
final class EntryClaim {

	/** The last claim to each key, for each lease. No claim holds its lease. */
	private static final Map<KeepAlive, Map<ByteSequence, EntryClaim>> claims = Collections
		.synchronizedMap(new WeakHashMap<>());

	private final Map<ByteSequence, EntryClaim> onLease;

	private final ByteSequence key;

	private volatile boolean mayAppearLate;

	private EntryClaim(Map<ByteSequence, EntryClaim> onLease, ByteSequence key) {
		this.onLease = onLease;
		this.key = key;
	}

	/** Takes the place of the last claim. */
	static EntryClaim of(KeepAlive lease, ByteSequence key) {
		Map<ByteSequence, EntryClaim> onLease = claims.computeIfAbsent(lease, (each) -> new ConcurrentHashMap<>());
		EntryClaim claim = new EntryClaim(onLease, key);
		EntryClaim before = onLease.put(key, claim);
		if (before != null && before.mayAppearLate) {
			claim.mayAppearLate = true;
		}
		return claim;
	}

	/** Takes the word that the fate of a write is not known. */
	void doubt() {
		this.mayAppearLate = true;
		EntryClaim last = this.onLease.get(this.key);
		if (last != null) {
			last.mayAppearLate = true;
		}
	}

	/**
	 * Whether an entry may appear on the lease, or be there, of which this claim is all
	 * that is known.
	 */
	boolean mayAppearLate() {
		if (!this.mayAppearLate) {
			return false;
		}
		EntryClaim last = this.onLease.putIfAbsent(this.key, this);
		return last == null || last == this;
	}

	/** Says that nothing is left behind. */
	void end() {
		this.onLease.remove(this.key, this);
	}

}
