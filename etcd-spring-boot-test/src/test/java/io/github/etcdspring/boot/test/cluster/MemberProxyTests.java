/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * A proxy in front of a member that the test plays, byte by byte.
 */
class MemberProxyTests {

	private static final int SOON_MILLIS = 5_000;

	private static final int SILENCE_MILLIS = 200;

	private static final int END = -1;

	@AutoClose
	private final ServerSocket member = listen();

	@AutoClose("close")
	private final MemberProxy proxy = new MemberProxy(new MemberAddress("n9", "http", this.member.getLocalPort(), 1));

	@AutoClose
	private Socket client = new Socket();

	@AutoClose
	private Socket server = new Socket();

	@BeforeEach
	void openLink() throws IOException {
		this.proxy.open();
		this.client = connect();
		this.server = accept();
		assertPasses();
	}

	private static ServerSocket listen() {
		try {
			ServerSocket socket = new ServerSocket();
			socket.bind(MemberAddress.loopback(0));
			return socket;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Socket connect() throws IOException {
		URI endpoint = URI.create(this.proxy.endpoint());
		Socket socket = new Socket();
		socket.connect(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()), SOON_MILLIS);
		socket.setSoTimeout(SOON_MILLIS);
		return socket;
	}

	private Socket accept() throws IOException {
		this.member.setSoTimeout(SOON_MILLIS);
		Socket socket = this.member.accept();
		socket.setSoTimeout(SOON_MILLIS);
		return socket;
	}

	private void assertPasses() throws IOException {
		this.client.getOutputStream().write('?');
		assertThat(this.server.getInputStream().read()).isEqualTo('?');
		this.server.getOutputStream().write('!');
		assertThat(this.client.getInputStream().read()).isEqualTo('!');
	}

	private static void assertReset(Socket socket) {
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> socket.getInputStream().read())
			.withMessageContaining("reset");
	}

	// perhaps before the client knows that it is connected
	private void assertResetsNewConnection() {
		assertThatExceptionOfType(SocketException.class).isThrownBy(() -> {
			try (Socket socket = connect()) {
				socket.getInputStream().read();
			}
		}).withMessageContaining("reset");
	}

	private static void assertSilent(Socket socket) throws IOException {
		socket.setSoTimeout(SILENCE_MILLIS);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> socket.getInputStream().read());
		socket.setSoTimeout(SOON_MILLIS);
	}

	@Test
	void passesAnswerBeforeEndWhenMemberCloses() throws IOException {
		this.server.getOutputStream().write('x');
		this.server.close();

		assertThat(this.client.getInputStream().read()).isEqualTo('x');
		assertThat(this.client.getInputStream().read()).isEqualTo(END);
	}

	@Test
	void passesEndWhenClientCloses() throws IOException {
		this.client.close();

		assertThat(this.server.getInputStream().read()).isEqualTo(END);
	}

	@Test
	void resetsBothSidesWhenCut() {
		this.proxy.cut();

		assertReset(this.client);
		assertReset(this.server);
	}

	@Test
	void resetsNewConnectionsUntilItPasses() throws IOException {
		this.proxy.cut();
		assertResetsNewConnection();

		this.proxy.pass();

		this.client = connect();
		this.server = accept();
		assertPasses();
	}

	@Test
	void swallowsBothDirectionsWhenBlackHole() throws IOException {
		this.proxy.blackHole();

		this.client.getOutputStream().write('?');
		assertSilent(this.server);
		this.server.getOutputStream().write('!');
		assertSilent(this.client);
		this.server.close();
		assertSilent(this.client);
	}

	@Test
	void acceptsNewConnectionsAndAnswersNothingWhenBlackHole() throws IOException {
		this.proxy.blackHole();

		try (Socket swallowed = connect()) {
			swallowed.getOutputStream().write(new byte[1024 * 1024]);
			assertSilent(swallowed);
			this.member.setSoTimeout(SILENCE_MILLIS);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(this.member::accept);

			this.proxy.pass();

			assertReset(swallowed);
		}
	}

	@Test
	void resetsConnectionsThatLackBytesWhenItPassesAgain() throws IOException {
		this.proxy.blackHole();
		this.client.getOutputStream().write('?');

		this.proxy.pass();

		assertReset(this.client);
		assertReset(this.server);
	}

	@Test
	void keepsConnectionsWhenItPassesAlready() throws IOException {
		this.proxy.pass();

		assertPasses();
	}

	@Test
	void resetsClientWhenMemberIsGone() throws IOException {
		this.member.close();

		assertResetsNewConnection();
	}

	@Test
	void leavesNoConnectionAndNoThreadWhenClosed() throws IOException {
		this.proxy.blackHole();
		Socket swallowed = connect();

		this.proxy.close();

		// an executor is terminated a moment before its last thread is
		await().until(() -> threads() == 0);
		assertReset(this.client);
		assertReset(swallowed);
		assertThatExceptionOfType(IOException.class).isThrownBy(this::connect);
		assertThatIllegalStateException().isThrownBy(this.proxy::pass).withMessage("proxy of n9 is closed");
		assertThatIllegalStateException().isThrownBy(this.proxy::open).withMessage("proxy of n9 is closed");
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("etcd-proxy-n9"))
			.count();
	}

}
