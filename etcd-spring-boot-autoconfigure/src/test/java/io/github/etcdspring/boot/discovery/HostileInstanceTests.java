/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Records that somebody else wrote (S16).
 */
class HostileInstanceTests {

	private static final ByteSequence KEY = ByteSequence.of("services/orders/1");

	private static final byte[] PIECES = "{}[]\":,\\0-9.eE+truefalsnu \r\n\t%/@#".getBytes(StandardCharsets.UTF_8);

	private final InstanceCodec codec = new InstanceCodec("services");

	@ParameterizedTest
	@ValueSource(strings = { "0", "70000", "65536", "-1", "4294967377", "1e9", "null", "true", "\"\"", "\"http\"",
			"[80]", "{\"a\":80}", "99999999999999999999", "-0" })
	void passesOverPortThatIsNone(String port) {
		assertThat(decode("{\"id\":\"1\",\"host\":\"h\",\"port\":" + port + "}")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "my host", "h\\r\\nX-Evil: 1", "h\\n", "h\\u0000", "h/../x", "user@h", "h:80",
			"[::1]", "http://h", "javascript:alert(1)", "h?x", "h#x", "é.example", "::::", "dead:beef", "1:2:3", ":",
			"12345::", "::1%", "1.2.3.4:5", "::ffff:1.2.3.4.5" })
	void passesOverHostThatCanNotBeCalled(String host) {
		assertThat(decode("{\"id\":\"1\",\"host\":\"" + host + "\",\"port\":80}")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a\\r\\nb", "\\u0000", "\\u007f", "\\u0085" })
	void passesOverIdThatIsEmptyOrHasControlCharacters(String id) {
		assertThat(decode("{\"id\":\"" + id + "\",\"host\":\"h\",\"port\":80}")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "null", "7", "\"text\"", "[]", "[{\"id\":\"1\",\"host\":\"h\",\"port\":80}]",
			"{}", "{\"host\":\"h\",\"port\":80}", "{\"id\":\"1\",\"port\":80}", "{\"id\":\"1\",\"host\":\"h\"}",
			"{\"id\":", "{'id':'1','host':'h','port':80}", "not json", "{\"id\":{},\"host\":[],\"port\":80}" })
	void passesOverWhatIsNoRecord(String record) {
		assertThat(decode(record)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("deepJson")
	void passesOverDeepJson(String json) {
		assertThat(decode(json)).isEmpty();
	}

	static Stream<String> deepJson() {
		return Stream.of("[".repeat(16_000), "{\"a\":".repeat(3_000), "[".repeat(8_000) + "]".repeat(8_000));
	}

	@Test
	void passesOverRecordThatIsTooLarge() {
		String start = "{\"id\":\"1\",\"host\":\"h\",\"port\":80,\"metadata\":{\"a\":\"";
		String fits = start + "x".repeat(16 * 1024 - start.length() - 3) + "\"}}";

		assertThat(decode(fits)).isPresent();
		assertThat(decode(fits + " ")).isEmpty();
	}

	@Test
	void passesOverBytesThatAreNoText() {
		assertThat(this.codec.decode(KEY, ByteSequence.copyOf(new byte[] { (byte) 0xff, (byte) 0xfe, 0, 1 })))
			.isEmpty();
	}

	@Test
	void readsKeyThatIsNoTextWithoutFailing() {
		byte[] key = "services/or?ers/1".getBytes(StandardCharsets.UTF_8);
		key[11] = (byte) 0xff;

		assertThat(this.codec.decode(ByteSequence.copyOf(key), record())).map(InstanceRecord::service)
			.contains("or\uFFFDers");
	}

	@Test
	void neverThrowsAndNeverLetsThroughWhatCanNotBeCalledWhateverTheRecord() {
		Random random = new Random(20261122);
		int read = 0;
		for (int i = 0; i < 20_000; i++) {
			Optional<InstanceRecord> instance = this.codec.decode(KEY, mutated(record(), random));
			if (instance.isPresent()) {
				read++;
				assertCallable(instance.get());
			}
		}
		assertThat(read).isBetween(500, 19_500);
	}

	@Test
	void neverThrowsWhateverTheHost() {
		Random random = new Random(20261122);
		String characters = "0123456789abcdefABCDEF::::...%-_xyz";
		int read = 0;
		for (int i = 0; i < 20_000; i++) {
			StringBuilder host = new StringBuilder();
			for (int length = 1 + random.nextInt(12); length > 0; length--) {
				host.append(characters.charAt(random.nextInt(characters.length())));
			}
			Optional<InstanceRecord> instance = decode("{\"id\":\"1\",\"host\":\"" + host + "\",\"port\":80}");
			if (instance.isPresent()) {
				read++;
				assertCallable(instance.get());
			}
		}
		assertThat(read).isBetween(500, 19_500);
	}

	private static void assertCallable(InstanceRecord instance) {
		EtcdServiceInstance found = new EtcdServiceInstance(instance);
		assertThat(found.getUri().getPort()).isBetween(-1, 65535);
		assertThat(found.getUri().toString()).matches("https?://[^\\s/@?#]+:\\d+");
		assertThat(instance.id().chars().noneMatch(Character::isISOControl)).isTrue();
	}

	private static ByteSequence mutated(ByteSequence record, Random random) {
		byte[] bytes = record.toByteArray();
		for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
			int at = random.nextInt(bytes.length);
			switch (random.nextInt(4)) {
				case 0 -> bytes[at] = (byte) random.nextInt(256);
				case 1 -> bytes[at] = PIECES[random.nextInt(PIECES.length)];
				case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
				default -> {
					byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
					System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
					longer[at] = PIECES[random.nextInt(PIECES.length)];
					bytes = longer;
				}
			}
		}
		return ByteSequence.copyOf(bytes);
	}

	private ByteSequence record() {
		return this.codec.encode(new InstanceRecord("1", "orders", "host.example", 8080, false, InstanceStatus.UP,
				Map.of("zone", "a", "b", "c")));
	}

	private Optional<InstanceRecord> decode(String record) {
		return this.codec.decode(KEY, ByteSequence.of(record));
	}

}
