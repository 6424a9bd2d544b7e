/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.EndpointSync;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.watch.WatchRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Endpoints that change while the client runs: by hand, and by the member list.
 */
class EndpointIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().members(3).serverArguments("--strict-reconfig-check=false"));

	private final KeySpace keys = KeySpace.unique();

	@Test
	void findsAllMembersFromOne() {
		try (EtcdClient client = EtcdClients.connectTo(etcd.cluster().member(0))) {
			EndpointSync sync = client.syncEndpoints();

			assertThat(sync.endpoints()).containsExactlyInAnyOrderElementsOf(etcd.cluster().endpoints());
			assertThat(sync.replaced()).isTrue();
			assertThat(sync.refused()).isEmpty();
			assertThat(client.syncEndpoints().replaced()).isFalse();
			etcd.cluster().member(0).kill();
			client.kv().get(this.keys.name("k"));
		}
	}

	@Test
	void findsAMemberThatIsDownAndNoLearner() {
		List<String> voters = etcd.cluster().endpoints();
		EtcdMember learner = etcd.cluster().addLearner();
		try (EtcdClient client = EtcdClients.connectTo(etcd.cluster().member(0), learner)) {
			etcd.cluster().member(2).kill();

			EndpointSync sync = client.syncEndpoints();

			assertThat(sync.endpoints()).containsExactlyInAnyOrderElementsOf(voters);
			assertThat(sync.replaced()).isTrue();
		}
		finally {
			etcd.cluster().removeMember(learner);
		}
	}

	@Test
	void failsNoneOfAThousandWritesWhileEndpointsChange() {
		List<String> members = etcd.cluster().endpoints();
		RecordingListener listener = new RecordingListener();
		try (EtcdClient client = EtcdClients.connectTo(etcd.cluster().member(0))) {
			client.watch().open(WatchRequest.of(this.keys.range()), listener);
			List<CompletableFuture<PutResult>> writes = new ArrayList<>();

			for (int i = 0; i < 1_000; i++) {
				if (i % 100 == 0) {
					client.setEndpoints(List.of(members.get(i / 100 % 3), members.get((i / 100 + 1) % 3)));
				}
				writes.add(client.kv().putAsync(this.keys.name("k" + i), "v"));
				if (i % 20 == 0) {
					writes.get(i).join();
				}
			}

			long last = writes.stream().mapToLong((write) -> write.join().revision()).max().orElseThrow();
			assertThat(client.kv().get(this.keys.range()).count()).isEqualTo(1_000);
			listener.awaitRevision(last, SOON);
			assertThat(listener.events()).hasSize(1_000);
		}
	}

	@Test
	void followsMembersThatGoAndCome() {
		try (EtcdCluster cluster = EtcdCluster.builder()
			.members(3)
			.serverArguments("--strict-reconfig-check=false")
			.start();
				EtcdClient client = EtcdClients.connect(List.of(cluster.member(0).endpoint()),
						(options) -> options.autoSyncInterval(Duration.ofMillis(200)))) {
			awaitEndpoints(client, cluster);

			cluster.removeMember(cluster.member(2));
			awaitEndpoints(client, cluster);
			cluster.addMember();
			awaitEndpoints(client, cluster);

			for (int i = 0; i < 20; i++) {
				client.kv().put(this.keys.name("k"), "v" + i);
			}
		}
	}

	private static void awaitEndpoints(EtcdClient client, EtcdCluster cluster) {
		await().atMost(SOON)
			.untilAsserted(
					() -> assertThat(client.endpoints()).containsExactlyInAnyOrderElementsOf(cluster.endpoints()));
	}

}
