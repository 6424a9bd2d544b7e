/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.EchoServer;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.naming.Endpoint;
import io.github.etcdspring.naming.EndpointCache;
import io.github.etcdspring.naming.EndpointRegistration;
import io.github.etcdspring.naming.resolver.EtcdNameResolverProvider;
import io.github.etcdspring.session.Session;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Runs {@link NamingGuide}.
 */
class NamingGuideIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@AutoClose
	private final EtcdClient client = EtcdClients.connect(etcd.cluster());

	@Test
	void registersFollowsAndReplaces() throws InterruptedException {
		List<String> changes = new CopyOnWriteArrayList<>();
		try (Session session = Session.open(this.client, Duration.ofSeconds(10));
				EndpointCache cache = NamingGuide.follow(this.client, changes)) {
			assertThat(cache.ready()).succeedsWithin(SOON);
			EndpointRegistration registration = NamingGuide.register(session, "10.0.0.1:80");

			assertThat(registration.isRegistered()).isTrue();
			assertThat(etcd.cluster().etcdctl("get", "--print-value-only", "orders/10.0.0.1:80").strip())
				.isEqualTo("{\"Op\":0,\"Addr\":\"10.0.0.1:80\",\"Metadata\":{\"zone\":\"b\"}}");
			await().atMost(SOON).until(() -> changes.contains("+10.0.0.1:80"));
			NamingGuide.replace(this.client, "10.0.0.1:80", "10.0.0.2:80");
			assertThat(NamingGuide.list(this.client)).containsExactly(Endpoint.of("10.0.0.2:80"));
			await().atMost(SOON)
				.untilAsserted(
						() -> assertThat(changes).containsExactly("+10.0.0.1:80", "+10.0.0.2:80", "-10.0.0.1:80"));
			registration.close();
		}
		this.client.kv().delete("orders/10.0.0.2:80");
	}

	@Test
	void findsAServiceByItsName() throws InterruptedException {
		EtcdNameResolverProvider provider = NamingGuide.install(this.client);
		try (Session session = Session.open(this.client, Duration.ofSeconds(10));
				EchoServer server = EchoServer.start("one");
				EndpointRegistration registration = NamingGuide.register(session, server.address())) {
			ManagedChannel channel = NamingGuide.connect();
			try {
				assertThat(registration.isRegistered()).isTrue();
				assertThat(EchoServer.ask(channel)).isEqualTo("one");
			}
			finally {
				channel.shutdownNow();
			}
		}
		finally {
			NameResolverRegistry.getDefaultRegistry().deregister(provider);
		}
	}

}
