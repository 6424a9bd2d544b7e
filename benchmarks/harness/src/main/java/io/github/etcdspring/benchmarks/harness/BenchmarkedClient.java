/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import org.jspecify.annotations.Nullable;

/**
 * A client as the scenarios see it. An adapter does what a user of the client would write
 * and no more; what the client has nothing for throws
 * {@link UnsupportedOperationException}.
 */
public interface BenchmarkedClient extends AutoCloseable {

	/**
	 * Reads a key and waits for it.
	 * @param key to read
	 * @return the size of its value
	 * @throws Exception if the call fails
	 */
	int get(byte[] key) throws Exception;

	/**
	 * Writes a key and waits for it.
	 * @param key to write
	 * @param value of the key
	 * @throws Exception if the call fails
	 */
	void put(byte[] key, byte[] value) throws Exception;

	/**
	 * Writes a key in a transaction, if it exists, and waits for it.
	 * @param key to write
	 * @param value of the key
	 * @return whether it existed
	 * @throws Exception if the call fails
	 */
	boolean replace(byte[] key, byte[] value) throws Exception;

	/**
	 * Reads a key.
	 * @param key to read
	 * @param completion told on any thread
	 */
	void getAsync(byte[] key, Completion completion);

	/**
	 * Writes a key.
	 * @param key to write
	 * @param value of the key
	 * @param completion told on any thread
	 */
	void putAsync(byte[] key, byte[] value, Completion completion);

	/**
	 * Reads all keys under a prefix by one call and waits for them.
	 * @param prefix of the keys
	 * @return how many there are, by the list of them
	 * @throws Exception if the call fails
	 */
	int range(byte[] prefix) throws Exception;

	/**
	 * Watches a prefix, across losses of the connection.
	 * @param prefix of the keys
	 * @param revision to begin with, 0 for now
	 * @param sink told when the server has created the watch, and of each event
	 * @return ends the watch
	 */
	Runnable watch(byte[] prefix, long revision, WatchSink sink);

	/**
	 * Grants a lease and waits for it.
	 * @param ttlSeconds its time to live
	 * @return its id
	 * @throws Exception if the call fails
	 */
	long grant(long ttlSeconds) throws Exception;

	/**
	 * Grants leases and keeps them alive until the client is closed.
	 * @param leases how many
	 * @param ttlSeconds their time to live
	 * @throws Exception if a grant fails
	 */
	void keepAlive(int leases, long ttlSeconds) throws Exception;

	/**
	 * Takes a free lock under a lease that is kept alive, and gives it back.
	 * @param name of the lock
	 * @throws Exception if either fails
	 */
	void lockAndUnlock(byte[] name) throws Exception;

	/**
	 * Opens a local copy of a prefix that follows the server.
	 * @param prefix of the keys
	 * @param keys those that are looked up
	 * @return looks up the size of a value
	 * @throws Exception if it cannot be opened
	 */
	Lookup cache(byte[] prefix, byte[][] keys) throws Exception;

	/**
	 * Opens a local copy of the endpoints of a service in the layout of Go's naming.
	 * @param target name of the service
	 * @return looks up the length of the address of the endpoint whose id is the index
	 * @throws Exception if it cannot be opened
	 */
	Lookup discovery(String target) throws Exception;

	@Override
	void close();

	/** Is told the end of a call. */
	@FunctionalInterface
	interface Completion {

		/**
		 * Tells the end, once.
		 * @param failure why the call failed, or null
		 */
		void done(@Nullable Throwable failure);

	}

	/** A local copy that is looked things up in. */
	interface Lookup extends AutoCloseable {

		/**
		 * Looks a thing up.
		 * @param index which
		 * @return its size, or -1 if it is not there (yet)
		 */
		int lookup(int index);

		@Override
		void close();

	}

	/** Opens a client. */
	@FunctionalInterface
	interface Opening {

		/**
		 * Opens a client, with the settings it has by default.
		 * @param host of the server
		 * @param port of the server
		 * @return the client, to be closed
		 * @throws Exception if it cannot be opened
		 */
		BenchmarkedClient open(String host, int port) throws Exception;

	}

}
