/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.lock;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.boot.connection.KeySegment;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lock.EtcdLock;
import io.github.etcdspring.session.Session;
import org.jspecify.annotations.Nullable;

/**
 * The application's locks, by name. All of them live on one lease, which is granted when
 * the first lock is asked for. Read what {@link EtcdLock} does not guarantee before use.
 * Thread-safe.
 */
public final class EtcdLocks implements AutoCloseable {

	/** So many names are remembered; beyond that, those of locks that nobody holds go. */
	private static final int MAX_NAMES = 10_000;

	private final EtcdClient client;

	private final String prefix;

	private final Duration ttl;

	private final Map<String, EtcdLock> byName = new ConcurrentHashMap<>();

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	private @Nullable Session session;

	private boolean closed;

	EtcdLocks(EtcdClient client, String prefix, Duration ttl) {
		this.client = client;
		this.prefix = prefix;
		this.ttl = ttl;
	}

	/**
	 * Returns the lock of a name.
	 * @param name the name, not empty; a {@code /} in it is written as {@code %2F}, so
	 * that no name continues another's
	 * @return the lock whose keys are under {@code <etcd.lock.prefix>/<name>/}; the same
	 * object for the same name, so that it is reentrant however it was asked for
	 * @throws IllegalArgumentException if the name is empty
	 * @throws IllegalStateException if the application context is closed
	 */
	public EtcdLock get(String name) {
		EtcdLock found = this.byName.get(name);
		if (found != null) {
			return found;
		}
		if (this.byName.size() >= MAX_NAMES) {
			this.byName.values().removeIf((lock) -> !lock.isHeld());
		}
		String key = this.prefix + "/" + KeySegment.encode(name);
		Session session = session();
		return this.byName.computeIfAbsent(name, (absent) -> EtcdLock.of(session, key));
	}

	private Session session() {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new IllegalStateException("locks are closed with their application context");
			}
			Session session = this.session;
			if (session == null) {
				session = Session.open(this.client, this.ttl);
				this.session = session;
			}
			return session;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Frees all locks of this application. Called with its context's close.
	 */
	@Override
	public void close() {
		Session session;
		this.lock.lock();
		try {
			this.closed = true;
			session = this.session;
		}
		finally {
			this.lock.unlock();
		}
		if (session != null) {
			session.close();
		}
	}

}
