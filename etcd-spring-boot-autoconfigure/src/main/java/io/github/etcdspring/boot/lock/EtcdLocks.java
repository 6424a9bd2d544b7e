/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.lock;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
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

	/** So many locks are kept; beyond that, those that nobody refers to any more go. */
	private static final int MAX_LOCKS = 10_000;

	private final EtcdClient client;

	private final String prefix;

	private final Duration ttl;

	/** Guards the fields below. */
	private final ReentrantLock lock = new ReentrantLock();

	/** The locks asked for last, and those that are held; the eldest first. */
	private final Map<String, EtcdLock> kept = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * The others, for as long as somebody refers to them: a thread that waits for a lock
	 * does.
	 */
	private final Map<String, Dropped> dropped = new HashMap<>();

	private final ReferenceQueue<EtcdLock> collected = new ReferenceQueue<>();

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
		String key = this.prefix + "/" + KeySegment.encode(name);
		this.lock.lock();
		try {
			EtcdLock found = this.kept.get(name);
			if (found == null) {
				Dropped before = this.dropped.remove(name);
				EtcdLock alive = (before != null) ? before.get() : null;
				found = (alive != null) ? alive : EtcdLock.of(session(), key);
				this.kept.put(name, found);
				dropEldest();
			}
			return found;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void dropEldest() {
		Iterator<Map.Entry<String, EtcdLock>> eldest = this.kept.entrySet().iterator();
		while (this.kept.size() > MAX_LOCKS && eldest.hasNext()) {
			Map.Entry<String, EtcdLock> entry = eldest.next();
			if (!entry.getValue().isHeld()) {
				this.dropped.put(entry.getKey(), new Dropped(entry.getKey(), entry.getValue(), this.collected));
				eldest.remove();
			}
		}
		for (Object gone = this.collected.poll(); gone != null; gone = this.collected.poll()) {
			this.dropped.remove(((Dropped) gone).name, gone);
		}
	}

	private Session session() {
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

	/** A lock that is kept no longer. */
	private static final class Dropped extends WeakReference<EtcdLock> {

		private final String name;

		Dropped(String name, EtcdLock lock, ReferenceQueue<EtcdLock> collected) {
			super(lock, collected);
			this.name = name;
		}

	}

}
