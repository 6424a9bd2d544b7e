/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import com.google.protobuf.ByteString;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.WatchAnswers;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.KvProto.DeleteRangeResponse;
import io.github.etcdspring.internal.proto.KvProto.PutRequest;
import io.github.etcdspring.internal.proto.KvProto.RangeResponse;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Naming}: what is sent for each operation, and what is made of answers.
 */
class NamingTests {

	private static final String VALUE = "{\"Op\":0,\"Addr\":\"h:1\",\"Metadata\":null}";

	private static final Endpoint ENDPOINT = Endpoint.of("h:1");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private Naming naming;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
		this.naming = Naming.of(this.cluster.client(this.member), "echo");
	}

	@Test
	void putsAnEntryWithoutALease() {
		assertThat(this.naming.add("a", ENDPOINT)).isEqualTo(ScriptedEtcd.REVISION);
		assertThat(resultOf(this.naming.addAsync("b", ENDPOINT))).isEqualTo(ScriptedEtcd.REVISION);

		PutRequest put = this.member.put().awaitCall(0).request();
		assertThat(put.getKey().toStringUtf8()).isEqualTo("echo/a");
		assertThat(put.getValue().toStringUtf8()).isEqualTo(VALUE);
		assertThat(put.getLease()).isZero();
		assertThat(this.member.put().awaitCall(1).request().getKey().toStringUtf8()).isEqualTo("echo/b");
	}

	@Test
	void putsAnEntryOnALease() {
		this.naming.add("a", ENDPOINT, new LeaseId(7));

		assertThat(this.member.put().awaitCall(0).request().getLease()).isEqualTo(7);
	}

	@Test
	void makesSeveralChangesInOneTransaction() {
		assertThat(this.naming.update(EndpointUpdate.delete("b"), EndpointUpdate.add("c", ENDPOINT),
				EndpointUpdate.add("a", ENDPOINT).withLease(new LeaseId(7))))
			.isEqualTo(ScriptedEtcd.REVISION);

		TxnRequest txn = this.member.txn().awaitCall(0).request();
		assertThat(txn.getCompareCount()).isZero();
		assertThat(txn.getSuccessCount()).isEqualTo(3);
		assertThat(txn.getSuccess(0).getRequestPut().getKey().toStringUtf8()).isEqualTo("echo/a");
		assertThat(txn.getSuccess(0).getRequestPut().getLease()).isEqualTo(7);
		assertThat(txn.getSuccess(1).getRequestDeleteRange().getKey().toStringUtf8()).isEqualTo("echo/b");
		assertThat(txn.getSuccess(1).getRequestDeleteRange().getRangeEnd().isEmpty()).isTrue();
		assertThat(txn.getSuccess(2).getRequestPut().getLease()).isZero();
	}

	@Test
	void refusesChangesThatMakeNoSense() {
		assertThatIllegalArgumentException().isThrownBy(this.naming::update).withMessageContaining("none");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.naming.update(EndpointUpdate.delete("a"), EndpointUpdate.add("a", ENDPOINT)))
			.withMessageContaining("two of the id 'a'");
		assertThatIllegalArgumentException().isThrownBy(() -> this.naming.delete(""));
		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void saysWhetherItDeletedAnEntry() {
		this.member.delete().thenAnswer(DeleteRangeResponse.newBuilder().setDeleted(1).build());

		assertThat(this.naming.delete("a")).isTrue();
		assertThat(resultOf(this.naming.deleteAsync("a"))).isFalse();
		assertThat(this.member.delete().awaitCall(0).request().getKey().toStringUtf8()).isEqualTo("echo/a");
	}

	@Test
	void listsWhatCanBeUsed() {
		this.member.range()
			.otherwise((call) -> call.answer(RangeResponse.newBuilder()
				.setHeader(ResponseHeader.newBuilder().setRevision(9))
				.addKvs(WatchAnswers.keyValue("echo/a", ByteString.copyFromUtf8(VALUE), 5))
				.addKvs(WatchAnswers.keyValue("echo/b", ByteString.copyFromUtf8("broken"), 6))
				.addKvs(WatchAnswers.keyValue("echo/c/d", ByteString.copyFromUtf8(VALUE), 7))
				.build()));

		EndpointSnapshot snapshot = this.naming.list();

		assertThat(snapshot.revision()).isEqualTo(9);
		assertThat(snapshot.endpoints()).containsOnlyKeys("a", "c/d").containsEntry("a", ENDPOINT);
		assertThat(resultOf(this.naming.listAsync())).isEqualTo(snapshot);
		assertThat(this.member.range().awaitCall(0).request().getSerializable()).isFalse();
		assertThat(this.member.range().awaitCall(0).request().getKey().toStringUtf8()).isEqualTo("echo/");
		assertThat(this.member.range().awaitCall(0).request().getRangeEnd().toStringUtf8()).isEqualTo("echo0");
	}

	@Test
	void failsAsEtcdRefuses() {
		Status refused = Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied");
		this.member.put().otherwiseFail(refused);
		this.member.range().otherwiseFail(refused);

		assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(() -> this.naming.add("a", ENDPOINT));
		assertThat(failureOf(this.naming.addAsync("a", ENDPOINT))).isInstanceOf(EtcdPermissionException.class);
		assertThat(failureOf(this.naming.listAsync())).isInstanceOf(EtcdPermissionException.class);
	}

	@Test
	void cancelsTheCallWhenItsFutureIsCancelled() {
		this.member.put().otherwiseHold();
		var adding = this.naming.addAsync("a", ENDPOINT);
		var call = this.member.put().awaitCall(0);

		adding.cancel(false);

		await().until(call::isCancelled);
	}

}
