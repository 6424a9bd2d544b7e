/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.session;

import java.time.Duration;

import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.fixture.ScriptedStream;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseGrantResponse;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveRequest;
import io.github.etcdspring.internal.proto.LeaseProto.LeaseKeepAliveResponse;
import io.github.etcdspring.lease.KeepAlive;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.github.etcdspring.fixture.Results.resultOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link Session}: leases that are left, and leases that are adopted.
 */
class SessionAdoptionTests {

	private static final Duration TTL = Duration.ofSeconds(9);

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	@BeforeEach
	void start() {
		this.member = this.cluster.member();
	}

	@Test
	void takesOverTheLeaseItAdopts() {
		answerRenewals(9);

		Session session = this.cluster.closing(Session.adopt(this.cluster.client(this.member), new LeaseId(7), TTL));

		assertThat(resultOf(session.leaseAsync()).lease()).isEqualTo(new LeaseId(7));
		assertThat(this.member.grant().count()).isZero();
	}

	@Test
	void hasANewLeaseWhenTheOneToAdoptIsGone() {
		answerRenewals(0);

		Session session = this.cluster.closing(Session.adopt(this.cluster.client(this.member), new LeaseId(7), TTL));

		assertThat(resultOf(session.leaseAsync()).lease()).isNotEqualTo(new LeaseId(7));
		assertThat(this.member.grant().count()).isEqualTo(1);
	}

	@Test
	void revokesALeaseThatItCouldNotAdoptYetWhenItIsClosed() {
		this.member.keepAlive().onMessage((stream, request) -> stream.fail(Status.UNKNOWN));
		Session session = Session.adopt(this.cluster.client(this.member), new LeaseId(7), TTL);
		this.member.keepAlive().awaitStream(1);

		session.close();

		assertThat(this.member.revoke().awaitCall(0).request().getID()).isEqualTo(7);
	}

	@Test
	void leavesALeaseThatItCouldNotAdoptYetWhenItIsOrphaned() {
		this.member.keepAlive().onMessage((stream, request) -> stream.fail(Status.UNKNOWN));
		Session session = Session.adopt(this.cluster.client(this.member), new LeaseId(7), TTL);
		this.member.keepAlive().awaitStream(1);

		assertThat(session.orphan()).contains(new LeaseId(7));

		assertThat(this.member.revoke().count()).isZero();
	}

	@Test
	void revokesTheLeaseGrantedInPlaceOfOneThatIsGoneWhenItWasOrphanedMeanwhile() {
		holdRenewals();
		Session session = Session.adopt(this.cluster.client(this.member), new LeaseId(7), TTL);
		var renewal = heldRenewal();

		assertThat(session.orphan()).contains(new LeaseId(7));
		answer(renewal, 0);

		long granted = this.member.grant().awaitCall(0).request().getID();
		assertThat(this.member.revoke().awaitCall(0).request().getID()).isEqualTo(granted).isNotEqualTo(7);
	}

	@Test
	void leavesTheLeaseThatItAdoptsInTheMomentWhenItIsOrphaned() {
		holdRenewals();
		EtcdClient client = this.cluster.client(this.member);
		Session session = Session.adopt(client, new LeaseId(7), TTL);
		var renewal = heldRenewal();

		assertThat(session.orphan()).contains(new LeaseId(7));
		answer(renewal, 9);

		// what follows from the answer has been sent when this has been granted and
		// revoked
		Session other = Session.open(client, TTL);
		LeaseId lease = resultOf(other.leaseAsync()).lease();
		other.close();
		assertThat(this.member.revoke().calls()).singleElement()
			.satisfies((revoke) -> assertThat(revoke.request().getID()).isEqualTo(lease.value()));
	}

	@Test
	void refusesToAdoptNoLease() {
		EtcdClient client = this.cluster.client(this.member);

		assertThatIllegalArgumentException().isThrownBy(() -> Session.adopt(client, LeaseId.NONE, TTL))
			.withMessage("lease: 0 (expected: the id of a lease)");
	}

	@Test
	void leavesItsLeaseWhenItIsOrphaned() {
		Session session = Session.open(this.cluster.client(this.member), TTL);
		KeepAlive lease = resultOf(session.leaseAsync());

		assertThat(session.orphan()).contains(lease.lease());

		assertThat(session.state()).isEqualTo(SessionState.CLOSED);
		assertThat(lease.isAlive()).isFalse();
		assertThat(session.orphan()).isEmpty();
		session.close();
		assertThat(this.member.revoke().count()).isZero();
	}

	@Test
	void revokesALeaseThatIsGrantedAfterItIsOrphaned() {
		this.member.grant().thenHold();
		Session session = Session.open(this.cluster.client(this.member), TTL);
		var grant = this.member.grant().awaitCall(0);

		assertThat(session.orphan()).isEmpty();
		grant.answer(LeaseGrantResponse.newBuilder().setID(7).setTTL(9).build());

		assertThat(this.member.revoke().awaitCall(0).request().getID()).isEqualTo(7);
	}

	private void holdRenewals() {
		this.member.keepAlive().onHalfClose((stream) -> {
		});
	}

	private ScriptedStream<LeaseKeepAliveRequest, LeaseKeepAliveResponse> heldRenewal() {
		var renewal = this.member.keepAlive().awaitStream(0);
		renewal.awaitMessage(0);
		return renewal;
	}

	private static void answer(ScriptedStream<LeaseKeepAliveRequest, LeaseKeepAliveResponse> renewal, long ttl) {
		renewal.send(LeaseKeepAliveResponse.newBuilder().setID(7).setTTL(ttl).build());
		renewal.complete();
	}

	private void answerRenewals(long ttl) {
		this.member.keepAlive()
			.onMessage((stream, request) -> stream
				.send(LeaseKeepAliveResponse.newBuilder().setID(request.getID()).setTTL(ttl).build()));
	}

}
