/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.DerivedCall;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import io.github.etcdspring.session.Session;

/**
 * The endpoints of one service in etcd, in the layout of Go's {@code naming/endpoints}:
 * what this class writes Go's {@code endpoints.Manager} and gRPC resolver read, and the
 * other way round. The key of an entry is {@code <target>/<id>}, its value
 * {@code {"Op":0,"Addr":"host:port","Metadata":null}}. Every operation is a pair as in
 * {@link io.github.etcdspring.kv.KvClient}, with its errors, threads and outcomes.
 * Thread-safe.
 * <p>
 * Not guaranteed: that anybody is at an address. Without a lease an entry stays when its
 * instance dies; with one, until the lease has ended.
 */
public final class Naming {

	private final EtcdClient client;

	private final EndpointCodec codec;

	private Naming(EtcdClient client, EndpointCodec codec) {
		this.client = client;
		this.codec = codec;
	}

	/**
	 * Returns the endpoints of a service. Asks nothing of etcd.
	 * @param client the client; must be closed after what is opened here
	 * @param target the service's name, and the first part of its keys, such as
	 * {@code shop/orders}; without a {@code /} at its end, as a rule
	 * @return its endpoints
	 * @throws IllegalArgumentException if the target is empty
	 */
	public static Naming of(EtcdClient client, String target) {
		return new Naming(Objects.requireNonNull(client, "client"), new EndpointCodec(target));
	}

	/**
	 * Returns the service's name.
	 * @return the target this was made with
	 */
	public String target() {
		return this.codec.target();
	}

	/**
	 * Writes an entry that stays until it is deleted, whether there is one of its id or
	 * not.
	 * @param id what follows the target in the key, by convention the address; not empty
	 * @param endpoint the endpoint
	 * @return the revision of the write
	 * @throws IllegalArgumentException if the id is empty, or the entry is larger than 16
	 * KiB
	 * @throws EtcdException if the write failed
	 */
	public long add(String id, Endpoint endpoint) {
		return add(id, endpoint, LeaseId.NONE);
	}

	/**
	 * Writes an entry that stays: the asynchronous form of
	 * {@link #add(String, Endpoint)}.
	 * @param id what follows the target in the key
	 * @param endpoint the endpoint
	 * @return the future revision of the write
	 */
	public CompletableFuture<Long> addAsync(String id, Endpoint endpoint) {
		return addAsync(id, endpoint, LeaseId.NONE);
	}

	/**
	 * Writes an entry on a lease, whether there is one of its id or not. It is gone when
	 * the lease ends; nobody writes it again then.
	 * @param id what follows the target in the key, by convention the address; not empty
	 * @param endpoint the endpoint
	 * @param lease the lease
	 * @return the revision of the write
	 * @throws IllegalArgumentException if the id is empty, or the entry is larger than 16
	 * KiB
	 * @throws io.github.etcdspring.LeaseNotFoundException if there is no such lease
	 * @throws EtcdException if the write failed
	 */
	public long add(String id, Endpoint endpoint, LeaseId lease) {
		return this.client.kv().put(put(id, endpoint, lease)).revision();
	}

	/**
	 * Writes an entry on a lease: the asynchronous form of
	 * {@link #add(String, Endpoint, LeaseId)}.
	 * @param id what follows the target in the key
	 * @param endpoint the endpoint
	 * @param lease the lease
	 * @return the future revision of the write
	 */
	public CompletableFuture<Long> addAsync(String id, Endpoint endpoint, LeaseId lease) {
		return DerivedCall.of(this.client.kv().putAsync(put(id, endpoint, lease)), (result) -> result.revision());
	}

	/**
	 * Writes an entry and keeps it: on a session's lease, and again on the next when that
	 * is lost. Waits for the first write, for as long as the session takes to have a
	 * lease and the cluster to answer.
	 * @param id what follows the target in the key, by convention the address; not empty
	 * @param endpoint the endpoint
	 * @param session the session; must be closed after the registration, or in its place
	 * @return the registration, to be closed when the instance stops
	 * @throws IllegalArgumentException if the id is empty, or the entry is larger than 16
	 * KiB
	 * @throws InterruptedException if this thread is interrupted; the registration is
	 * closed
	 * @throws EtcdException if etcd refuses the first write, or the session is closed
	 */
	public EndpointRegistration add(String id, Endpoint endpoint, Session session) throws InterruptedException {
		return EndpointRegistration.await(addAsync(id, endpoint, session));
	}

	/**
	 * Writes an entry and keeps it: the asynchronous form of
	 * {@link #add(String, Endpoint, Session)}.
	 * @param id what follows the target in the key
	 * @param endpoint the endpoint
	 * @param session the session
	 * @return a future that completes with the registration, on the client's callback
	 * executor, once the entry is written. Cancelling it takes the entry back
	 */
	public CompletableFuture<EndpointRegistration> addAsync(String id, Endpoint endpoint, Session session) {
		return EndpointRegistration.open(session, this.codec.key(id), this.codec.encode(endpoint));
	}

	/**
	 * Makes several changes in one transaction: readers see all of them or none.
	 * @param updates the changes; of one entry one at most. How many there may be is a
	 * setting of the server, 128 by default
	 * @return the revision of the changes
	 * @throws IllegalArgumentException if there are none, if an entry changes twice, if
	 * an id is empty or an entry larger than 16 KiB
	 * @throws EtcdException if the transaction failed
	 */
	public long update(EndpointUpdate... updates) {
		return this.client.kv().txn(txn(updates)).revision();
	}

	/**
	 * Makes several changes in one transaction: the asynchronous form of
	 * {@link #update(EndpointUpdate...)}.
	 * @param updates the changes
	 * @return the future revision of the changes
	 */
	public CompletableFuture<Long> updateAsync(EndpointUpdate... updates) {
		return DerivedCall.of(this.client.kv().txnAsync(txn(updates)), TxnResult::revision);
	}

	/**
	 * Deletes an entry.
	 * @param id what follows the target in its key, not empty
	 * @return whether there was one
	 * @throws EtcdException if the deletion failed
	 */
	public boolean delete(String id) {
		return this.client.kv().delete(deletion(id)).deleted() > 0;
	}

	/**
	 * Deletes an entry: the asynchronous form of {@link #delete(String)}.
	 * @param id what follows the target in its key
	 * @return whether there will have been one
	 */
	public CompletableFuture<Boolean> deleteAsync(String id) {
		return DerivedCall.of(this.client.kv().deleteAsync(deletion(id)), (result) -> result.deleted() > 0);
	}

	/**
	 * Reads the endpoints. Linearizable, unlike Go's. An entry that cannot be used is
	 * passed over.
	 * @return the endpoints at one revision
	 * @throws EtcdException if the read failed
	 */
	public EndpointSnapshot list() {
		return snapshot(this.client.kv().get(RangeRequest.of(this.codec.range())));
	}

	/**
	 * Reads the endpoints: the asynchronous form of {@link #list()}.
	 * @return the future endpoints
	 */
	public CompletableFuture<EndpointSnapshot> listAsync() {
		return DerivedCall.of(this.client.kv().getAsync(RangeRequest.of(this.codec.range())), this::snapshot);
	}

	/**
	 * Opens a cache of the endpoints. Returns at once; they are read in the background,
	 * for as long as it takes.
	 * @param listeners what to tell of every change, the first read included
	 * @return the cache, to be closed
	 */
	public EndpointCache cache(EndpointListener... listeners) {
		return new EndpointCache(this.client, this.codec, List.of(listeners));
	}

	private PutRequest put(String id, Endpoint endpoint, LeaseId lease) {
		return PutRequest.of(this.codec.key(id), this.codec.encode(endpoint)).withLease(lease);
	}

	private DeleteRequest deletion(String id) {
		return DeleteRequest.of(KeyRange.key(this.codec.key(id)));
	}

	private TxnRequest txn(EndpointUpdate... updates) {
		if (updates.length == 0) {
			throw new IllegalArgumentException("updates: none (expected: at least one)");
		}
		SortedMap<ByteSequence, TxnOperation> operations = new TreeMap<>();
		for (EndpointUpdate update : updates) {
			TxnOperation operation = (update instanceof EndpointUpdate.Add add)
					? put(add.id(), add.endpoint(), add.lease()) : deletion(update.id());
			if (operations.put(this.codec.key(update.id()), operation) != null) {
				throw new IllegalArgumentException(
						"updates: two of the id '" + update.id() + "' (expected: one at most)");
			}
		}
		return new TxnRequest(List.of(), List.copyOf(operations.values()), List.of());
	}

	private EndpointSnapshot snapshot(RangeResult result) {
		SortedMap<String, Endpoint> endpoints = new TreeMap<>();
		result.kvs()
			.forEach((kv) -> this.codec.decode(kv).ifPresent((named) -> endpoints.put(named.id(), named.endpoint())));
		return new EndpointSnapshot(result.revision(), endpoints);
	}

	/** Names the target. */
	@Override
	public String toString() {
		return "Naming[" + target() + "]";
	}

}
