/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.InvalidEndpointException;
import io.github.etcdspring.it.core.ChildJvm;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.Test;

import static io.github.etcdspring.it.spring.Moments.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The client on unix sockets of a real etcd, with each transport that can.
 */
class UnixSocketIntegrationTests {

	/** The build puts it there. */
	private static final Path SHADED_NETTY = Path.of("target/shaded-netty/grpc-netty-shaded.jar");

	/** The build puts them there. */
	private static final Path NATIVE_EPOLL = Path.of("target/native-epoll");

	@Test
	void putsGetsAndWatchesOverAllSocketsWithNativeEpoll() throws IOException {
		try (Stream<Path> jars = Files.list(NATIVE_EPOLL)) {
			assertWorksOverAllSockets((jar) -> true, jars.toArray(Path[]::new));
		}
	}

	@Test
	void putsGetsAndWatchesOverAllSocketsWithShadedNetty() {
		assertWorksOverAllSockets((jar) -> !jar.matches("(grpc-netty|netty)-.*"), SHADED_NETTY);
	}

	private static void assertWorksOverAllSockets(Predicate<String> jars, Path... more) {
		assertThat(more).isNotEmpty().allSatisfy((jar) -> assertThat(jar).exists());
		try (UnixEtcd etcd = UnixEtcd.start();
				ChildJvm child = ChildJvm.start(Main.class, etcd.sockets().stream().map(Path::toString).toList(), jars,
						more)) {
			assertThat(child.awaitExit(Duration.ofSeconds(60))).as(child.output()).isZero();
			assertThat(child.output()).contains("got value", "watched 1", "all connected");
		}
	}

	@Test
	void saysWhatIsMissingWithoutNativeEpoll() {
		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> EtcdClient.create("unix:///run/etcd.sock"))
			.satisfies((ex) -> assertThat(ex.endpoint()).isEqualTo("unix:///run/etcd.sock"))
			.withMessageContaining("unix sockets need Netty's native transport epoll")
			.withMessageContaining("add io.netty:netty-transport-native-epoll")
			.withMessageContaining("or use grpc-netty-shaded");
	}

	static final class Main {

		private Main() {
		}

		public static void main(String[] sockets) {
			List<String> endpoints = Stream.of(sockets).map((socket) -> "unix://" + socket).toList();
			RecordingListener listener = new RecordingListener();
			try (EtcdClient client = EtcdClient.create(EtcdClientOptions.builder(endpoints).build())) {
				client.watch().open(WatchRequest.of(KeyRange.key("key")), listener);
				long revision = client.kv().put("key", "value").revision();
				System.out.println("got " + client.kv().get("key").first().orElseThrow().value().toUtf8());
				listener.awaitRevision(revision, Duration.ofSeconds(10));
				System.out.println("watched " + listener.events().size());
				soon().until(() -> Stream.of(sockets).allMatch(Main::isConnected));
				System.out.println("all connected");
			}
		}

		/** Linux lists the socket that listens, and one for each connection to it. */
		private static boolean isConnected(String socket) {
			String name = String.valueOf(Path.of(socket).getFileName());
			try (Stream<String> lines = Files.lines(Path.of("/proc/net/unix"))) {
				return lines.filter((line) -> line.endsWith(" " + name)).count() > 1;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
