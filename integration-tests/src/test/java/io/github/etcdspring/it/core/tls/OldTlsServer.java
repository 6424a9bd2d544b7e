/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import io.github.etcdspring.boot.test.cluster.CertificateFiles;

/**
 * A server that speaks TLS 1.2 at best, and nothing after the handshake.
 */
final class OldTlsServer implements AutoCloseable {

	private final SSLServerSocket socket;

	private final AtomicInteger handshakes = new AtomicInteger();

	private OldTlsServer(SSLServerSocket socket) {
		this.socket = socket;
	}

	static OldTlsServer start(CertificateFiles certificate) throws GeneralSecurityException, IOException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(Material.keyManagers(certificate), null, null);
		SSLServerSocket socket = (SSLServerSocket) context.getServerSocketFactory()
			.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
		SSLParameters parameters = socket.getSSLParameters();
		parameters.setProtocols(new String[] { "TLSv1.2" });
		parameters.setApplicationProtocols(new String[] { "h2" });
		socket.setSSLParameters(parameters);
		OldTlsServer server = new OldTlsServer(socket);
		Thread thread = new Thread(server::accept, "old-tls-server");
		thread.setDaemon(true);
		thread.start();
		return server;
	}

	private void accept() {
		while (!this.socket.isClosed()) {
			try (SSLSocket connection = (SSLSocket) this.socket.accept()) {
				connection.startHandshake();
				// a client that leaves in between is no failure
				if (connection.getSession().getProtocol().equals("TLSv1.2")) {
					this.handshakes.incrementAndGet();
				}
			}
			catch (IOException ex) {
				// the client refused, or this is closed
			}
		}
	}

	String endpoint() {
		return "https://127.0.0.1:" + this.socket.getLocalPort();
	}

	/** Returns how many handshakes clients have completed. */
	int handshakes() {
		return this.handshakes.get();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
