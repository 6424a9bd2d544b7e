/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Another way from clients to an {@link EtcdMember}, by TCP through this JVM, that can be
 * broken while the member and its direct endpoint go on. TLS passes as it is. Belongs to
 * the cluster, which closes it. Thread-safe.
 */
public final class MemberProxy {

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

	// guards the mode, and that links are in it
	private final ReentrantLock lock = new ReentrantLock();

	private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();

	private final MemberAddress member;

	private final ServerSocket server;

	// end when their sockets are closed
	private final ExecutorService threads;

	// used under the lock
	private Mode mode = Mode.PASS;

	/**
	 * Creates a proxy that has no port and no thread yet.
	 */
	MemberProxy(MemberAddress member) {
		this.member = member;
		this.server = unbound();
		this.threads = Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task, "etcd-proxy-" + member.name());
			thread.setDaemon(true);
			return thread;
		});
	}

	private static ServerSocket unbound() {
		try {
			return new ServerSocket();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot create a socket", ex);
		}
	}

	/**
	 * Begins to accept connections, if it does not do so yet.
	 */
	void open() {
		this.lock.lock();
		try {
			requireNotClosed();
			if (!this.server.isBound()) {
				this.server.bind(MemberAddress.loopback(0));
				this.threads.execute(this::accept);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot open a port for the proxy of " + this.member.name(), ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void requireNotClosed() {
		if (this.mode == Mode.CLOSED) {
			throw new IllegalStateException("proxy of " + this.member.name() + " is closed");
		}
	}

	/**
	 * {@return the URL clients use in place of {@link EtcdMember#endpoint()}}
	 */
	public String endpoint() {
		return this.member.scheme() + "://127.0.0.1:" + this.server.getLocalPort();
	}

	/**
	 * Breaks all connections with a reset (RST), now, and each new one as soon as it is
	 * opened, until {@link #pass()}.
	 */
	public void cut() {
		change(Mode.CUT);
	}

	/**
	 * Swallows all that client and member send from now on, until {@link #pass()}:
	 * connections stay open, new ones can be opened, and nothing is answered. What is
	 * swallowed is lost; what was sent before may have arrived or not.
	 */
	public void blackHole() {
		change(Mode.BLACK_HOLE);
	}

	/**
	 * Lets everything pass on new connections, as at the beginning. Those that lived
	 * through a {@link #blackHole()} are reset, since they lack what it swallowed.
	 */
	public void pass() {
		change(Mode.PASS);
	}

	private void change(Mode wanted) {
		this.lock.lock();
		try {
			requireNotClosed();
			if (wanted == Mode.BLACK_HOLE) {
				this.links.forEach(ProxyLink::swallow);
			}
			else if (wanted == Mode.PASS) {
				this.links.stream().filter(ProxyLink::swallows).forEach(ProxyLink::reset);
			}
			else {
				this.links.forEach(ProxyLink::reset);
			}
			this.mode = wanted;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void accept() {
		try {
			while (!this.server.isClosed()) {
				connect(this.server.accept());
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void connect(Socket client) {
		ProxyLink link = new ProxyLink(client, this.links::remove);
		this.lock.lock();
		try {
			if (this.mode == Mode.CUT || this.mode == Mode.CLOSED) {
				link.reset();
				return;
			}
			if (this.mode == Mode.BLACK_HOLE) {
				link.swallow();
			}
			this.links.add(link);
			// under the lock, so that it is not closed yet
			this.threads.execute(() -> link.run(this.member.clientPort(), this.threads));
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Breaks all connections and returns when no thread is left, after 10 s at the
	 * latest; interruption does not shorten the wait, only marks the thread. Idempotent.
	 */
	void close() {
		this.lock.lock();
		try {
			this.mode = Mode.CLOSED;
			this.links.forEach(ProxyLink::reset);
			this.threads.shutdown();
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("cannot close the proxy of " + this.member.name(), ex);
		}
		finally {
			this.lock.unlock();
		}
		awaitThreads();
	}

	private void awaitThreads() {
		boolean interrupted = Thread.interrupted();
		long deadlineNanos = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
		while (!this.threads.isTerminated() && System.nanoTime() - deadlineNanos < 0) {
			try {
				this.threads.awaitTermination(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * {@return the member's name and the proxy's endpoint}
	 */
	@Override
	public String toString() {
		return "proxy of " + this.member.name() + " (" + endpoint() + ")";
	}

	// any but the last is followed by any
	private enum Mode {

		PASS, CUT, BLACK_HOLE, CLOSED

	}

}
