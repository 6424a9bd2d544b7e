/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.Map;
import java.util.Optional;

import io.github.etcdspring.ByteSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceCodecTests {

	private static final InstanceRecord INSTANCE = new InstanceRecord("host-80-1", "orders", "host", 80, true,
			InstanceStatus.UP, Map.of("zone", "eu"));

	private final InstanceCodec codec = new InstanceCodec("services");

	@Test
	void putsInstanceUnderItsServiceAndId() {
		assertThat(this.codec.key(INSTANCE)).isEqualTo(ByteSequence.of("services/orders/host-80-1"));
		assertThat(this.codec.prefix()).isEqualTo(ByteSequence.of("services/"));
	}

	@Test
	void keepsNamesInTheirSegments() {
		InstanceRecord instance = new InstanceRecord("../id", "a/b", "host", 80, false, InstanceStatus.UP, Map.of());

		assertThat(this.codec.key(instance)).isEqualTo(ByteSequence.of("services/a%2Fb/..%2Fid"));
		assertThat(this.codec.service(this.codec.key(instance))).contains("a/b");
	}

	@Test
	void writesJson() {
		assertThat(this.codec.encode(INSTANCE).toUtf8()).isEqualTo("{\"id\":\"host-80-1\",\"service\":\"orders\","
				+ "\"host\":\"host\",\"port\":80,\"secure\":true,\"status\":\"UP\",\"metadata\":{\"zone\":\"eu\"}}");
	}

	@Test
	void readsWhatItWrote() {
		InstanceRecord away = new InstanceRecord("id \"é\"", "dienst/ä", "2001:db8::7", 65535, false,
				InstanceStatus.OUT_OF_SERVICE, Map.of("a", "", "b", "{}", "é", "\uD83D\uDE00"));

		assertThat(decode(INSTANCE)).contains(INSTANCE);
		assertThat(decode(away)).contains(away);
	}

	@Test
	void takesServiceFromTheKeyAndNotFromTheRecord() {
		Optional<InstanceRecord> read = this.codec.decode(ByteSequence.of("services/orders/1"),
				ByteSequence.of("{\"id\":\"1\",\"service\":\"payments\",\"host\":\"h\",\"port\":1}"));

		assertThat(read).map(InstanceRecord::service).contains("orders");
	}

	@Test
	void readsRecordOfBareNecessitiesAsUpAndPlain() {
		assertThat(decode("{\"id\":\"1\",\"host\":\"h\",\"port\":1}"))
			.contains(new InstanceRecord("1", "orders", "h", 1, false, InstanceStatus.UP, Map.of()));
	}

	@ParameterizedTest
	@CsvSource({ "UP,UP", "OUT_OF_SERVICE,OUT_OF_SERVICE", "DOWN,OUT_OF_SERVICE", "STARTING,OUT_OF_SERVICE",
			"up,OUT_OF_SERVICE" })
	void readsAnyOtherStatusAsOutOfService(String written, InstanceStatus status) {
		assertThat(decode("{\"id\":\"1\",\"host\":\"h\",\"port\":1,\"status\":\"" + written + "\"}"))
			.map(InstanceRecord::status)
			.contains(status);
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "services/", "services/orders", "services/orders/", "services//id", "services/orders/id/more" })
	void passesOverKeyThatIsNoInstances(String key) {
		ByteSequence value = this.codec.encode(INSTANCE);

		assertThat(this.codec.decode(ByteSequence.of(key), value)).isEmpty();
	}

	@Test
	void leavesOutMetadataWithControlCharacters() {
		String record = "{\"id\":\"1\",\"host\":\"h\",\"port\":1,\"metadata\":"
				+ "{\"good\":\"x\",\"bad\":\"a\\r\\nX-Evil: 1\",\"k\\u0000\":\"x\",\"c1\":\"\\u0085\"}}";

		assertThat(decode(record)).map(InstanceRecord::metadata).contains(Map.of("good", "x"));
	}

	@Test
	void readsMetadataThatIsNoTextAsEmptyOrAsItIsWritten() {
		String record = "{\"id\":\"1\",\"host\":\"h\",\"port\":1,\"metadata\":"
				+ "{\"number\":1.5,\"truth\":true,\"nothing\":null,\"list\":[1],\"object\":{\"a\":1}}}";

		assertThat(decode(record)).map(InstanceRecord::metadata)
			.contains(Map.of("number", "1.5", "truth", "true", "nothing", "", "list", "", "object", ""));
	}

	@ParameterizedTest
	@ValueSource(strings = { "[1]", "\"text\"", "7", "null" })
	void readsMetadataThatIsNoObjectAsNone(String metadata) {
		assertThat(decode("{\"id\":\"1\",\"host\":\"h\",\"port\":1,\"metadata\":" + metadata + "}"))
			.map(InstanceRecord::metadata)
			.contains(Map.of());
	}

	private Optional<InstanceRecord> decode(InstanceRecord instance) {
		return this.codec.decode(this.codec.key(instance), this.codec.encode(instance));
	}

	private Optional<InstanceRecord> decode(String record) {
		return this.codec.decode(ByteSequence.of("services/orders/1"), ByteSequence.of(record));
	}

}
