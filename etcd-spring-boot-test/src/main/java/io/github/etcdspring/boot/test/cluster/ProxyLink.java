/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One connection of a client through a {@link MemberProxy}. Thread-safe.
 */
final class ProxyLink {

	private static final int CONNECT_TIMEOUT_MILLIS = 5_000;

	private final Socket client;

	private final Socket member = new Socket();

	private final Consumer<ProxyLink> whenEnded;

	// one for each direction
	private final AtomicInteger pumps = new AtomicInteger(2);

	private volatile boolean swallows;

	ProxyLink(Socket client, Consumer<ProxyLink> whenEnded) {
		this.client = client;
		this.whenEnded = whenEnded;
	}

	/**
	 * Drops what comes from now on, from both sides.
	 */
	void swallow() {
		this.swallows = true;
	}

	boolean swallows() {
		return this.swallows;
	}

	/**
	 * Breaks the connections to both sides.
	 */
	void reset() {
		reset(this.client);
		reset(this.member);
	}

	// closes with RST rather than FIN
	private static void reset(Socket socket) {
		try {
			socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			// closed before
		}
		close(socket);
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// nothing is left of it either way
		}
	}

	/**
	 * Carries bytes until both sides have ended.
	 * @param executor for the other direction
	 */
	void run(int memberPort, Executor executor) {
		if (this.swallows) {
			this.pumps.decrementAndGet();
		}
		else {
			try {
				this.client.setTcpNoDelay(true);
				this.member.setTcpNoDelay(true);
				this.member.connect(MemberAddress.loopback(memberPort), CONNECT_TIMEOUT_MILLIS);
				executor.execute(() -> pump(this.member, this.client));
			}
			catch (IOException | RejectedExecutionException ex) {
				// no member, or closed meanwhile
				this.pumps.decrementAndGet();
				reset();
			}
		}
		pump(this.client, this.member);
	}

	private void pump(Socket from, Socket to) {
		byte[] buffer = new byte[16 * 1024];
		try {
			InputStream input = from.getInputStream();
			int read = input.read(buffer);
			while (read >= 0) {
				write(to, buffer, read);
				read = input.read(buffer);
			}
			if (!this.swallows) {
				to.shutdownOutput();
			}
		}
		catch (IOException ex) {
			// in a black hole the client does not learn that the member is gone
			if (!this.swallows || from == this.client) {
				reset();
			}
		}
		finally {
			if (this.pumps.decrementAndGet() == 0) {
				close(this.client);
				close(this.member);
				this.whenEnded.accept(this);
			}
		}
	}

	private void write(Socket to, byte[] buffer, int length) throws IOException {
		if (!this.swallows) {
			OutputStream output = to.getOutputStream();
			output.write(buffer, 0, length);
		}
	}

}
