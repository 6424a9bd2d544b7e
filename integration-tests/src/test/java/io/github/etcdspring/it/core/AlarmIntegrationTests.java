/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.proto.MaintenanceGrpc;
import io.github.etcdspring.internal.proto.MaintenanceProto;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.maintenance.Alarm;
import io.github.etcdspring.maintenance.AlarmType;
import io.github.etcdspring.maintenance.MaintenanceClient;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Alarms of a member with little space, from their rise to their end.
 */
@EachVersion
class AlarmIntegrationTests {

	@SuppressWarnings("NullAway.Init")
	private static EtcdCluster cluster;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(cluster);

	private final MaintenanceClient maintenance = this.client.maintenance();

	private final MemberId member = this.maintenance.status().member();

	AlarmIntegrationTests(String version) {
		assertThat(cluster.version()).startsWith(version + ".");
	}

	@BeforeParameterizedClassInvocation
	static void start(String version) {
		cluster = EtcdCluster.builder().serverArguments("--quota-backend-bytes=4194304").version(version).start();
	}

	@AfterParameterizedClassInvocation
	static void close() {
		cluster.close();
	}

	@AfterEach
	void disarm() {
		this.maintenance.disarmAll();
	}

	@Test
	void listsAnAlarmForSpaceThatIsUsedUpAndTakesItBackWhenThereIsSome() {
		Alarm alarm = new Alarm(this.member, AlarmType.NOSPACE);
		fill();

		assertThat(this.maintenance.alarms().alarms()).containsExactly(alarm);
		assertThat(cluster.etcdctl("alarm", "list")).contains("alarm:NOSPACE");
		assertThat(this.maintenance.status().errors()).anyMatch((error) -> error.contains("NOSPACE"));
		long deleted = this.client.kv().delete(DeleteRequest.of(this.keys.range())).header().revision();
		this.client.kv().compact(CompactRequest.of(deleted).withPhysical());
		this.maintenance.defragment(cluster.member(0).endpoint());
		assertThatExceptionOfType(EtcdNoSpaceException.class)
			.isThrownBy(() -> this.client.kv().put(this.keys.name("k"), "v"));

		assertThat(this.maintenance.disarm(alarm).alarms()).containsExactly(alarm);

		assertThat(this.maintenance.alarms().alarms()).isEmpty();
		assertThat(cluster.etcdctl("alarm", "list")).isEmpty();
		assertThat(this.client.kv().put(this.keys.name("k"), "v").revision()).isGreaterThan(deleted);
	}

	private void fill() {
		PutRequest large = PutRequest.of(this.keys.key("large"), ByteSequence.copyOf(new byte[512 * 1024]));
		assertThatExceptionOfType(EtcdNoSpaceException.class).isThrownBy(() -> {
			for (int i = 0; i < 100; i++) {
				this.client.kv().put(large);
			}
		});
	}

	@Test
	void takesBackAnAlarmForDataThatIsCorrupt() {
		raise(AlarmType.CORRUPT);
		assertThat(this.maintenance.alarms().alarms()).containsExactly(new Alarm(this.member, AlarmType.CORRUPT));
		assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> this.client.kv().put(this.keys.name("k"), "v"))
			.satisfies((failure) -> {
				assertThat(failure.error()).contains(EtcdError.CORRUPT);
				assertThat(failure.code()).isEqualTo(StatusCode.DATA_LOSS);
			});

		assertThat(this.maintenance.disarm(new Alarm(this.member, AlarmType.CORRUPT)).alarms()).hasSize(1);

		assertThat(this.client.kv().put(this.keys.name("k"), "v").revision()).isPositive();
	}

	@Test
	void takesBackAllAlarms() {
		raise(AlarmType.NOSPACE);
		raise(AlarmType.CORRUPT);

		assertThat(this.maintenance.disarmAll().alarms()).containsExactlyInAnyOrder(
				new Alarm(this.member, AlarmType.NOSPACE), new Alarm(this.member, AlarmType.CORRUPT));

		assertThat(this.maintenance.alarms().alarms()).isEmpty();
		assertThat(this.maintenance.disarmAll().alarms()).isEmpty();
	}

	@Test
	void listsNoAlarmThatEtcdctlTookBack() {
		raise(AlarmType.NOSPACE);
		assertThat(this.maintenance.alarms().alarms()).containsExactly(new Alarm(this.member, AlarmType.NOSPACE));

		assertThat(cluster.etcdctl("alarm", "disarm"))
			.contains("memberID:" + Long.toUnsignedString(this.member.value()), "alarm:NOSPACE");

		assertThat(this.maintenance.alarms().alarms()).isEmpty();
		assertThat(this.client.kv().put(this.keys.name("k"), "v").revision()).isPositive();
	}

	@Test
	void takesBackNothingThatIsNotRaised() {
		assertThat(this.maintenance.disarm(new Alarm(this.member, AlarmType.NOSPACE)).alarms()).isEmpty();
	}

	/** As a member does, and no client can. */
	private void raise(AlarmType type) {
		ManagedChannel channel = Grpc
			.newChannelBuilder("127.0.0.1:" + cluster.member(0).clientPort(), InsecureChannelCredentials.create())
			.build();
		try {
			MaintenanceGrpc.newBlockingStub(channel)
				.withDeadlineAfter(10, TimeUnit.SECONDS)
				.alarm(MaintenanceProto.AlarmRequest.newBuilder()
					.setAction(MaintenanceProto.AlarmRequest.AlarmAction.ACTIVATE)
					.setMemberID(this.member.value())
					.setAlarm(MaintenanceProto.AlarmType.valueOf(type.name()))
					.build());
		}
		finally {
			channel.shutdownNow();
		}
	}

}
