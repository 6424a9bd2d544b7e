/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.Optional;
import java.util.OptionalLong;

import io.github.etcdspring.MemberId;
import io.github.etcdspring.internal.proto.MaintenanceProto;
import io.github.etcdspring.maintenance.Alarm;
import io.github.etcdspring.maintenance.AlarmType;
import io.github.etcdspring.maintenance.AlarmsResult;
import io.github.etcdspring.maintenance.DowngradeInfo;
import io.github.etcdspring.maintenance.HashKvResult;
import io.github.etcdspring.maintenance.MemberStatus;
import io.github.etcdspring.maintenance.SnapshotChunk;

/**
 * Translates the Maintenance contract to etcd's messages and back. A field that older
 * servers do not send reads as zero or empty, which no server that knows it sends.
 */
final class MaintenanceCodec {

	private MaintenanceCodec() {
	}

	static MemberStatus fromProto(MaintenanceProto.StatusResponse answer) {
		return new MemberStatus(KvCodec.header(answer.getHeader()), answer.getVersion(), answer.getDbSize(),
				answer.getDbSizeInUse(), new MemberId(answer.getLeader()), answer.getRaftIndex(), answer.getRaftTerm(),
				answer.getRaftAppliedIndex(), answer.getErrorsList(), answer.getIsLearner(),
				unlessEmpty(answer.getStorageVersion()), unlessZero(answer.getDbSizeQuota()),
				answer.hasDowngradeInfo() ? Optional.of(fromProto(answer.getDowngradeInfo())) : Optional.empty());
	}

	private static DowngradeInfo fromProto(MaintenanceProto.DowngradeInfo downgrade) {
		return new DowngradeInfo(downgrade.getEnabled(), downgrade.getTargetVersion());
	}

	static AlarmsResult fromProto(MaintenanceProto.AlarmResponse answer) {
		return new AlarmsResult(KvCodec.header(answer.getHeader()),
				answer.getAlarmsList().stream().map(MaintenanceCodec::fromProto).toList());
	}

	private static Alarm fromProto(MaintenanceProto.AlarmMember alarm) {
		AlarmType type = switch (alarm.getAlarm()) {
			case NOSPACE -> AlarmType.NOSPACE;
			case CORRUPT -> AlarmType.CORRUPT;
			case NONE, UNRECOGNIZED -> throw new IllegalArgumentException("alarm of kind " + alarm.getAlarmValue());
		};
		return new Alarm(new MemberId(alarm.getMemberID()), type);
	}

	static MaintenanceProto.AlarmRequest disarm(Alarm alarm) {
		return MaintenanceProto.AlarmRequest.newBuilder()
			.setAction(MaintenanceProto.AlarmRequest.AlarmAction.DEACTIVATE)
			.setMemberID(alarm.member().value())
			.setAlarm(switch (alarm.type()) {
				case NOSPACE -> MaintenanceProto.AlarmType.NOSPACE;
				case CORRUPT -> MaintenanceProto.AlarmType.CORRUPT;
			})
			.build();
	}

	static HashKvResult fromProto(MaintenanceProto.HashKVResponse answer) {
		return new HashKvResult(KvCodec.header(answer.getHeader()), Integer.toUnsignedLong(answer.getHash()),
				answer.getCompactRevision(), unlessZero(answer.getHashRevision()));
	}

	static SnapshotChunk fromProto(MaintenanceProto.SnapshotResponse piece) {
		return new SnapshotChunk(KvCodec.sequence(piece.getBlob()), piece.getRemainingBytes(),
				unlessEmpty(piece.getVersion()));
	}

	private static Optional<String> unlessEmpty(String text) {
		return text.isEmpty() ? Optional.empty() : Optional.of(text);
	}

	private static OptionalLong unlessZero(long number) {
		return (number == 0) ? OptionalLong.empty() : OptionalLong.of(number);
	}

}
