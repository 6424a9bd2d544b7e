/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.PutResponse;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.KvProto.TxnResponse;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.RangeRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of {@link EtcdClient#withOrdering()}.
 */
class OrderingTests {

	private static final RangeRequest SERIALIZABLE = RangeRequest.builder(KeyRange.key("key")).serializable().build();

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private final ScriptedEtcd member = this.cluster.member();

	private final EtcdClient client = this.cluster.client(this.member);

	@Test
	void asksAgainWhenASerializableReadGoesBackInTime() {
		this.member.range().thenAnswer(at(200)).thenAnswer(at(150)).thenAnswer(at(200));
		EtcdClient ordered = this.client.withOrdering();
		ordered.kv().get("key");

		assertThat(ordered.kv().get(SERIALIZABLE).revision()).isEqualTo(200);
		assertThat(this.member.range().count()).isEqualTo(3);
	}

	@Test
	void takesAnOldSerializableReadWithoutTheView() {
		this.member.range().thenAnswer(at(200)).thenAnswer(at(150));
		this.client.kv().get("key");

		assertThat(this.client.kv().get(SERIALIZABLE).revision()).isEqualTo(150);
	}

	@Test
	void comparesWithWhatTheClientHasSeenByAnyView() {
		this.member.range().thenAnswer(at(150)).thenAnswer(at(200));
		this.member.put().thenAnswer(PutResponse.newBuilder().setHeader(header(200)).build());
		this.client.kv().put("key", "value");

		assertThat(this.client.withOrdering().kv().get(SERIALIZABLE).revision()).isEqualTo(200);
	}

	@Test
	void asksAgainWhenASerializableTransactionGoesBackInTime() {
		this.member.range().thenAnswer(at(200));
		this.member.txn()
			.thenAnswer(TxnResponse.newBuilder().setHeader(header(150)).build())
			.thenAnswer(TxnResponse.newBuilder().setHeader(header(201)).build());
		EtcdClient ordered = this.client.withOrdering();
		ordered.kv().get("key");

		long revision = ordered.kv().txn().when(Compare.exists(ByteSequence.of("key"))).commit().revision();

		assertThat(revision).isEqualTo(201);
	}

	@Test
	void saysWhichRevisionNoMemberHasReachedInTime() {
		this.member.range().thenAnswer(at(200)).otherwise((call) -> call.answer(at(150)));
		EtcdClient ordered = this.client.withOrdering().withTimeout(Duration.ofMillis(200));
		ordered.kv().get("key");

		assertThatExceptionOfType(EtcdTimeoutException.class).isThrownBy(() -> ordered.kv().get(SERIALIZABLE))
			.withMessageContaining("the member is at revision 150, behind 200 that has been seen")
			.satisfies((failure) -> assertThat(failure.isRetryable()).isTrue());
	}

	private static RangeResponse at(long revision) {
		return RangeResponse.newBuilder().setHeader(header(revision)).build();
	}

	private static ResponseHeader header(long revision) {
		return ResponseHeader.newBuilder().setClusterId(1).setMemberId(2).setRevision(revision).setRaftTerm(3).build();
	}

}
