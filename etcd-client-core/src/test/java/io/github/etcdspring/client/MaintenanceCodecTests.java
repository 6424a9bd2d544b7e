/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.MemberId;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.internal.proto.HeaderProto;
import io.github.etcdspring.internal.proto.MaintenanceProto;
import io.github.etcdspring.maintenance.Alarm;
import io.github.etcdspring.maintenance.AlarmType;
import io.github.etcdspring.maintenance.DowngradeInfo;
import io.github.etcdspring.maintenance.HashKvResult;
import io.github.etcdspring.maintenance.MemberStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link MaintenanceCodec}.
 */
class MaintenanceCodecTests {

	private static final HeaderProto.ResponseHeader HEADER = HeaderProto.ResponseHeader.newBuilder()
		.setClusterId(-2)
		.setMemberId(-1)
		.setRevision(7)
		.setRaftTerm(3)
		.build();

	@Test
	void readsWhatAMemberOfEtcd37SaysOfItself() {
		MemberStatus status = MaintenanceCodec.fromProto(MaintenanceProto.StatusResponse.newBuilder()
			.setHeader(HEADER)
			.setVersion("3.7.1")
			.setDbSize(4096)
			.setDbSizeInUse(2048)
			.setLeader(-1)
			.setRaftIndex(-3)
			.setRaftTerm(3)
			.setRaftAppliedIndex(12)
			.addErrors("memberID:1 alarm:NOSPACE ")
			.setIsLearner(true)
			.setStorageVersion("3.7.0")
			.setDbSizeQuota(8192)
			.setDowngradeInfo(MaintenanceProto.DowngradeInfo.newBuilder().setEnabled(true).setTargetVersion("3.6.0"))
			.build());

		assertThat(status.header()).isEqualTo(new ResponseHeader(-2, -1, 7, 3));
		assertThat(status.member()).hasToString("ffffffffffffffff");
		assertThat(status.version()).isEqualTo("3.7.1");
		assertThat(status.dbSize()).isEqualTo(4096);
		assertThat(status.dbSizeInUse()).isEqualTo(2048);
		assertThat(status.leader()).isEqualTo(new MemberId(-1));
		assertThat(status.isLeader()).isTrue();
		assertThat(status.raftIndex()).isEqualTo(-3);
		assertThat(status.raftTerm()).isEqualTo(3);
		assertThat(status.raftAppliedIndex()).isEqualTo(12);
		assertThat(status.errors()).containsExactly("memberID:1 alarm:NOSPACE ");
		assertThat(status.learner()).isTrue();
		assertThat(status.storageVersion()).contains("3.7.0");
		assertThat(status.dbSizeQuota()).hasValue(8192);
		assertThat(status.downgrade()).contains(new DowngradeInfo(true, "3.6.0"));
	}

	@Test
	void leavesOutWhatAnOlderMemberDoesNotSay() {
		MemberStatus status = MaintenanceCodec
			.fromProto(MaintenanceProto.StatusResponse.newBuilder().setHeader(HEADER).setVersion("3.5.33").build());

		assertThat(status.storageVersion()).isEmpty();
		assertThat(status.dbSizeQuota()).isEmpty();
		assertThat(status.downgrade()).isEmpty();
	}

	@Test
	void takesNoMemberForTheLeaderWhenThereIsNone() {
		MemberStatus status = MaintenanceCodec.fromProto(MaintenanceProto.StatusResponse.getDefaultInstance());

		assertThat(status.leader()).isEqualTo(MemberId.NONE);
		assertThat(status.isLeader()).isFalse();
	}

	@ParameterizedTest
	@EnumSource
	void disarmsTheAlarmThatWasListed(AlarmType type) {
		MaintenanceProto.AlarmRequest request = MaintenanceCodec.disarm(new Alarm(new MemberId(-1), type));
		MaintenanceProto.AlarmResponse listed = MaintenanceProto.AlarmResponse.newBuilder()
			.addAlarms(MaintenanceProto.AlarmMember.newBuilder()
				.setMemberID(request.getMemberID())
				.setAlarm(request.getAlarm()))
			.build();

		assertThat(request.getAction()).isEqualTo(MaintenanceProto.AlarmRequest.AlarmAction.DEACTIVATE);
		assertThat(request.getAlarm()).hasToString(type.name());
		assertThat(MaintenanceCodec.fromProto(listed).alarms()).containsExactly(new Alarm(new MemberId(-1), type));
	}

	@Test
	void refusesAnAlarmThatItDoesNotKnow() {
		MaintenanceProto.AlarmResponse listed = MaintenanceProto.AlarmResponse.newBuilder()
			.addAlarms(MaintenanceProto.AlarmMember.newBuilder().setMemberID(1).setAlarmValue(7))
			.build();

		assertThatIllegalArgumentException().isThrownBy(() -> MaintenanceCodec.fromProto(listed))
			.withMessage("alarm of kind 7");
	}

	@Test
	void readsAHashAsAnUnsignedNumber() {
		HashKvResult hash = MaintenanceCodec.fromProto(MaintenanceProto.HashKVResponse.newBuilder()
			.setHeader(HEADER)
			.setHash(-1)
			.setCompactRevision(5)
			.setHashRevision(6)
			.build());

		assertThat(hash.hash()).isEqualTo(4_294_967_295L);
		assertThat(hash.compactRevision()).isEqualTo(5);
		assertThat(hash.hashRevision()).hasValue(6);
		assertThat(MaintenanceCodec.fromProto(MaintenanceProto.HashKVResponse.getDefaultInstance()).hashRevision())
			.isEmpty();
	}

}
