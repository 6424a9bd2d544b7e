/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.Compare.Relation;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.watch.WatchEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.client.WrittenRequests.written;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Namespace}.
 */
class NamespaceTests {

	private final Namespace app = Namespace.NONE.inner(ByteSequence.of("app/"));

	@Test
	void putsThePrefixBeforeASingleKey() {
		assertThat(this.app.add(KeyRange.key("a"))).isEqualTo(KeyRange.key("app/a"));
	}

	@Test
	void putsThePrefixBeforeBothEndsOfARange() {
		KeyRange range = KeyRange.between(ByteSequence.of("a"), ByteSequence.of("c"));

		assertThat(this.app.add(range)).isEqualTo(KeyRange.between(ByteSequence.of("app/a"), ByteSequence.of("app/c")));
	}

	@Test
	void endsAnUnboundedRangeWhereThePrefixEnds() {
		assertThat(this.app.add(KeyRange.from(ByteSequence.of("a"))))
			.isEqualTo(KeyRange.between(ByteSequence.of("app/a"), ByteSequence.of("app0")));
	}

	@Test
	void nestsInsideAnother() {
		assertThat(this.app.inner(ByteSequence.of("one/")).add(ByteSequence.of("a")))
			.isEqualTo(ByteSequence.of("app/one/a"));
	}

	@Test
	void changesNothingWithAnEmptyPrefix() {
		assertThat(this.app.inner(ByteSequence.EMPTY)).isSameAs(this.app);
		assertThat(Namespace.NONE.add(KeyRange.all())).isEqualTo(KeyRange.all());
	}

	/**
	 * A key lies in a range of the view if and only if its whole key lies in the sent
	 * one.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void holdsThoseKeysThatTheRangeHoldsInTheView(long seed) {
		Random random = new Random(seed);
		for (int i = 0; i < 5_000; i++) {
			ByteSequence prefix = bytes(random, 1 + random.nextInt(3));
			Namespace namespace = Namespace.NONE.inner(prefix);
			KeyRange range = range(random);
			KeyRange sent = namespace.add(range);
			KvProto.RangeRequest wire = written(namespace, RangeRequest.of(range));
			assertThat(wire.getKey()).isEqualTo(KvCodec.bytes(sent.start()));
			assertThat(wire.getRangeEnd()).isEqualTo(KvCodec.rangeEnd(sent));

			ByteSequence key = bytes(random, 1 + random.nextInt(3));
			assertThat(sent.contains(prefix.concat(key))).as("%s of %s in %s", key, range, prefix)
				.isEqualTo(range.contains(key));
			ByteSequence foreign = bytes(random, 1 + random.nextInt(4));
			if (!foreign.startsWith(prefix)) {
				assertThat(sent.contains(foreign)).as("%s outside of %s, by %s", foreign, prefix, range).isFalse();
			}
		}
	}

	@Test
	void reachesEveryPartOfATransaction() {
		TxnRequest inner = new TxnRequest(List.of(Compare.absent(KeyRange.prefix("c"))),
				List.of(PutRequest.of("d", "1")), List.of());
		TxnRequest txn = new TxnRequest(List.of(Compare.version(KeyRange.key("a"), Relation.EQUAL, 1)),
				List.of(PutRequest.of("b", "1"), inner),
				List.of(RangeRequest.of(KeyRange.all()), DeleteRequest.of(KeyRange.prefix("e"))));

		KvProto.TxnRequest sent = written(this.app, txn);

		TxnRequest innerInApp = new TxnRequest(List.of(Compare.absent(KeyRange.prefix("app/c"))),
				List.of(PutRequest.of("app/d", "1")), List.of());
		TxnRequest inApp = new TxnRequest(List.of(Compare.version(KeyRange.key("app/a"), Relation.EQUAL, 1)),
				List.of(PutRequest.of("app/b", "1"), innerInApp),
				List.of(RangeRequest.of(KeyRange.between(
						ByteSequence.of("app/").concat(ByteSequence.copyOf(new byte[1])), ByteSequence.of("app0"))),
						DeleteRequest.of(KeyRange.prefix("app/e"))));
		assertThat(sent).isEqualTo(written(inApp));
	}

	@Test
	void takesThePrefixFromEvents() {
		KeyValue kv = kv("app/a");

		assertThat(this.app.strip(new WatchEvent.Put(kv, Optional.of(kv))))
			.isEqualTo(new WatchEvent.Put(kv("a"), Optional.of(kv("a"))));
		assertThat(this.app.strip(new WatchEvent.Delete(ByteSequence.of("app/a"), 7, Optional.empty())))
			.isEqualTo(new WatchEvent.Delete(ByteSequence.of("a"), 7, Optional.empty()));
	}

	private static KeyValue kv(String key) {
		return new KeyValue(ByteSequence.of(key), ByteSequence.of("value"), 1, 2, 3, LeaseId.NONE);
	}

	private static KeyRange range(Random random) {
		ByteSequence start = bytes(random, 1 + random.nextInt(2));
		return switch (random.nextInt(5)) {
			case 0 -> KeyRange.key(start);
			case 1 -> KeyRange.prefix(start);
			case 2 -> KeyRange.from(start);
			case 3 -> {
				ByteSequence end = start.concat(bytes(random, 1 + random.nextInt(2)));
				yield KeyRange.between(start, end);
			}
			default -> KeyRange.all();
		};
	}

	/** Few different bytes, so that many keys meet; 0xff has no successor. */
	private static ByteSequence bytes(Random random, int length) {
		byte[] some = { 0, 1, (byte) 0xfe, (byte) 0xff };
		byte[] bytes = new byte[length];
		IntStream.range(0, length).forEach((i) -> bytes[i] = some[random.nextInt(some.length)]);
		return ByteSequence.copyOf(bytes);
	}

}
