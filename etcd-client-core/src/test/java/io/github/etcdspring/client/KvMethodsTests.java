/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.List;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest.SortOrder;
import io.github.etcdspring.internal.proto.KvProto.RangeRequest.SortTarget;
import io.github.etcdspring.internal.proto.MvccProto;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeResult;
import io.grpc.MethodDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.client.WrittenRequests.written;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link KvMethods}: reads, writes, deletions, compactions.
 */
class KvMethodsTests {

	private static final KeyRange KEY = KeyRange.key("key");

	private static final ByteString UNBOUNDED = ByteString.copyFrom(new byte[] { 0 });

	private static final HeaderProto.ResponseHeader HEADER = HeaderProto.ResponseHeader.newBuilder()
		.setClusterId(1)
		.setMemberId(2)
		.setRevision(3)
		.setRaftTerm(4)
		.build();

	@Test
	void sendsAPlainReadWithDefaultsOnly() {
		KvProto.RangeRequest proto = written(RangeRequest.of(KEY));

		assertThat(proto).isEqualTo(KvProto.RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("key")).build());
	}

	@Test
	void sendsEveryOptionOfARead() {
		RangeRequest request = RangeRequest.builder(KEY)
			.limit(1)
			.revision(2)
			.sort(RangeRequest.SortTarget.MOD, RangeRequest.SortOrder.DESCEND)
			.serializable()
			.keysOnly()
			.minModRevision(3)
			.maxModRevision(4)
			.minCreateRevision(5)
			.maxCreateRevision(6)
			.build();

		KvProto.RangeRequest proto = written(request);

		assertThat(proto).isEqualTo(KvProto.RangeRequest.newBuilder()
			.setKey(ByteString.copyFromUtf8("key"))
			.setLimit(1)
			.setRevision(2)
			.setSortTarget(SortTarget.MOD)
			.setSortOrder(SortOrder.DESCEND)
			.setSerializable(true)
			.setKeysOnly(true)
			.setMinModRevision(3)
			.setMaxModRevision(4)
			.setMinCreateRevision(5)
			.setMaxCreateRevision(6)
			.build());
	}

	@Test
	void sendsACount() {
		assertThat(written(RangeRequest.builder(KEY).countOnly().build()).getCountOnly()).isTrue();
	}

	/** An order by anything but the key must be named, else the limit comes before it. */
	@ParameterizedTest
	@CsvSource({ "KEY,ASCEND,NONE", "KEY,DESCEND,DESCEND", "VERSION,ASCEND,ASCEND", "CREATE,ASCEND,ASCEND",
			"CREATE,DESCEND,DESCEND", "MOD,ASCEND,ASCEND", "VALUE,ASCEND,ASCEND", "VALUE,DESCEND,DESCEND" })
	void namesTheOrderUnlessItIsTheServersOwn(RangeRequest.SortTarget target, RangeRequest.SortOrder order,
			SortOrder expected) {
		KvProto.RangeRequest proto = written(RangeRequest.builder(KEY).sort(target, order).build());

		assertThat(proto.getSortTarget()).isEqualTo(SortTarget.valueOf(target.name()));
		assertThat(proto.getSortOrder()).isEqualTo(expected);
	}

	@Test
	void sendsTheEndOfARange() {
		assertThat(KvCodec.rangeEnd(KeyRange.key("a"))).isEqualTo(ByteString.EMPTY);
		assertThat(KvCodec.rangeEnd(KeyRange.prefix("a"))).isEqualTo(ByteString.copyFromUtf8("b"));
		assertThat(KvCodec.rangeEnd(KeyRange.from(ByteSequence.of("a")))).isEqualTo(UNBOUNDED);
		assertThat(KvCodec.rangeEnd(KeyRange.all())).isEqualTo(UNBOUNDED);
		assertThat(written(RangeRequest.of(KeyRange.all())).getKey()).isEqualTo(UNBOUNDED);
	}

	@Test
	void sendsEveryOptionOfAPut() {
		PutRequest request = PutRequest.of("key", "value").withLease(new LeaseId(-5)).withPrevious();

		assertThat(written(request)).isEqualTo(KvProto.PutRequest.newBuilder()
			.setKey(ByteString.copyFromUtf8("key"))
			.setValue(ByteString.copyFromUtf8("value"))
			.setLease(-5)
			.setPrevKv(true)
			.build());
	}

	@Test
	void sendsAPutThatKeepsTheValue() {
		PutRequest request = PutRequest.keepingValue("key").withLease(new LeaseId(7));

		assertThat(written(request)).isEqualTo(KvProto.PutRequest.newBuilder()
			.setKey(ByteString.copyFromUtf8("key"))
			.setLease(7)
			.setIgnoreValue(true)
			.build());
	}

	@Test
	void sendsAPutThatKeepsTheLease() {
		PutRequest request = PutRequest.of("key", "value").keepingLease();

		assertThat(written(request)).isEqualTo(KvProto.PutRequest.newBuilder()
			.setKey(ByteString.copyFromUtf8("key"))
			.setValue(ByteString.copyFromUtf8("value"))
			.setIgnoreLease(true)
			.build());
	}

	@Test
	void sendsADeletion() {
		DeleteRequest request = DeleteRequest.of(KeyRange.prefix("a")).withPrevious();

		assertThat(written(request)).isEqualTo(KvProto.DeleteRangeRequest.newBuilder()
			.setKey(ByteString.copyFromUtf8("a"))
			.setRangeEnd(ByteString.copyFromUtf8("b"))
			.setPrevKv(true)
			.build());
	}

	@Test
	void sendsACompaction() {
		assertThat(KvCodec.toProto(CompactRequest.of(7).withPhysical()))
			.isEqualTo(KvProto.CompactionRequest.newBuilder().setRevision(7).setPhysical(true).build());
		assertThat(KvCodec.toProto(CompactRequest.of(7)).getPhysical()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 255, 256, 257, 5000 })
	void sendsBytesOfEveryLength(int size) {
		String text = "x".repeat(size);

		assertThat(KvCodec.bytes(ByteSequence.of(text))).isEqualTo(ByteString.copyFromUtf8(text));
		assertThat(KvCodec
			.bytes(new KeyValue(ByteSequence.of("key"), ByteSequence.of(text), 1, 1, 1, LeaseId.NONE).value()))
			.isEqualTo(ByteString.copyFromUtf8(text));
	}

	@Test
	void readsWhatAReadFound() {
		RangeResult result = read(KvMethods.RANGE,
				KvProto.RangeResponse.newBuilder()
					.setHeader(HEADER)
					.addKvs(kv("a", 9))
					.addKvs(kv("b", 0))
					.setMore(true)
					.setCount(5)
					.build());

		assertThat(result).isEqualTo(new RangeResult(new ResponseHeader(1, 2, 3, 4),
				List.of(expected("a", new LeaseId(9)), expected("b", LeaseId.NONE)), true, 5));
		assertThat(result.revision()).isEqualTo(3);
		assertThat(result.first()).contains(expected("a", new LeaseId(9)));
	}

	@Test
	void readsWhatAPutReplaced() {
		PutResult replaced = read(KvMethods.PUT,
				KvProto.PutResponse.newBuilder().setHeader(HEADER).setPrevKv(kv("a", 0)).build());
		PutResult created = read(KvMethods.PUT, KvProto.PutResponse.newBuilder().setHeader(HEADER).build());

		assertThat(replaced.previous()).contains(expected("a", LeaseId.NONE));
		assertThat(created.previous()).isEmpty();
		assertThat(created.revision()).isEqualTo(3);
	}

	@Test
	void readsWhatWasDeleted() {
		DeleteResult result = read(KvMethods.DELETE,
				KvProto.DeleteRangeResponse.newBuilder()
					.setHeader(HEADER)
					.setDeleted(1)
					.addPrevKvs(kv("a", 0))
					.build());

		assertThat(result.deleted()).isEqualTo(1);
		assertThat(result.previous()).containsExactly(expected("a", LeaseId.NONE));
		assertThat(result.revision()).isEqualTo(3);
	}

	@Test
	void readsTheHeaderOfACompaction() {
		assertThat(KvCodec.fromProto(KvProto.CompactionResponse.newBuilder().setHeader(HEADER).build()).header())
			.isEqualTo(new ResponseHeader(1, 2, 3, 4));
	}

	private static MvccProto.KeyValue kv(String key, long lease) {
		return MvccProto.KeyValue.newBuilder()
			.setKey(ByteString.copyFromUtf8(key))
			.setValue(ByteString.copyFromUtf8("value"))
			.setCreateRevision(10)
			.setModRevision(11)
			.setVersion(2)
			.setLease(lease)
			.build();
	}

	private static KeyValue expected(String key, LeaseId lease) {
		return new KeyValue(ByteSequence.of(key), ByteSequence.of("value"), 10, 11, 2, lease);
	}

	private static <T> T read(MethodDescriptor<?, T> method, MessageLite answer) {
		return method.parseResponse(answer.toByteString().newInput());
	}

}
