/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.WrongClusterException;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdMember;
import io.github.etcdspring.client.ClusterListener;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.HistoryReset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

class HeaderSenseIntegrationTests {

	private final RecordingClusterListener listener = new RecordingClusterListener();

	@Test
	void tellsOfANewLeader() {
		try (EtcdCluster cluster = EtcdCluster.builder().members(3).start(); EtcdClient client = connect(cluster)) {
			client.kv().put("k", "1");

			cluster.leader().kill();

			await().untilAsserted(() -> {
				assertThat(client.kv().get("k").count()).isEqualTo(1);
				assertThat(this.listener.terms).isNotEmpty();
			});
			assertThat(this.listener.resets).isEmpty();
		}
	}

	@Test
	void tellsOfAStoreThatWasPutBack() {
		try (EtcdCluster cluster = EtcdCluster.start(); EtcdClient client = connect(cluster)) {
			for (int i = 0; i < 10; i++) {
				client.kv().put("k", "1");
			}
			long before = client.kv().get("k").revision();

			restartEmpty(cluster.member(0));

			await().ignoreExceptions().untilAsserted(() -> assertThat(client.kv().get("k").count()).isZero());
			await().until(() -> !this.listener.resets.isEmpty());
			HistoryReset reset = this.listener.resets.get(0);
			assertThat(reset.previousRevision()).isEqualTo(before);
			assertThat(reset.revision()).isLessThan(before);
			assertThat(this.listener.resets).hasSize(1);
		}
	}

	@Test
	void talksToTheExpectedCluster() {
		try (EtcdCluster cluster = EtcdCluster.builder().members(3).start(); EtcdClient anyone = connect(cluster)) {
			long id = anyone.kv().get("k").header().clusterId();
			try (EtcdClient client = EtcdClients.connect(cluster.endpoints(),
					(options) -> options.expectedClusterId(id))) {
				assertThat(client.kv().put("k", "1").header().clusterId()).isEqualTo(id);
			}
		}
	}

	@Test
	void writesNothingToAnotherCluster() {
		try (EtcdCluster cluster = EtcdCluster.start(); EtcdClient anyone = connect(cluster)) {
			try (EtcdClient client = EtcdClients.connect(cluster.endpoints(),
					(options) -> options.expectedClusterId(42))) {
				EtcdException failure = catchThrowableOfType(EtcdException.class, () -> client.kv().put("k", "1"));

				assertThat(failure).isInstanceOf(WrongClusterException.class)
					.hasMessageContaining("expected: cluster 2a");
				assertThat(failure.outcome()).isEqualTo(Outcome.NOT_APPLIED);
			}
			assertThat(anyone.kv().get("k").count()).isZero();
		}
	}

	private EtcdClient connect(EtcdCluster cluster) {
		return EtcdClients.connect(cluster.endpoints(), (options) -> options.clusterListener(this.listener));
	}

	/** As after a restore from a backup that is older than what clients have seen. */
	private static void restartEmpty(EtcdMember member) {
		member.kill();
		Path data = member.log().resolveSibling(member.name() + ".data");
		try (Stream<Path> files = Files.walk(data)) {
			files.sorted(Comparator.reverseOrder()).forEach((file) -> file.toFile().delete());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		assertThat(data).doesNotExist();
		member.restart();
	}

	private static final class RecordingClusterListener implements ClusterListener {

		private final List<Long> terms = new CopyOnWriteArrayList<>();

		private final List<HistoryReset> resets = new CopyOnWriteArrayList<>();

		@Override
		public void onLeaderChange(long previousTerm, long term) {
			this.terms.add(term);
		}

		@Override
		public void onHistoryReset(HistoryReset reset) {
			this.resets.add(reset);
		}

	}

}
