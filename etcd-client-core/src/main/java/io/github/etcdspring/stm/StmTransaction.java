/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdCancelledException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnOperation;
import org.jspecify.annotations.Nullable;

/**
 * The handle by which a body reads and writes in one attempt. Writes are kept until the
 * body has ended and are sent with the commit; reads see them. Usable during the body
 * alone, and by its thread alone: else every method throws an
 * {@link IllegalStateException}.
 * <p>
 * Reads block. They throw an {@link EtcdException} whose outcome is
 * {@link Outcome#NOT_APPLIED}, and the attempt is over then, also if the body goes on:
 * every further call throws the same, and nothing is committed. In particular a
 * {@link io.github.etcdspring.CompactedException} tells that the revision that is read at
 * has been compacted; whatever the body makes of it, it is run again.
 */
public final class StmTransaction {

	private final Thread owner = Thread.currentThread();

	private final ReadSet reads;

	private final BooleanSupplier givenUp;

	private final Map<ByteSequence, TxnOperation> writes = new LinkedHashMap<>();

	private @Nullable EtcdException failure;

	/** Written by the owner, read by whoever calls. */
	private volatile boolean ended;

	/**
	 * Makes the handle of an attempt by the calling thread.
	 * @param reads what it reads with
	 * @param givenUp whether nobody waits for the transaction any more
	 */
	StmTransaction(ReadSet reads, BooleanSupplier givenUp) {
		this.reads = reads;
		this.givenUp = givenUp;
	}

	/**
	 * Reads a key.
	 * @param key the key, not empty
	 * @return the value written in this attempt, else that of the store, at the first
	 * read as at all later ones; empty if the key is absent
	 * @throws IllegalArgumentException if the key is empty
	 * @throws EtcdException if the read failed
	 */
	public Optional<ByteSequence> get(ByteSequence key) {
		return Optional.ofNullable(getAll(List.of(key)).get(key));
	}

	/**
	 * Reads a key.
	 * @param key the key as text, not empty
	 * @return its value, see {@link #get(ByteSequence)}
	 * @throws IllegalArgumentException if the key is empty
	 * @throws EtcdException if the read failed
	 */
	public Optional<ByteSequence> get(String key) {
		return get(ByteSequence.of(key));
	}

	/**
	 * Reads several keys, those that are not known yet in one call. Keys that are absent
	 * count as read too: the commit notices when somebody adds them.
	 * @param keys the keys, none empty; 128 at most with default settings of the server,
	 * fewer if the transaction reads others
	 * @return the values of those that exist, in the order of the keys, each as
	 * {@link #get(ByteSequence)} returns it; immutable
	 * @throws IllegalArgumentException if a key is empty
	 * @throws EtcdException if the read failed
	 */
	public Map<ByteSequence, ByteSequence> getAll(Collection<ByteSequence> keys) {
		List<ByteSequence> wanted = List.copyOf(keys);
		read(wanted.stream().filter((key) -> !this.writes.containsKey(key)).toList());
		Map<ByteSequence, ByteSequence> values = new LinkedHashMap<>();
		wanted.forEach((key) -> value(key).ifPresent((value) -> values.put(key, value)));
		return Collections.unmodifiableMap(values);
	}

	private Optional<ByteSequence> value(ByteSequence key) {
		TxnOperation write = this.writes.get(key);
		if (write == null) {
			return this.reads.value(key);
		}
		return (write instanceof PutRequest put) ? Optional.of(put.value()) : Optional.empty();
	}

	/**
	 * Returns the revision that wrote a key last. Reads the key if it is not known yet.
	 * @param key the key, not empty
	 * @return its modification revision in the store, whatever this attempt writes; 0 if
	 * it is absent there
	 * @throws IllegalArgumentException if the key is empty
	 * @throws EtcdException if the read failed
	 */
	public long revision(ByteSequence key) {
		read(List.of(key));
		return this.reads.modRevision(key);
	}

	/**
	 * Writes a key that lives until it is deleted, when the transaction commits.
	 * @param key the key, not empty
	 * @param value its new value
	 * @throws IllegalArgumentException if the key is empty
	 */
	public void put(ByteSequence key, ByteSequence value) {
		put(key, value, LeaseId.NONE);
	}

	/**
	 * Writes a key that lives until it is deleted, when the transaction commits.
	 * @param key the key as text, not empty
	 * @param value its new value as text
	 * @throws IllegalArgumentException if the key is empty
	 */
	public void put(String key, String value) {
		put(ByteSequence.of(key), ByteSequence.of(value));
	}

	/**
	 * Writes a key that is attached to a lease, when the transaction commits. If the
	 * lease is gone by then, the commit fails with a
	 * {@link io.github.etcdspring.LeaseNotFoundException}.
	 * @param key the key, not empty
	 * @param value its new value
	 * @param lease the lease; {@link LeaseId#NONE} for none
	 * @throws IllegalArgumentException if the key is empty
	 */
	public void put(ByteSequence key, ByteSequence value, LeaseId lease) {
		checkUsable();
		this.writes.put(key, PutRequest.of(key, value).withLease(lease));
	}

	/**
	 * Deletes a key, if it is there, when the transaction commits.
	 * @param key the key, not empty
	 * @throws IllegalArgumentException if the key is empty
	 */
	public void delete(ByteSequence key) {
		checkUsable();
		this.writes.put(key, DeleteRequest.of(KeyRange.key(key)));
	}

	/**
	 * Deletes a key, if it is there, when the transaction commits.
	 * @param key the key as text, not empty
	 * @throws IllegalArgumentException if the key is empty
	 */
	public void delete(String key) {
		delete(ByteSequence.of(key));
	}

	private void read(List<ByteSequence> keys) {
		checkUsable();
		guarded(() -> this.reads.read(keys));
	}

	/** Reads keys before the body. */
	void prefetch(List<ByteSequence> keys) {
		guarded(() -> this.reads.prefetch(keys));
	}

	private void guarded(Runnable read) {
		try {
			read.run();
		}
		catch (EtcdException ex) {
			this.failure = ex.withOutcome(Outcome.NOT_APPLIED);
			throw this.failure;
		}
	}

	private void checkUsable() {
		if (this.ended) {
			throw new IllegalStateException("transaction used after its body has ended");
		}
		if (Thread.currentThread() != this.owner) {
			throw new IllegalStateException("transaction used by thread " + Thread.currentThread().getName()
					+ " (expected: that of its body, " + this.owner.getName() + ")");
		}
		if (this.failure == null && this.givenUp.getAsBoolean()) {
			this.failure = new EtcdCancelledException(
					FailureDetails.local("the transaction was cancelled", StatusCode.CANCELLED), null);
		}
		checkReads();
	}

	/**
	 * Throws what a read failed with, if one did: what the body has made of it is void.
	 */
	void checkReads() {
		if (this.failure != null) {
			throw this.failure;
		}
	}

	/** Whether the attempt must be made anew, at another revision. */
	boolean isOutdated() {
		return this.failure != null && ReadSet.isOutdated(this.failure);
	}

	/** Returns the writes, at most one of each key. */
	Map<ByteSequence, TxnOperation> writes() {
		return Collections.unmodifiableMap(this.writes);
	}

	void end() {
		this.ended = true;
	}

}
