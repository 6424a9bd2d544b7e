/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.fixture.RawServer;
import io.github.etcdspring.fixture.ScriptedCluster;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests of calls to what is no etcd, or means harm: they fail in time, and memory stays
 * bounded (S23).
 */
class HostileServerTests {

	private static final Duration TIMEOUT = Duration.ofMillis(600);

	/** What a machine under load needs to notice that the time is up. */
	private static final Duration GRACE = Duration.ofSeconds(2);

	private static final long MOST_GROWTH = 32 * 1024 * 1024;

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@ParameterizedTest
	@MethodSource("hostilities")
	void failsCallsInTimeAndKeepsMemoryBounded(RawServer.Speech hostility) {
		RawServer server = this.cluster.closing(RawServer.start(hostility));
		EtcdClient client = this.cluster.closing(EtcdClient
			.create(EtcdClientOptions.builder(List.of(server.endpoint())).requestTimeout(TIMEOUT).build()));
		long before = usedHeap();
		long begin = System.nanoTime();

		EtcdException read = catchThrowableOfType(EtcdException.class, () -> client.kv().get("key"));
		Duration taken = Duration.ofNanos(System.nanoTime() - begin);
		begin = System.nanoTime();
		EtcdException write = catchThrowableOfType(EtcdException.class, () -> client.kv().put("key", "value"));
		Duration takenByWrite = Duration.ofNanos(System.nanoTime() - begin);

		long growth = usedHeap() - before;
		System.out.printf("%d connections, %d calls came; heap +%d kB; read after %d ms: %s; write after %d ms: %s%n",
				server.connections(), server.calls(), growth / 1024, taken.toMillis(), read.getMessage(),
				takenByWrite.toMillis(), write.getMessage());
		assertThat(taken).isLessThan(TIMEOUT.plus(GRACE));
		assertThat(takenByWrite).isLessThan(TIMEOUT.plus(GRACE));
		assertThat(growth).isLessThan(MOST_GROWTH);
		assertThat(write.attempts()).isLessThanOrEqualTo(1);
		assertThat(server.connections()).isPositive();
	}

	private static long usedHeap() {
		System.gc();
		return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
	}

	static Stream<Named<RawServer.Speech>> hostilities() {
		return Stream.of(named("random bytes", (connection) -> {
			Random random = new Random(42);
			byte[] bytes = new byte[8192];
			while (true) {
				random.nextBytes(bytes);
				connection.send(bytes);
			}
		}),

				named("random bytes after the greeting", (connection) -> {
					connection.beginHttp2();
					Random random = new Random(42);
					byte[] bytes = new byte[8192];
					while (true) {
						random.nextBytes(bytes);
						connection.send(bytes);
					}
				}),

				named("http 1", (connection) -> {
					connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
						.getBytes(StandardCharsets.US_ASCII));
				}),

				named("endless http 1 header", (connection) -> {
					connection.send("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
					while (true) {
						connection.send("X-Filler: 0123456789\r\n".repeat(400).getBytes(StandardCharsets.US_ASCII));
					}
				}),

				// One header block whose continuations never end; a literal of 16 bytes
				// each.
				named("endless headers", (connection) -> {
					connection.beginHttp2();
					int stream = connection.awaitRequest();
					byte[] fields = literals(400);
					connection.send(RawServer.HEADERS, 0, stream, fields);
					while (true) {
						connection.send(RawServer.CONTINUATION, 0, stream, fields);
					}
				}),

				// As before, in continuations that hold nothing.
				named("endless empty headers", (connection) -> {
					connection.beginHttp2();
					int stream = connection.awaitRequest();
					connection.send(RawServer.HEADERS, 0, stream, new byte[0]);
					while (true) {
						connection.send(RawServer.CONTINUATION, 0, stream, new byte[0]);
					}
				}),

				// A message whose length says 2 GB.
				named("endless message", (connection) -> {
					connection.beginHttp2();
					int stream = connection.awaitRequest();
					// :status 200, content-type application/grpc
					byte[] type = "application/grpc".getBytes(StandardCharsets.US_ASCII);
					byte[] headers = new byte[3 + 1 + type.length];
					headers[0] = (byte) 0x88;
					headers[1] = 0x0f;
					headers[2] = 0x10;
					headers[3] = (byte) type.length;
					System.arraycopy(type, 0, headers, 4, type.length);
					connection.send(RawServer.HEADERS, 4, stream, headers);
					byte[] begin = new byte[8192];
					begin[1] = 0x7f;
					begin[2] = -1;
					connection.send(RawServer.DATA, 0, stream, begin);
					byte[] more = new byte[8192];
					while (true) {
						connection.send(RawServer.DATA, 0, stream, more);
					}
				}));
	}

	private static Named<RawServer.Speech> named(String name, RawServer.Speech speech) {
		return Named.of(name, speech);
	}

	/** Header fields that nobody has to remember: HPACK literals without indexing. */
	private static byte[] literals(int count) {
		byte[] field = "\0\6filler\7nothing".getBytes(StandardCharsets.US_ASCII);
		byte[] fields = new byte[field.length * count];
		for (int i = 0; i < count; i++) {
			System.arraycopy(field, 0, fields, i * field.length, field.length);
		}
		return fields;
	}

}
