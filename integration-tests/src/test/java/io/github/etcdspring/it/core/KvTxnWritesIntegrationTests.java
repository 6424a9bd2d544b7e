/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.internal.proto.KVGrpc;
import io.github.etcdspring.internal.proto.KvProto;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The client refuses just those transactions that the server refuses for writing a key
 * twice: random ones are shown to both.
 */
@EachVersion
class KvTxnWritesIntegrationTests {

	private static final int TRANSACTIONS = 500;

	@SuppressWarnings("NullAway.Init")
	private static EtcdCluster cluster;

	private final ManagedChannel channel = Grpc
		.newChannelBuilder("127.0.0.1:" + cluster.member(0).clientPort(), InsecureChannelCredentials.create())
		.build();

	KvTxnWritesIntegrationTests(String version) {
		assertThat(cluster.version()).startsWith(version + ".");
	}

	@BeforeParameterizedClassInvocation
	static void start(String version) {
		cluster = EtcdCluster.builder().version(version).start();
	}

	@AfterParameterizedClassInvocation
	static void close() {
		cluster.close();
	}

	@AfterEach
	void closeChannel() {
		this.channel.shutdownNow();
	}

	@Test
	void agreesWithServerWhenTransactionsAreRandom() {
		Random random = new Random(42);
		int refused = 0;

		for (int i = 0; i < TRANSACTIONS; i++) {
			List<Operation> operations = Operation.list(random, 2);
			boolean refusedByServer = isRefusedByServer(operations);
			assertThat(isRefusedByClient(operations)).as(operations.toString()).isEqualTo(refusedByServer);
			refused += refusedByServer ? 1 : 0;
		}

		assertThat(refused).isBetween(TRANSACTIONS / 10, TRANSACTIONS * 9 / 10);
	}

	private boolean isRefusedByServer(List<Operation> operations) {
		// never holds, so that nothing is written
		KvProto.TxnRequest request = KvProto.TxnRequest.newBuilder()
			.addCompare(KvProto.Compare.newBuilder()
				.setKey(ByteString.copyFromUtf8("a"))
				.setTarget(KvProto.Compare.CompareTarget.VERSION)
				.setResult(KvProto.Compare.CompareResult.LESS)
				.setVersion(0))
			.addAllSuccess(Operation.protos(operations))
			.build();
		try {
			KVGrpc.newBlockingStub(this.channel).txn(request);
			return false;
		}
		catch (StatusRuntimeException ex) {
			assertThat(ex).hasMessage("INVALID_ARGUMENT: etcdserver: duplicate key given in txn request");
			return true;
		}
	}

	private static boolean isRefusedByClient(List<Operation> operations) {
		try {
			Operation.requests(operations);
			return false;
		}
		catch (IllegalArgumentException ex) {
			assertThat(ex).hasMessageStartingWith("transaction writes a key twice: ");
			return true;
		}
	}

	/** One operation in the words of either side. */
	private sealed interface Operation {

		KvProto.RequestOp proto();

		TxnOperation request();

		static List<Operation> list(Random random, int depth) {
			List<Operation> operations = new ArrayList<>();
			for (int i = random.nextInt(4); i > 0; i--) {
				operations.add(of(random, depth));
			}
			return operations;
		}

		private static Operation of(Random random, int depth) {
			return switch (random.nextInt((depth > 0) ? 4 : 3)) {
				case 0, 1 -> new Put(key(random));
				case 2 -> new Delete(key(random), List.of("", "c", "e", "\0").get(random.nextInt(4)));
				default -> new Txn(list(random, depth - 1), list(random, depth - 1));
			};
		}

		private static String key(Random random) {
			return List.of("a", "b", "bb", "c", "d", "e").get(random.nextInt(6));
		}

		static List<KvProto.RequestOp> protos(List<Operation> operations) {
			return operations.stream().map(Operation::proto).toList();
		}

		static List<TxnOperation> requests(List<Operation> operations) {
			List<TxnOperation> requests = operations.stream().map(Operation::request).toList();
			return new TxnRequest(List.of(), requests, List.of()).success();
		}

	}

	private record Put(String key) implements Operation {

		@Override
		public KvProto.RequestOp proto() {
			return KvProto.RequestOp.newBuilder()
				.setRequestPut(KvProto.PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(this.key)))
				.build();
		}

		@Override
		public TxnOperation request() {
			return PutRequest.of(this.key, "");
		}

	}

	/** An empty end is that of one key, a zero byte no end. */
	private record Delete(String key, String end) implements Operation {

		private Delete {
			boolean isEmptyRange = !end.isEmpty() && !end.equals("\0") && key.compareTo(end) >= 0;
			end = isEmptyRange ? "" : end;
		}

		@Override
		public KvProto.RequestOp proto() {
			return KvProto.RequestOp.newBuilder()
				.setRequestDeleteRange(KvProto.DeleteRangeRequest.newBuilder()
					.setKey(ByteString.copyFromUtf8(this.key))
					.setRangeEnd(ByteString.copyFromUtf8(this.end)))
				.build();
		}

		@Override
		public TxnOperation request() {
			ByteSequence start = ByteSequence.of(this.key);
			return switch (this.end) {
				case "" -> DeleteRequest.of(KeyRange.key(start));
				case "\0" -> DeleteRequest.of(KeyRange.from(start));
				default -> DeleteRequest.of(KeyRange.between(start, ByteSequence.of(this.end)));
			};
		}

	}

	private record Txn(List<Operation> success, List<Operation> failure) implements Operation {

		@Override
		public KvProto.RequestOp proto() {
			return KvProto.RequestOp.newBuilder()
				.setRequestTxn(KvProto.TxnRequest.newBuilder()
					.addAllSuccess(Operation.protos(this.success))
					.addAllFailure(Operation.protos(this.failure)))
				.build();
		}

		@Override
		public TxnOperation request() {
			return new TxnRequest(List.of(), Operation.requests(this.success), Operation.requests(this.failure));
		}

	}

}
