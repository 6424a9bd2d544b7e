/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.election.LeaderElection;
import io.github.etcdspring.election.Leadership;
import io.github.etcdspring.election.LeadershipEnd;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class RoleElectionTests {

	private static final ByteSequence ID = ByteSequence.of("id");

	private final LeaderElection election = mock();

	private final List<String> told = new ArrayList<>();

	private final RoleElection role = new RoleElection("report", mock(EtcdClient.class), this.election, ID,
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
		this.role.campaign();

		assertThat(this.role.resignAsync()).isCompleted();
		won.complete(leadership);

		assertThat(this.told).isEmpty();
		assertThat(this.role.leadership()).isEmpty();
		assertThat(this.role.beginRun()).isFalse();
	}

	private final class RecordingListener implements RoleElection.Listener {

		@Override
		public void granted(String role, Leadership leadership) {
			RoleElectionTests.this.told.add("granted " + role);
		}

		@Override
		public void revoked(String role, Leadership leadership, LeadershipEnd reason) {
			RoleElectionTests.this.told.add("revoked " + role + " " + reason);
		}

	}

}
