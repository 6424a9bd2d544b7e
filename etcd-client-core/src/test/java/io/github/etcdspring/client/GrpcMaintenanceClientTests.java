/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdTimeoutException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.MemberId;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedMaintenance;
import io.github.etcdspring.fixture.UnaryScript;
import io.github.etcdspring.internal.proto.HeaderProto.ResponseHeader;
import io.github.etcdspring.internal.proto.MaintenanceProto.AlarmMember;
import io.github.etcdspring.internal.proto.MaintenanceProto.AlarmRequest;
import io.github.etcdspring.internal.proto.MaintenanceProto.AlarmResponse;
import io.github.etcdspring.internal.proto.MaintenanceProto.DefragmentResponse;
import io.github.etcdspring.internal.proto.MaintenanceProto.StatusResponse;
import io.github.etcdspring.maintenance.Alarm;
import io.github.etcdspring.maintenance.AlarmType;
import io.github.etcdspring.maintenance.AlarmsResult;
import io.github.etcdspring.maintenance.MaintenanceClient;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.failureOf;
import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link GrpcMaintenanceClient}: whom it asks, how often, what it refuses.
 */
class GrpcMaintenanceClientTests {

	private static final Status UNAVAILABLE = Status.UNAVAILABLE.withDescription("etcdserver: server stopped");

	private static final Duration TIMEOUT = Duration.ofMillis(300);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private MaintenanceClient client(ScriptedEtcd... members) {
		return this.cluster.client(members).maintenance();
	}

	private MaintenanceClient impatientClient(ScriptedEtcd... members) {
		return this.cluster.client((options) -> options.requestTimeout(TIMEOUT), members).maintenance();
	}

	static Stream<Arguments> callsOfOneMember() {
		return Stream.of(
				call("status", (member) -> (client) -> client.statusAsync(member.endpoint()),
						ScriptedMaintenance::status),
				call("hashKv", (member) -> (client) -> client.hashKvAsync(member.endpoint(), 5),
						ScriptedMaintenance::hashKv),
				call("defragment", (member) -> (client) -> client.defragmentAsync(member.endpoint()),
						ScriptedMaintenance::defragment));
	}

	static Stream<Arguments> repeatableCalls() {
		return Stream.of(call("status", (member) -> MaintenanceClient::statusAsync, ScriptedMaintenance::status),
				call("status of one", (member) -> (client) -> client.statusAsync(member.endpoint()),
						ScriptedMaintenance::status),
				call("alarms", (member) -> MaintenanceClient::alarmsAsync, ScriptedMaintenance::alarm),
				call("disarm",
						(member) -> (client) -> client.disarmAsync(new Alarm(new MemberId(1), AlarmType.NOSPACE)),
						ScriptedMaintenance::alarm),
				call("hashKv", (member) -> (client) -> client.hashKvAsync(member.endpoint()),
						ScriptedMaintenance::hashKv),
				call("moveLeader", (member) -> (client) -> client.moveLeaderAsync(new MemberId(2)),
						ScriptedMaintenance::moveLeader));
	}

	static Stream<Arguments> nonRepeatableCalls() {
		return Stream.of(
				call("defragment", (member) -> (client) -> client.defragmentAsync(member.endpoint()),
						ScriptedMaintenance::defragment),
				call("validateDowngrade", (member) -> (client) -> client.validateDowngradeAsync("3.5"),
						ScriptedMaintenance::downgrade),
				call("enableDowngrade", (member) -> (client) -> client.enableDowngradeAsync("3.5"),
						ScriptedMaintenance::downgrade),
				call("cancelDowngrade", (member) -> MaintenanceClient::cancelDowngradeAsync,
						ScriptedMaintenance::downgrade));
	}

	private static Arguments call(String name,
			Function<ScriptedEtcd, Function<MaintenanceClient, CompletableFuture<?>>> call,
			Function<ScriptedMaintenance, UnaryScript<?, ?>> script) {
		return Arguments.of(name, call, script);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("repeatableCalls")
	void repeatsWhatMayBeRepeated(String name,
			Function<ScriptedEtcd, Function<MaintenanceClient, CompletableFuture<?>>> call,
			Function<ScriptedMaintenance, UnaryScript<?, ?>> script) {
		ScriptedEtcd member = this.cluster.member();
		member.maintenance().status().otherwise((status) -> status.answer(leader(1)));
		script.apply(member.maintenance()).thenFail(UNAVAILABLE);

		resultOf(call.apply(member).apply(client(member)));

		assertThat(script.apply(member.maintenance()).count()).isGreaterThanOrEqualTo(2);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("nonRepeatableCalls")
	void neverRepeatsWhatMayBeApplied(String name,
			Function<ScriptedEtcd, Function<MaintenanceClient, CompletableFuture<?>>> call,
			Function<ScriptedMaintenance, UnaryScript<?, ?>> script) {
		ScriptedEtcd member = this.cluster.member();
		script.apply(member.maintenance()).thenFail(UNAVAILABLE);

		Throwable failure = failureOf(call.apply(member).apply(client(member)));

		assertThat(failure).isInstanceOfSatisfying(EtcdUnavailableException.class, (unavailable) -> {
			assertThat(unavailable.outcome()).isEqualTo(Outcome.UNKNOWN);
			assertThat(unavailable.attempts()).isEqualTo(1);
		});
		assertThat(script.apply(member.maintenance()).count()).isEqualTo(1);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("callsOfOneMember")
	void asksTheMemberThatIsNamedAlsoIfTheClientDoesNotKnowIt(String name,
			Function<ScriptedEtcd, Function<MaintenanceClient, CompletableFuture<?>>> call,
			Function<ScriptedMaintenance, UnaryScript<?, ?>> script) {
		ScriptedEtcd known = this.cluster.member();
		ScriptedEtcd named = this.cluster.member();

		resultOf(call.apply(named).apply(client(known)));

		assertThat(script.apply(named.maintenance()).calls()).extracting((asked) -> asked.authority())
			.containsExactly(named.address());
		assertThat(known.connections()).isZero();
		await("end of the connection").until(() -> named.connections() == 0);
	}

	@Test
	void endsACallOfAMemberThatHangsAtItsDeadlineAndItsConnectionWithIt() {
		ScriptedEtcd member = this.cluster.member();
		member.maintenance().status().otherwiseHold();

		assertThatExceptionOfType(EtcdTimeoutException.class)
			.isThrownBy(() -> impatientClient(member).status(member.endpoint()))
			.withMessageStartingWith("Status failed: no answer within 300 ms");

		await("end of the connection").until(() -> member.connections() == 0);
		assertThat(member.maintenance().status().count()).isEqualTo(1);
	}

	@Test
	void endsTheConnectionWhenACallOfOneMemberIsCancelled() {
		ScriptedEtcd member = this.cluster.member();
		member.maintenance().hashKv().otherwiseHold();
		CompletableFuture<?> call = client(member).hashKvAsync(member.endpoint());
		member.maintenance().hashKv().awaitCall(0);

		call.cancel(true);

		await("end of the connection").until(() -> member.connections() == 0);
	}

	@Test
	void refusesAnEndpointThatIsNoneOrOfTheOtherKind() {
		ScriptedEtcd member = this.cluster.member();
		MaintenanceClient client = client(member);

		assertThatExceptionOfType(InvalidEndpointException.class).isThrownBy(() -> client.status("host"))
			.withMessageStartingWith("invalid endpoint 'host': it has no valid port");
		assertThatExceptionOfType(InvalidEndpointException.class)
			.isThrownBy(() -> client.statusAsync("https://host:2379"))
			.withMessageStartingWith("invalid endpoint 'https://host:2379': it mixes plaintext and TLS with '"
					+ member.endpoint() + "'");
	}

	@Test
	void defragmentsForAsLongAsItIsGiven() {
		ScriptedEtcd member = this.cluster.member();
		member.maintenance().defragment().otherwiseHold();
		MaintenanceClient client = client(member);

		EtcdTimeoutException failure = catchThrowableOfType(EtcdTimeoutException.class,
				() -> client.defragment(member.endpoint(), TIMEOUT));

		assertThat(failure).hasMessageStartingWith("Defragment failed: no answer within 300 ms");
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
	}

	@Test
	void defragmentsForLongerThanOtherCallsMayTake() {
		ScriptedEtcd member = this.cluster.member();
		MaintenanceClient client = impatientClient(member);
		member.maintenance().defragment().thenHold();
		CompletableFuture<?> defragmentation = client.defragmentAsync(member.endpoint());
		var held = member.maintenance().defragment().awaitCall(0);
		member.maintenance().hashKv().otherwiseHold();

		// the request timeout passes
		failureOf(client.hashKvAsync(member.endpoint()));
		held.answer(DefragmentResponse.getDefaultInstance());

		resultOf(defragmentation);
	}

	@Test
	void knowsWithinTheRequestTimeoutThatAMemberToDefragmentIsAway() {
		ScriptedEtcd member = this.cluster.member();
		ScriptedEtcd away = this.cluster.member();
		away.stop();

		EtcdUnavailableException failure = catchThrowableOfType(EtcdUnavailableException.class,
				() -> impatientClient(member).defragment(away.endpoint()));

		assertThat(failure).hasMessageStartingWith("Status failed: no member could be reached within 300 ms");
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
	}

	@Test
	void disarmsTheAlarmOfTheMemberThatIsNamed() {
		ScriptedEtcd member = this.cluster.member();
		Alarm alarm = new Alarm(new MemberId(-1), AlarmType.CORRUPT);
		member.maintenance().alarm().thenAnswer(raised(alarm));

		AlarmsResult disarmed = client(member).disarm(alarm);

		assertThat(disarmed.alarms()).containsExactly(alarm);
		assertThat(member.maintenance().alarm().calls()).extracting((call) -> call.request())
			.containsExactly(MaintenanceCodec.disarm(alarm));
	}

	@Test
	void listsTheAlarmsAndDisarmsEach() {
		ScriptedEtcd member = this.cluster.member();
		Alarm first = new Alarm(new MemberId(1), AlarmType.NOSPACE);
		Alarm second = new Alarm(new MemberId(2), AlarmType.CORRUPT);
		member.maintenance()
			.alarm()
			.thenAnswer(raised(first, second))
			.thenAnswer(raised(first))
			.thenAnswer(raised(second));

		AlarmsResult disarmed = client(member).disarmAll();

		assertThat(disarmed.alarms()).containsExactly(first, second);
		assertThat(member.maintenance().alarm().calls()).extracting((call) -> call.request())
			.containsExactly(AlarmRequest.getDefaultInstance(), MaintenanceCodec.disarm(first),
					MaintenanceCodec.disarm(second));
	}

	@Test
	void disarmsNothingWhenNothingIsRaised() {
		ScriptedEtcd member = this.cluster.member();

		AlarmsResult disarmed = client(member).disarmAll();

		assertThat(disarmed.alarms()).isEmpty();
		assertThat(disarmed.header().revision()).isEqualTo(ScriptedEtcd.REVISION);
		assertThat(member.maintenance().alarm().count()).isEqualTo(1);
	}

	@Test
	void disarmsNoMoreWhenOneAlarmCannotBe() {
		ScriptedEtcd member = this.cluster.member();
		member.maintenance()
			.alarm()
			.thenAnswer(raised(new Alarm(new MemberId(1), AlarmType.NOSPACE),
					new Alarm(new MemberId(2), AlarmType.NOSPACE)))
			.thenFail(Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied"));

		assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> client(member).disarmAll())
			.withMessageStartingWith("Alarm failed: etcdserver: permission denied");

		assertThat(member.maintenance().alarm().count()).isEqualTo(2);
	}

	@Test
	void givesAllAlarmsTheTimeOfOneCall() {
		ScriptedEtcd member = this.cluster.member();
		member.maintenance().alarm().thenAnswer(raised(new Alarm(new MemberId(1), AlarmType.NOSPACE))).otherwiseHold();
		MaintenanceClient client = impatientClient(member);
		long begin = System.nanoTime();

		assertThatExceptionOfType(EtcdTimeoutException.class).isThrownBy(client::disarmAll);

		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(TIMEOUT.plusSeconds(5));
	}

	@Test
	void cancelsTheCallUnderWayWhenASequenceIsCancelled() {
		ScriptedEtcd member = this.cluster.member();
		member.maintenance().alarm().thenAnswer(raised(new Alarm(new MemberId(1), AlarmType.NOSPACE))).otherwiseHold();
		CompletableFuture<?> disarming = client(member).disarmAllAsync();
		var held = member.maintenance().alarm().awaitCall(1);

		disarming.cancel(true);

		await("cancellation").until(held::isCancelled);
	}

	@Test
	void refusesToDisarmTheAlarmOfNoMember() {
		ScriptedEtcd member = this.cluster.member();

		assertThatIllegalArgumentException()
			.isThrownBy(() -> client(member).disarm(new Alarm(MemberId.NONE, AlarmType.NOSPACE)))
			.withMessage("member: 0 (expected: a member's id; disarmAll() is for all members)");

		assertThat(member.maintenance().alarm().count()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "3", "v3.5", "3.5.x", "3.5.1.2" })
	void refusesAVersionThatIsNone(String version) {
		MaintenanceClient client = client(this.cluster.member());

		assertThatIllegalArgumentException().isThrownBy(() -> client.enableDowngrade(version))
			.withMessage("version: '" + version + "' (expected: major and minor, such as 3.5)");
	}

	@Test
	void refusesTimesAndRevisionsThatAreNone() {
		ScriptedEtcd member = this.cluster.member();
		MaintenanceClient client = client(member);

		assertThatIllegalArgumentException().isThrownBy(() -> client.defragment(member.endpoint(), Duration.ZERO))
			.withMessage("timeout: PT0S (expected: above zero)");
		assertThatIllegalArgumentException().isThrownBy(() -> client.hashKv(member.endpoint(), -1))
			.withMessage("revision: -1 (expected: a revision, or 0 for the newest)");
		assertThatIllegalArgumentException().isThrownBy(() -> client.moveLeader(MemberId.NONE))
			.withMessage("target: 0 (expected: a member's id)");
	}

	private static StatusResponse leader(long member) {
		return StatusResponse.newBuilder()
			.setHeader(ResponseHeader.newBuilder().setMemberId(member))
			.setLeader(member)
			.build();
	}

	private static AlarmResponse raised(Alarm... alarms) {
		return AlarmResponse.newBuilder()
			.addAllAlarms(Stream.of(alarms)
				.map((alarm) -> AlarmMember.newBuilder()
					.setMemberID(alarm.member().value())
					.setAlarm(MaintenanceCodec.disarm(alarm).getAlarm())
					.build())
				.toList())
			.build();
	}

}
