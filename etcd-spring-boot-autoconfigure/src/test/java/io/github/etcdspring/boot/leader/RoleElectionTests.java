/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.election.LeadershipEnd;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

@ExtendWith(OutputCaptureExtension.class)
class RoleElectionTests {

	private static final ByteSequence ID = ByteSequence.of("id");

	private final LeaderElection election = mock();

	private final EtcdClient client = mock();

	private final List<String> told = new CopyOnWriteArrayList<>();

	private final CountDownLatch hearing = new CountDownLatch(1);

	private final CountDownLatch mayHear = new CountDownLatch(1);

	private final RoleElection role = new RoleElection("report", this.client, this.election, ID,
			new RecordingListener());

	@Test
	void tellsAndHoldsNothingWhenItIsWonInTheMomentOfTheStop() {
		CompletableFuture<Leadership> won = new CompletableFuture<>() {

			@Override
			public boolean cancel(boolean mayInterruptIfRunning) {
				return false;
			}

		};
		given(this.election.campaignAsync(ID)).willReturn(won);
		Leadership leadership = mock();
		given(leadership.isHeld()).willReturn(true);
		given(leadership.end()).willReturn(new CompletableFuture<>());
		this.mayHear.countDown();
		this.role.campaign();

		assertThat(this.role.resignAsync()).isCompleted();
		won.complete(leadership);

		assertThat(this.told).isEmpty();
		assertThat(this.role.leadership()).isEmpty();
		assertThat(this.role.beginRun()).isFalse();
	}

	@Test
	void waitsAtTheStopUntilAllHaveHeardThatItLeads() throws Exception {
		CompletableFuture<Leadership> won = new CompletableFuture<>();
		given(this.election.campaignAsync(ID)).willReturn(won);
		Leadership leadership = mock();
		given(leadership.end()).willReturn(new CompletableFuture<>());
		given(leadership.resignAsync()).willReturn(CompletableFuture.completedFuture(true));
		this.role.campaign();
		CompletableFuture<Boolean> winning = CompletableFuture.supplyAsync(() -> won.complete(leadership));
		assertThat(this.hearing.await(10, TimeUnit.SECONDS)).isTrue();

		this.role.refuseRuns();
		CompletableFuture<Void> stop = CompletableFuture.runAsync(() -> {
			this.role.awaitRuns(Duration.ofSeconds(30));
			this.role.resignAsync();
		});
		assertThat(stop).isNotDone();
		this.mayHear.countDown();

		assertThat(stop).succeedsWithin(Duration.ofSeconds(10));
		assertThat(winning).succeedsWithin(Duration.ofSeconds(10));
		assertThat(this.told).containsExactly("granted report", "revoked report RESIGNED");
	}

	@Test
	void warnsOnceThatItCanNotBeWonAsLongAsItCanNot(CapturedOutput output) {
		EtcdException denied = new EtcdPermissionException(
				FailureDetails.local("Txn failed: etcdserver: permission denied", StatusCode.PERMISSION_DENIED), null);
		given(this.election.campaignAsync(ID)).willReturn(CompletableFuture.failedFuture(denied));
		given(this.client.scheduler()).willReturn((task, delay) -> CompletableFuture.completedFuture(null));

		this.role.campaign();
		this.role.campaign();

		assertThat(output.toString()
			.lines()
			.filter((line) -> line.contains("WARN") && line.contains("Campaign for role 'report' failed, trying again")
					&& line.contains("permission denied")))
			.hasSize(1);
	}

	@Test
	void warnsWhenThereIsNoSpaceForItsKey(CapturedOutput output) {
		EtcdException full = new EtcdNoSpaceException(new FailureDetails(
				"Txn failed: etcdserver: mvcc: database space exceeded", "etcdserver: mvcc: database space exceeded",
				StatusCode.RESOURCE_EXHAUSTED, Outcome.UNKNOWN, false, null, 1), null);
		given(this.election.campaignAsync(ID)).willReturn(CompletableFuture.failedFuture(full));
		given(this.client.scheduler()).willReturn((task, delay) -> CompletableFuture.completedFuture(null));

		this.role.campaign();

		assertThat(output.toString().lines().filter((line) -> line.contains("WARN")))
			.singleElement(as(InstanceOfAssertFactories.STRING))
			.contains("Campaign for role 'report' failed, trying again", "database space exceeded");
	}

	private final class RecordingListener implements RoleElection.Listener {

		@Override
		public void granted(String role, Leadership leadership) {
			RoleElectionTests.this.hearing.countDown();
			awaitDown(RoleElectionTests.this.mayHear);
			RoleElectionTests.this.told.add("granted " + role);
		}

		@Override
		public void revoked(String role, Leadership leadership, LeadershipEnd reason) {
			RoleElectionTests.this.told.add("revoked " + role + " " + reason);
		}

		private static void awaitDown(CountDownLatch latch) {
			try {
				assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

	}

}
