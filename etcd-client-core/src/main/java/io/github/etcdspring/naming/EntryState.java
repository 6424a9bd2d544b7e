/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.lease.KeepAlive;
import org.jspecify.annotations.Nullable;

/**
 * What a registration knows of its entry. Used by one thread at a time.
 */
final class EntryState {

	private final ByteSequence key;

	private final ByteSequence value;

	/** The revision of the last write that is known, 0 if none is. */
	private long revision;

	/** The revision at which the entry may be overwritten, 0 if at none. */
	private long known;

	/** The lease of the last write begun. */
	private @Nullable KeepAlive lease;

	/** The claim to the entry on that lease. */
	private @Nullable EntryClaim claim;

	/** The lease before that. */
	private LeaseId previousLease = LeaseId.NONE;

	/** Whether it was ever written: before, it may be taken over from anybody. */
	private boolean written;

	private boolean standing;

	EntryState(ByteSequence key, ByteSequence value) {
		this.key = key;
		this.value = value;
	}

	long revision() {
		return this.revision;
	}

	/** Whether the entry is there, as far as is known. */
	boolean isStanding() {
		return this.standing;
	}

	boolean isStandingOn(KeepAlive lease) {
		return this.standing && lease == this.lease;
	}

	/** Returns the claim of the last write begun. */
	Optional<EntryClaim> claim() {
		return Optional.ofNullable(this.claim);
	}

	/** Begins a write. */
	EntryWrite write(KeepAlive lease) {
		this.standing = false;
		if (lease != this.lease) {
			claim().ifPresent(EntryClaim::end);
			this.previousLease = (this.lease != null) ? this.lease.lease() : LeaseId.NONE;
			this.lease = lease;
			this.claim = EntryClaim.of(lease, this.key);
		}
		return new EntryWrite(this.key, this.value, lease.lease(), this.known);
	}

	/**
	 * Takes what the write did, or what it found in its way.
	 * @return whether the entry is this registration's, or to be taken over
	 */
	boolean take(TxnResult result) {
		Optional<KeyValue> found = EntryWrite.inTheWay(result);
		if (found.isEmpty()) {
			this.known = result.revision();
			this.revision = result.revision();
			this.standing = true;
			this.written = true;
			return true;
		}
		KeyValue entry = found.get();
		boolean own = this.written && isOwn(entry);
		if (own) {
			this.revision = entry.modRevision();
			this.standing = isOn(this.lease, entry);
		}
		boolean mine = own || !this.written;
		if (mine) {
			this.known = entry.modRevision();
		}
		return mine;
	}

	/** A write whose answer was lost is known by its lease. */
	private boolean isOwn(KeyValue entry) {
		boolean ofPrevious = !entry.lease().isNone() && entry.lease().equals(this.previousLease);
		return entry.value().equals(this.value) && (ofPrevious || isOn(this.lease, entry));
	}

	private static boolean isOn(@Nullable KeepAlive lease, KeyValue entry) {
		return lease != null && entry.lease().equals(lease.lease());
	}

	/** Takes the word that nothing is known any more. */
	void forget() {
		this.standing = false;
		this.known = 0;
		this.revision = 0;
		claim().ifPresent(EntryClaim::doubt);
	}

	/** Returns what takes the entry back; empty if it was never written. */
	Optional<EntryRemoval> removal(EtcdClient client) {
		return (this.lease != null && this.claim != null)
				? Optional.of(new EntryRemoval(client, this.key, this.lease, this.claim, this.revision))
				: Optional.empty();
	}

}
