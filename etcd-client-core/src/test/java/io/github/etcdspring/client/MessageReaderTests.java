/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.LeaseProto;
import io.github.etcdspring.internal.proto.MvccProto;
import io.github.etcdspring.internal.proto.WatchProto;
import io.github.etcdspring.kv.RangeResult;
import io.github.etcdspring.watch.WatchEvent;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link MessageReader}.
 */
class MessageReaderTests {

	@Test
	void keepsEachKeyWhenTheNextMessageIsRead() {
		KeyValue first = range(kv("first", "a")).kvs().get(0);

		range(kv("other", "b"));

		assertThat(first.key()).isEqualTo(ByteSequence.of("first"));
		assertThat(first.value()).isEqualTo(ByteSequence.of("a"));
	}

	@Test
	void readsValuesLargerThanItsBuffer() {
		String value = "v".repeat(5 << 20);

		assertThat(range(kv("key", value)).kvs().get(0).value()).isEqualTo(ByteSequence.of(value));
	}

	@Test
	void readsManyKeysOfDifferentSizesInOrder() {
		MvccProto.KeyValue[] kvs = IntStream.range(0, 5000)
			.mapToObj((i) -> kv("key" + i, "v".repeat(i % 100)))
			.toArray(MvccProto.KeyValue[]::new);

		RangeResult result = range(kvs);

		assertThat(result.kvs()).hasSize(5000);
		assertThat(IntStream.range(0, 5000)).allMatch((i) -> result.kvs().get(i).key().toUtf8().equals("key" + i)
				&& result.kvs().get(i).value().size() == i % 100);
	}

	@Test
	void readsAKeyWithoutValueAfterOneWithValue() {
		RangeResult result = range(kv("a", "value"),
				MvccProto.KeyValue.newBuilder().setKey(ByteString.copyFromUtf8("b")).build());

		assertThat(result.kvs().get(1))
			.isEqualTo(new KeyValue(ByteSequence.of("b"), ByteSequence.EMPTY, 0, 0, 0, LeaseId.NONE));
	}

	@Test
	void passesOverFieldsOfLaterVersions() {
		UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
			.addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).addLengthDelimited(ByteString.EMPTY).build())
			.build();
		KvProto.RangeResponse answer = KvProto.RangeResponse.newBuilder()
			.addKvs(kv("key", "value").toBuilder().setUnknownFields(unknown))
			.setCount(1)
			.setUnknownFields(unknown)
			.build();

		RangeResult result = KvMethods.RANGE.parseResponse(known(answer.toByteArray()));

		assertThat(result.count()).isEqualTo(1);
		assertThat(result.kvs()).singleElement().satisfies((kv) -> assertThat(kv.value().toUtf8()).isEqualTo("value"));
	}

	@Test
	void readsAnyNumbers() {
		Random random = new Random(20261126);
		for (int i = 0; i < 2000; i++) {
			MvccProto.KeyValue kv = kv("key" + i, "v".repeat(random.nextInt(40))).toBuilder()
				.setCreateRevision(anyLong(random))
				.setModRevision(anyLong(random))
				.setVersion(anyLong(random))
				.clearLease()
				.build();
			KvProto.RangeResponse answer = KvProto.RangeResponse.newBuilder()
				.setHeader(HeaderProto.ResponseHeader.newBuilder()
					.setClusterId(anyLong(random))
					.setMemberId(anyLong(random))
					.setRevision(anyLong(random))
					.setRaftTerm(anyLong(random)))
				.addKvs(kv)
				.setCount(anyLong(random))
				.setMore(random.nextBoolean())
				.build();
			HeaderProto.ResponseHeader header = answer.getHeader();

			assertThat(KvMethods.RANGE.parseResponse(known(answer.toByteArray()))).isEqualTo(new RangeResult(
					new ResponseHeader(header.getClusterId(), header.getMemberId(), header.getRevision(),
							header.getRaftTerm()),
					List.of(new KeyValue(ByteSequence.of(kv.getKey().toStringUtf8()),
							ByteSequence.of(kv.getValue().toStringUtf8()), kv.getCreateRevision(), kv.getModRevision(),
							kv.getVersion(), LeaseId.NONE)),
					answer.getMore(), answer.getCount()));
		}
	}

	private static long anyLong(Random random) {
		long[] special = { 0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE };
		return random.nextBoolean() ? random.nextLong() : special[random.nextInt(special.length)];
	}

	@Test
	void refusesAFieldOfAnotherType() {
		UnknownFieldSet count = UnknownFieldSet.newBuilder()
			.addField(KvProto.RangeResponse.COUNT_FIELD_NUMBER,
					UnknownFieldSet.Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("7")).build())
			.build();

		assertThatExceptionOfType(SenselessAnswerException.class)
			.isThrownBy(() -> KvMethods.RANGE.parseResponse(known(count.toByteArray())))
			.withRootCauseInstanceOf(IOException.class);
	}

	@Test
	void refusesAMessageThatEndsTooSoon() {
		byte[] whole = KvProto.RangeResponse.newBuilder().addKvs(kv("key", "value")).build().toByteArray();
		byte[] cut = new byte[whole.length - 1];
		System.arraycopy(whole, 0, cut, 0, cut.length);

		assertThatExceptionOfType(SenselessAnswerException.class)
			.isThrownBy(() -> KvMethods.RANGE.parseResponse(known(cut)))
			.withMessage("it is malformed")
			.withCauseInstanceOf(IOException.class);
	}

	@Test
	void refusesMessagesWithinEachOtherWithoutEnd() {
		KvProto.TxnResponse answer = KvProto.TxnResponse.getDefaultInstance();
		for (int i = 0; i < 60; i++) {
			answer = KvProto.TxnResponse.newBuilder()
				.addResponses(KvProto.ResponseOp.newBuilder().setResponseTxn(answer))
				.build();
		}
		byte[] deep = answer.toByteArray();

		assertThatExceptionOfType(SenselessAnswerException.class)
			.isThrownBy(() -> KvMethods.TXN.parseResponse(known(deep)))
			.withStackTraceContaining("more than 100 messages within each other");
	}

	@Test
	void refusesAFieldLongerThanItsMessage() {
		byte[] answer = { 0x12, 3, 0x0a, 9, 'k' };

		assertThatExceptionOfType(SenselessAnswerException.class)
			.isThrownBy(() -> KvMethods.RANGE.parseResponse(known(answer)));
	}

	@Test
	void passesOverFieldsOfEveryType() {
		UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
			.addField(98,
					UnknownFieldSet.Field.newBuilder()
						.addVarint(-1)
						.addFixed32(7)
						.addFixed64(8)
						.addLengthDelimited(ByteString.copyFromUtf8("later"))
						.build())
			.build();
		KvProto.RangeResponse answer = KvProto.RangeResponse.newBuilder().setCount(1).setUnknownFields(unknown).build();

		assertThat(KvMethods.RANGE.parseResponse(known(answer.toByteArray())).count()).isEqualTo(1);
	}

	static Stream<Arguments> malformed() {
		return Stream.of(Arguments.of(new byte[] { 0x00 }, "no field has the tag 0"),
				Arguments.of(new byte[] { (byte) 0xa0, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x10, 1 },
						"no field has the tag 4294967328"),
				Arguments.of(new byte[] { 0x20, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1 }, "a number does not end"),
				Arguments.of(new byte[] { 0x20, -1 }, "it ends within a field"),
				Arguments.of(new byte[] { 0x20 }, "it ends within a field"),
				// a length of -1, and one of 2^32
				Arguments.of(new byte[] { 0x0a, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1 }, "it ends within a field"),
				Arguments.of(new byte[] { 0x7a, -128, -128, -128, -128, 0x10 }, "it ends within a field"),
				Arguments.of(new byte[] { 0x7d, 1, 2, 3 }, "it ends within a field"),
				Arguments.of(new byte[] { 0x79, 1, 2, 3, 4, 5, 6, 7 }, "it ends within a field"),
				Arguments.of(new byte[] { 0x7b, 0x7c }, "field 15 is of no known type"),
				Arguments.of(new byte[] { 0x7f }, "field 15 is of no known type"));
	}

	@ParameterizedTest
	@MethodSource("malformed")
	void refusesWhatIsNoMessage(byte[] answer, String reason) {
		assertThatExceptionOfType(SenselessAnswerException.class)
			.isThrownBy(() -> KvMethods.RANGE.parseResponse(known(answer)))
			.withCauseInstanceOf(IOException.class)
			.withStackTraceContaining(reason);
	}

	static Stream<Arguments> answers() {
		HeaderProto.ResponseHeader header = HeaderProto.ResponseHeader.newBuilder()
			.setClusterId(-5)
			.setRevision(300)
			.build();
		KvProto.RangeResponse range = KvProto.RangeResponse.newBuilder()
			.setHeader(header)
			.addKvs(kv("first", "value"))
			.addKvs(kv("second", "v".repeat(200)))
			.setMore(true)
			.setCount(70_000)
			.build();
		KvProto.PutResponse put = KvProto.PutResponse.newBuilder().setHeader(header).setPrevKv(kv("a", "b")).build();
		KvProto.TxnResponse txn = KvProto.TxnResponse.newBuilder()
			.setHeader(header)
			.addResponses(KvProto.ResponseOp.newBuilder().setResponseRange(range))
			.addResponses(KvProto.ResponseOp.newBuilder().setResponsePut(put))
			.build();
		WatchProto.WatchResponse watch = WatchProto.WatchResponse.newBuilder()
			.setHeader(header)
			.setCancelReason("for a reason")
			.addEvents(MvccProto.Event.newBuilder().setKv(kv("a", "new")).setPrevKv(kv("a", "old")))
			.build();
		LeaseProto.LeaseKeepAliveResponse lease = LeaseProto.LeaseKeepAliveResponse.newBuilder()
			.setHeader(header)
			.setID(7)
			.setTTL(60)
			.build();
		return Stream.of(Arguments.of(KvMethods.RANGE, range), Arguments.of(KvMethods.PUT, put),
				Arguments.of(KvMethods.TXN, txn), Arguments.of(WatchAnswer.METHOD, watch),
				Arguments.of(LeaseAnswer.KEEP_ALIVE, lease));
	}

	/** Whatever a member sends: a result or one kind of failure, soon. */
	@ParameterizedTest
	@MethodSource("answers")
	void readsOrRefusesWhateverComes(MethodDescriptor<?, ?> method, MessageLite valid) {
		byte[] whole = valid.toByteArray();
		Random random = new Random(20261127);
		int refused = 0;
		for (int i = 0; i < 20_000; i++) {
			byte[] answer = Arrays.copyOf(whole, random.nextInt(10) == 0 ? random.nextInt(whole.length) : whole.length);
			for (int changes = random.nextInt(1, 4); changes > 0 && answer.length > 0; changes--) {
				answer[random.nextInt(answer.length)] = (byte) random.nextInt();
			}
			try {
				method.parseResponse(known(answer));
			}
			catch (SenselessAnswerException ex) {
				refused++;
			}
		}
		assertThat(refused).isBetween(400, 19_600);
	}

	@Test
	void refusesAnEventWithoutKey() {
		byte[] answer = WatchProto.WatchResponse.newBuilder()
			.addEvents(MvccProto.Event.getDefaultInstance())
			.build()
			.toByteArray();

		assertThatExceptionOfType(SenselessAnswerException.class)
			.isThrownBy(() -> WatchAnswer.METHOD.parseResponse(known(answer)))
			.withMessage("an event names no key");
	}

	@Test
	void readsEventsOfAWatch() {
		WatchProto.WatchResponse answer = WatchProto.WatchResponse.newBuilder()
			.setWatchId(5)
			.setFragment(true)
			.addEvents(MvccProto.Event.newBuilder().setKv(kv("a", "new")).setPrevKv(kv("a", "old")))
			.addEvents(MvccProto.Event.newBuilder()
				.setType(MvccProto.Event.EventType.DELETE)
				.setKv(MvccProto.KeyValue.newBuilder().setKey(ByteString.copyFromUtf8("b")).setModRevision(8)))
			.build();

		WatchAnswer read = WatchAnswer.METHOD.parseResponse(known(answer.toByteArray()));

		assertThat(read.watchId()).isEqualTo(5);
		assertThat(read.fragment()).isTrue();
		assertThat(read.created()).isFalse();
		assertThat(read.events()).containsExactly(
				new WatchEvent.Put(KvCodec.keyValue(kv("a", "new")), Optional.of(KvCodec.keyValue(kv("a", "old")))),
				new WatchEvent.Delete(ByteSequence.of("b"), 8, Optional.empty()));
	}

	private static RangeResult range(MvccProto.KeyValue... kvs) {
		KvProto.RangeResponse.Builder answer = KvProto.RangeResponse.newBuilder();
		for (MvccProto.KeyValue kv : kvs) {
			answer.addKvs(kv);
		}
		return KvMethods.RANGE.parseResponse(known(answer.build().toByteArray()));
	}

	private static MvccProto.KeyValue kv(String key, String value) {
		return MvccProto.KeyValue.newBuilder()
			.setKey(ByteString.copyFromUtf8(key))
			.setCreateRevision(1)
			.setModRevision(2)
			.setVersion(2)
			.setValue(ByteString.copyFromUtf8(value))
			.setLease(9)
			.build();
	}

	/** As grpc hands them over. */
	private static InputStream known(byte[] bytes) {
		return new KnownStream(bytes);
	}

	private static final class KnownStream extends ByteArrayInputStream implements KnownLength {

		KnownStream(byte[] bytes) {
			super(bytes);
		}

		@Override
		public int available() {
			return super.available();
		}

		@Override
		public void close() throws IOException {
			super.close();
		}

	}

}
