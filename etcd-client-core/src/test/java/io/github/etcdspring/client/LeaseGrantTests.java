/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import com.google.protobuf.ByteString;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.FakeClock;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseGrantResponse;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseTimeToLiveResponse;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.lease.LeaseTimeToLive;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link GrpcLeaseClient}.
 */
class LeaseGrantTests {

	private static final Status EXISTS = Status.FAILED_PRECONDITION.withDescription("etcdserver: lease already exists");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	@Test
	void choosesAnotherPositiveIdForEachLease() {
		ScriptedEtcd member = this.cluster.member();
		EtcdClient client = this.cluster.client(member);

		for (int i = 0; i < 10; i++) {
			client.lease().grant(Duration.ofSeconds(5));
		}

		Set<Long> ids = new HashSet<>();
		member.grant().calls().forEach((call) -> ids.add(call.request().getID()));
		assertThat(ids).hasSize(10).allMatch((id) -> id > 0);
	}

	@Test
	void returnsTheTtlThatTheServerGranted() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenAnswer(LeaseGrantResponse.newBuilder().setID(7).setTTL(9).build());

		LeaseGrant grant = this.cluster.client(member).lease().grant(Duration.ofSeconds(5));

		assertThat(grant.id()).isEqualTo(new LeaseId(7));
		assertThat(grant.ttl()).isEqualTo(Duration.ofSeconds(9));
	}

	@ParameterizedTest
	@CsvSource({ "PT5S,5", "PT0.001S,1", "PT1.5S,2", "PT2H,7200" })
	void asksForWholeSecondsRoundedUp(Duration ttl, long expected) {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member).lease().grant(ttl);

		assertThat(member.grant().calls().get(0).request().getTTL()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "PT-1S" })
	void refusesATtlThatIsNotAboveZero(Duration ttl) {
		EtcdClient client = this.cluster.client(this.cluster.member());

		assertThatIllegalArgumentException().isThrownBy(() -> client.lease().grant(ttl))
			.withMessage("ttl: " + ttl + " (expected: above zero)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT9000000000.000000001S", "PT2500001H" })
	void refusesATtlThatEtcdDoes(Duration ttl) {
		EtcdClient client = this.cluster.client(this.cluster.member());

		assertThatIllegalArgumentException().isThrownBy(() -> client.lease().grant(ttl))
			.withMessage("ttl: " + ttl + " (expected: at most 9000000000 s)");
	}

	@Test
	void grantsTheLongestTtl() {
		LeaseGrant grant = this.cluster.client(this.cluster.member()).lease().grant(Duration.ofHours(2_500_000));

		assertThat(grant.ttl()).isEqualTo(Duration.ofHours(2_500_000));
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, -1, Long.MAX_VALUE, Long.MIN_VALUE })
	void grantsUnderAChosenId(long id) {
		ScriptedEtcd member = this.cluster.member();

		LeaseGrant grant = this.cluster.client(member).lease().grant(new LeaseId(id), Duration.ofSeconds(5));

		assertThat(grant.id()).isEqualTo(new LeaseId(id));
		assertThat(member.grant().calls().get(0).request().getID()).isEqualTo(id);
	}

	@Test
	void refusesToChooseNoLease() {
		EtcdClient client = this.cluster.client(this.cluster.member());

		assertThatIllegalArgumentException().isThrownBy(() -> client.lease().grant(LeaseId.NONE, Duration.ofSeconds(5)))
			.withMessage("lease: 0 (expected: another number; for any: grant(ttl))");
	}

	@Test
	void takesTheLeaseOfAChosenIdThatItsFirstAttemptMade() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenFail(Status.UNAVAILABLE).thenFail(EXISTS);
		member.timeToLive().thenAnswer(found(5));
		renewWithTtl(member, 5);

		LeaseGrant grant = this.cluster.client(member).lease().grant(new LeaseId(7), Duration.ofSeconds(5));

		assertThat(grant.id()).isEqualTo(new LeaseId(7));
		assertThat(grant.ttl()).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void leavesALeaseOfAChosenIdToItsOwnerWhenNoAttemptCanHaveMadeIt() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenFail(Status.UNAVAILABLE.withDescription("etcdserver: no leader")).thenFail(EXISTS);
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.lease().grant(new LeaseId(7), Duration.ofSeconds(5)));

		assertThat(failure).isInstanceOf(EtcdRequestException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(failure.attempts()).isEqualTo(2);
		assertThat(member.timeToLive().count()).isZero();
	}

	@Test
	void leavesALeaseOfAChosenIdToItsOwnerWhenItsTtlIsShorterThanWanted() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenFail(Status.UNAVAILABLE).thenFail(EXISTS);
		member.timeToLive().thenAnswer(found(4));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.lease().grant(new LeaseId(7), Duration.ofSeconds(5)));

		assertThat(failure).isInstanceOf(EtcdRequestException.class);
		assertThat(failure.serverMessage()).contains("etcdserver: lease already exists");
	}

	@Test
	void leavesALeaseOfAChosenIdToItsOwnerWhenItIsOlderThanTheGrant() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenFail(Status.UNAVAILABLE).thenFail(EXISTS);
		member.timeToLive()
			.thenAnswer(LeaseTimeToLiveResponse.newBuilder().setID(7).setTTL(1).setGrantedTTL(60).build());
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.lease().grant(new LeaseId(7), Duration.ofSeconds(30)));

		assertThat(failure).isInstanceOf(EtcdRequestException.class);
		assertThat(failure.serverMessage()).contains("etcdserver: lease already exists");
	}

	private static void renewWithTtl(ScriptedEtcd member, long ttl) {
		member.keepAlive()
			.onMessage((stream, request) -> stream
				.send(LeaseKeepAliveResponse.newBuilder().setID(request.getID()).setTTL(ttl).build()));
	}

	private static LeaseTimeToLiveResponse found(long granted) {
		return LeaseTimeToLiveResponse.newBuilder().setID(7).setTTL(granted - 1).setGrantedTTL(granted).build();
	}

	@Test
	void repeatsAGrantUnderTheSameId() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenFail(Status.UNAVAILABLE);

		this.cluster.client(member).lease().grant(Duration.ofSeconds(5));

		assertThat(member.grant().calls()).hasSize(2);
		assertThat(member.grant().calls().get(1).request()).isEqualTo(member.grant().calls().get(0).request());
	}

	@Test
	void asksAnotherMemberWhenOneDoesNotAnswer() {
		FakeClock clock = new FakeClock();
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenHold();
		CompletableFuture<LeaseGrant> call = this.cluster.client(clock, member)
			.lease()
			.grantAsync(Duration.ofSeconds(6));
		var held = member.grant().awaitCall(0);
		clock.awaitDelays(1, Duration.ofSeconds(1));

		clock.advance(Duration.ofMillis(999));
		assertThat(held.isCancelled()).isFalse();
		clock.advance(Duration.ofMillis(1));
		clock.awaitDelays(2, Duration.ofSeconds(1));
		clock.advance(Duration.ofMillis(30));

		LeaseGrant grant = resultOf(call);
		assertThat(member.grant().calls()).extracting((each) -> each.request().getID())
			.containsExactly(grant.id().value(), grant.id().value());
		assertThat(clock.nanoTime() - grant.requestedAtNanos()).isEqualTo(Duration.ofMillis(1030).toNanos());
	}

	@Test
	void renewsTheLeaseThatItsFirstAttemptMadeWhenTheAnswerWasLostAndCountsFromThere() {
		ScriptedEtcd member = this.cluster.member();
		FakeClock clock = new FakeClock();
		EtcdClient client = this.cluster.client((options) -> options.ticker(clock), member);
		member.grant().thenFail(Status.UNAVAILABLE).otherwise((call) -> {
			clock.advance(Duration.ofSeconds(1));
			call.fail(EXISTS);
		});
		renewWithTtl(member, 9);
		member.timeToLive()
			.otherwise((call) -> call.answer(LeaseTimeToLiveResponse.newBuilder()
				.setID(call.request().getID())
				.setTTL(8)
				.setGrantedTTL(9)
				.build()));

		LeaseGrant grant = client.lease().grant(Duration.ofSeconds(5));

		long id = member.grant().calls().get(0).request().getID();
		assertThat(grant.id()).isEqualTo(new LeaseId(id));
		assertThat(grant.ttl()).isEqualTo(Duration.ofSeconds(9));
		assertThat(grant.requestedAtNanos()).isEqualTo(clock.nanoTime());
		assertThat(member.timeToLive().calls().get(0).request().getID()).isEqualTo(id);
	}

	/** A member whose first grant loses its answer, and that knows the lease then. */
	private ScriptedEtcd memberThatLosesAnAnswer() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenFail(Status.UNAVAILABLE).thenFail(EXISTS);
		member.timeToLive().thenAnswer(found(5));
		return member;
	}

	@Test
	void saysThatALeaseMayBeThereWhichItCannotRenew() {
		ScriptedEtcd member = memberThatLosesAnAnswer();
		member.keepAlive()
			.onMessage((stream, request) -> stream.fail(Status.DATA_LOSS.withDescription("etcdserver: corrupt")));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.lease().grant(new LeaseId(7), Duration.ofSeconds(5)));

		assertThat(failure.code()).isEqualTo(StatusCode.DATA_LOSS);
		assertThat(failure.outcome()).isEqualTo(Outcome.UNKNOWN);
	}

	@Test
	void failsWhenTheLeaseOfItsFirstAttemptIsGoneBeforeItIsRenewed() {
		ScriptedEtcd member = memberThatLosesAnAnswer();
		renewWithTtl(member, 0);
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.lease().grant(new LeaseId(7), Duration.ofSeconds(5)));

		assertThat(failure).isInstanceOf(LeaseNotFoundException.class)
			.hasMessageContaining("the lease 7 ended before its grant was known");
	}

	@Test
	void cancelsTheRenewalOfTheLeaseOfItsFirstAttempt() {
		ScriptedEtcd member = memberThatLosesAnAnswer();
		member.keepAlive().onHalfClose((stream) -> {
		});
		CompletableFuture<LeaseGrant> call = this.cluster.client(member)
			.lease()
			.grantAsync(new LeaseId(7), Duration.ofSeconds(5));
		var renewal = member.keepAlive().awaitStream(0);

		call.cancel(true);

		await().until(renewal::isCancelled);
	}

	@Test
	void failsWhenTheLeaseOfItsFirstAttemptIsGoneAgain() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenFail(Status.UNAVAILABLE).thenFail(EXISTS);
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.lease().grant(Duration.ofSeconds(5)));

		assertThat(failure).isInstanceOf(LeaseNotFoundException.class);
	}

	@Test
	void failsWhenItsFirstAttemptMeetsALeaseOfTheSameId() {
		ScriptedEtcd member = this.cluster.member();
		member.grant().thenFail(EXISTS);
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class,
				() -> client.lease().grant(Duration.ofSeconds(5)));

		assertThat(failure).isInstanceOf(EtcdRequestException.class);
		assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
		assertThat(member.timeToLive().count()).isZero();
	}

	@Test
	void tellsWhatIsLeftOfALeaseAndItsKeys() {
		ScriptedEtcd member = this.cluster.member();
		member.timeToLive()
			.thenAnswer(LeaseTimeToLiveResponse.newBuilder()
				.setID(7)
				.setTTL(3)
				.setGrantedTTL(9)
				.addKeys(ByteString.copyFromUtf8("key"))
				.build());

		LeaseTimeToLive found = this.cluster.client(member).lease().timeToLiveWithKeys(new LeaseId(7));

		assertThat(found.remaining()).contains(Duration.ofSeconds(3));
		assertThat(found.granted()).isEqualTo(Duration.ofSeconds(9));
		assertThat(found.keys()).containsExactly(ByteSequence.of("key"));
		assertThat(member.timeToLive().calls().get(0).request().getKeys()).isTrue();
	}

	@Test
	void doesNotAskForKeysUnlessTold() {
		ScriptedEtcd member = this.cluster.member();

		this.cluster.client(member).lease().timeToLive(new LeaseId(7));

		assertThat(member.timeToLive().calls().get(0).request().getKeys()).isFalse();
	}

	@Test
	void tellsThatALeaseDoesNotExistWithoutFailing() {
		LeaseTimeToLive found = this.cluster.client(this.cluster.member()).lease().timeToLive(new LeaseId(7));

		assertThat(found.remaining()).isEmpty();
	}

	@Test
	void failsToRevokeALeaseThatDoesNotExist() {
		ScriptedEtcd member = this.cluster.member();
		member.revoke().otherwiseFail(Status.NOT_FOUND.withDescription("etcdserver: requested lease not found"));
		EtcdClient client = this.cluster.client(member);

		EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.lease().revoke(new LeaseId(7)));

		assertThat(failure).isInstanceOf(LeaseNotFoundException.class);
	}

}
