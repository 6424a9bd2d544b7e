/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * A way to a member that can be cut, and that can break each connection after a number of
 * bytes. Only the server's bytes are counted. Thread-safe.
 */
public final class TcpProxy implements AutoCloseable {

	private final InetSocketAddress target;

	private final ServerSocket server;

	private final Set<Socket> open = ConcurrentHashMap.newKeySet();

	private final AtomicInteger resets = new AtomicInteger();

	private final List<Long> attempts = new CopyOnWriteArrayList<>();

	private volatile boolean cut;

	/** How many bytes the next connection may bring to the client. */
	private volatile LongSupplier allowance = () -> Long.MAX_VALUE;

	private TcpProxy(InetSocketAddress target, ServerSocket server) {
		this.target = target;
		this.server = server;
	}

	/**
	 * {@return a proxy that lets everything pass}
	 * @param port where the member listens on the loopback address
	 */
	public static TcpProxy to(int port) {
		try {
			InetAddress loopback = InetAddress.getLoopbackAddress();
			TcpProxy proxy = new TcpProxy(new InetSocketAddress(loopback, port), new ServerSocket(0, 50, loopback));
			start(proxy::accept);
			return proxy;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "tcp-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * {@return the URL that clients use in place of the member's}
	 */
	public String endpoint() {
		return "http://127.0.0.1:" + this.server.getLocalPort();
	}

	/**
	 * Breaks all connections and lets no new one through.
	 */
	public void cut() {
		this.cut = true;
		this.open.forEach(TcpProxy::reset);
	}

	/**
	 * Lets connections through again.
	 */
	public void restore() {
		this.cut = false;
	}

	/**
	 * Breaks each further connection once it has brought a number of bytes to the client.
	 * @param bytes says how many, for each connection
	 */
	public void resetAfter(LongSupplier bytes) {
		this.allowance = bytes;
	}

	/**
	 * {@return how many connections were broken after their number of bytes}
	 */
	public int resets() {
		return this.resets.get();
	}

	/**
	 * {@return when a client tried to connect, whether it was let through or not:
	 * readings of {@link System#nanoTime()}, in order}
	 */
	public List<Long> attempts() {
		return this.attempts;
	}

	private void accept() {
		try {
			while (!this.server.isClosed()) {
				Socket client = this.server.accept();
				this.attempts.add(System.nanoTime());
				connect(client);
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void connect(Socket client) {
		this.open.add(client);
		try {
			if (this.cut) {
				throw new IOException("cut");
			}
			Socket member = new Socket(this.target.getAddress(), this.target.getPort());
			this.open.add(member);
			client.setTcpNoDelay(true);
			member.setTcpNoDelay(true);
			long allowed = this.allowance.getAsLong();
			start(() -> pump(client, member, Long.MAX_VALUE));
			start(() -> pump(member, client, allowed));
			if (this.cut) {
				reset(member);
			}
		}
		catch (IOException ex) {
			reset(client);
		}
	}

	private void pump(Socket from, Socket to, long allowed) {
		byte[] buffer = new byte[16 * 1024];
		long left = allowed;
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			int read = in.read(buffer);
			while (read > 0 && left > 0) {
				out.write(buffer, 0, (int) Math.min(read, left));
				left -= read;
				read = (left > 0) ? in.read(buffer) : 0;
			}
			if (left <= 0) {
				this.resets.incrementAndGet();
			}
		}
		catch (IOException ex) {
			// one of the two is gone: the other follows
		}
		finally {
			this.open.remove(from);
			this.open.remove(to);
			reset(from);
			reset(to);
		}
	}

	/** Closes with RST rather than FIN. */
	private static void reset(Socket socket) {
		try {
			socket.setSoLinger(true, 0);
			socket.close();
		}
		catch (IOException ex) {
			// closed before
		}
	}

	@Override
	public void close() {
		cut();
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
