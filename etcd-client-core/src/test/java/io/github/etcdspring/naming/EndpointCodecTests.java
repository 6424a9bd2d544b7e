/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.Random;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link EndpointCodec}: Go's bytes, what others leave out or add, and entries
 * that hide nobody but themselves (D5).
 */
class EndpointCodecTests {

	private final EndpointCodec codec = new EndpointCodec("shop/orders");

	private final Logger logger = (Logger) LoggerFactory.getLogger(EndpointCodec.class);

	private final ListAppender<ILoggingEvent> log = new ListAppender<>();

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.WARN);
		this.logger.setAdditive(false);
		this.logger.addAppender(this.log);
		this.log.start();
	}

	@AfterEach
	void detach() {
		this.logger.detachAppender(this.log);
		this.logger.setAdditive(true);
		this.logger.setLevel(null);
	}

	private static KeyValue kv(String key, ByteSequence value, long revision) {
		return new KeyValue(ByteSequence.of(key), value, revision, revision, 1, LeaseId.NONE);
	}

	private static KeyValue kv(String value) {
		return kv("shop/orders/a", ByteSequence.of(value), 7);
	}

	@Test
	void placesEntriesBelowTheTarget() {
		assertThat(this.codec.key("10.0.0.1:80")).isEqualTo(ByteSequence.of("shop/orders/10.0.0.1:80"));
		assertThat(this.codec.range()).isEqualTo(KeyRange.prefix("shop/orders/"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.codec.key(""));
		assertThatIllegalArgumentException().isThrownBy(() -> new EndpointCodec(""));
	}

	@Test
	@DisplayName("the bytes are those of json.Marshal of Go's internal.Update")
	void writesTheBytesOfGo() {
		assertThat(this.codec.encode(Endpoint.of("10.0.0.1:80")).toUtf8())
			.isEqualTo("{\"Op\":0,\"Addr\":\"10.0.0.1:80\",\"Metadata\":null}");
		assertThat(this.codec.encode(Endpoint.of("a&b:1").withMetadata("{ \"w\": 2 }")).toUtf8())
			.isEqualTo("{\"Op\":0,\"Addr\":\"a\\u0026b:1\",\"Metadata\":{\"w\":2}}");
	}

	@Test
	void readsWhatItWrites() {
		Endpoint endpoint = Endpoint.of("[::1]:80").withMetadata("[".repeat(48) + "1" + "]".repeat(48));

		assertThat(this.codec.decode(kv("shop/orders/x/y", this.codec.encode(endpoint), 7)))
			.contains(new NamedEndpoint("x/y", endpoint));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"Op\":0,\"Addr\":\"a:1\",\"Metadata\":null}", "{\"Addr\":\"a:1\"}",
			"{\"addr\":\"a:1\",\"op\":0}", "{\"ADDR\":\"a:1\",\"OP\":1}", "{\"Op\":null,\"Addr\":\"a:1\"}",
			" {\"Addr\":\"a:1\", \"Attributes\":{\"x\":[1]}, \"ServerName\":\"n\"} ",
			"{\"Addr\":\"b:1\",\"addr\":\"a:1\"}", "{\"Addr\":\"a:1\",\"addr\":null}",
			"{\"Addr\":\"x:1\",\"addr\":\"y:1\",\"Addr\":\"a:1\"}", "{\"Op\":255,\"Addr\":\"\\u0061:1\"}" })
	void readsWhatOtherWritersLeaveOutOrAdd(String value) {
		assertThat(this.codec.decode(kv(value))).contains(new NamedEndpoint("a", Endpoint.of("a:1")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "null", "[]", "\"a:1\"", "1", "a:1", "{}", "{\"Addr\":null}", "{\"Addr\":\"\"}",
			"{\"Addr\":1}", "{\"Addr\":{}}", "{\"Addr\":\"a b\"}", "{\"Addr\":\"a\\u0000:1\"}",
			"{\"Op\":256,\"Addr\":\"a:1\"}", "{\"Op\":-1,\"Addr\":\"a:1\"}", "{\"Op\":0.0,\"Addr\":\"a:1\"}",
			"{\"Op\":\"0\",\"Addr\":\"a:1\"}", "{\"Addr\":\"a:1\"", "{\"Addr\":\"a:1\"}x",
			"{\"Addr\":\"a:1\",\"Metadata\":}" })
	void passesOverWhatCannotBeUsed(String value) {
		assertThat(this.codec.decode(kv(value))).isEmpty();
		assertThat(this.log.list).singleElement()
			.extracting(ILoggingEvent::getFormattedMessage)
			.asString()
			.startsWith("endpoint at etcd key 'shop/orders/a' is passed over: it");
	}

	@Test
	void passesOverWhatIsTooLargeOrTooDeep() {
		String large = "{\"Addr\":\"a:1\",\"Metadata\":\"%s\"}".formatted("x".repeat(EndpointCodec.MAX_SIZE));
		String deep = "{\"Addr\":\"a:1\",\"Metadata\":%s}".formatted("[".repeat(8000) + "]".repeat(8000));

		assertThat(this.codec.decode(kv(large))).isEmpty();
		assertThat(this.codec.decode(kv(deep))).isEmpty();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.codec
				.encode(Endpoint.of("a:1").withMetadata("\"" + "x".repeat(EndpointCodec.MAX_SIZE) + "\"")))
			.withMessageContaining("expected: at most 16384");
	}

	@Test
	void passesOverAKeyThatIsNoText() {
		ByteSequence key = ByteSequence.of("shop/orders/").concat(ByteSequence.copyOf(new byte[] { (byte) 0xff }));

		assertThat(this.codec.decode(new KeyValue(key, this.codec.encode(Endpoint.of("a:1")), 7, 7, 1, LeaseId.NONE)))
			.isEmpty();
	}

	@Test
	void saysOnceUntilItIsWrittenAgainThatAnEntryIsPassedOver() {
		KeyValue broken = kv("x");
		this.codec.decode(broken);
		this.codec.decode(broken);
		assertThat(this.log.list).hasSize(1);

		this.codec.decode(kv("shop/orders/a", ByteSequence.of("y"), 8));

		assertThat(this.log.list).hasSize(2);
	}

	@Test
	void namesNoMoreThanTheBeginningOfAKeyAndNothingOfAValue() {
		this.codec.decode(kv("shop/orders/" + "\n".repeat(5000), ByteSequence.of("{secret"), 7));

		assertThat(this.log.list.get(0).getFormattedMessage()).hasSizeLessThan(200).doesNotContain("secret", "\n");
	}

	@Test
	void answersAnyBytesWithAnEndpointOrNone() {
		Random random = new Random(20261126);
		byte[] valid = this.codec.encode(Endpoint.of("a:1").withMetadata("{\"a\":[1,\"\\u003c\"]}")).toByteArray();
		int endpoints = 0;
		for (int i = 0; i < 20_000; i++) {
			byte[] value = valid.clone();
			for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
				value[random.nextInt(value.length)] = (byte) random.nextInt(256);
			}
			KeyValue kv = new KeyValue(ByteSequence.of("shop/orders/a"), ByteSequence.copyOf(value), i, i, 1,
					LeaseId.NONE);
			endpoints += this.codec.decode(kv).isPresent() ? 1 : 0;
		}
		assertThat(endpoints).isBetween(1000, 19_000);
	}

}
