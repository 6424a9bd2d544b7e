/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.it.core.ChildJvm;
import io.github.etcdspring.it.core.history.RecordingListener;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;
import io.grpc.ManagedChannelProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The client in a JVM with grpc-netty-shaded in the place of grpc-netty and Netty.
 */
class ShadedNettyIntegrationTests {

	/** The build puts it there. */
	private static final Path SHADED_NETTY = Path.of("target/shaded-netty/grpc-netty-shaded.jar");

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@Test
	void putsGetsAndWatches(EtcdCluster cluster) {
		assertThat(SHADED_NETTY).exists();

		try (ChildJvm child = ChildJvm.start(Main.class, cluster.endpoints(),
				(jar) -> !jar.matches("(grpc-netty|netty)-.*"), SHADED_NETTY)) {
			assertThat(child.awaitExit(Duration.ofSeconds(60))).as(child.output()).isZero();
			assertThat(child.output()).contains("transport io.grpc.netty.shaded.", "got value", "watched value");
		}
		assertThat(cluster.etcdctl("get", "--print-value-only", "key")).isEqualTo("value");
	}

	static final class Main {

		private Main() {
		}

		public static void main(String[] endpoints) {
			System.out.println("transport " + ManagedChannelProvider.provider().getClass().getName());
			EtcdClientOptions options = EtcdClientOptions.builder(List.of(endpoints)).build();
			RecordingListener listener = new RecordingListener();
			try (EtcdClient client = EtcdClient.create(options)) {
				client.watch().open(WatchRequest.of(KeyRange.key("key")), listener);
				long revision = client.kv().put("key", "value").revision();
				System.out.println("got " + client.kv().get("key").first().orElseThrow().value().toUtf8());
				listener.awaitRevision(revision, Duration.ofSeconds(10));
				WatchEvent.Put event = (WatchEvent.Put) listener.events().get(0);
				System.out.println("watched " + event.kv().value().toUtf8());
			}
		}

	}

}
