/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.naming.Endpoint;
import io.github.etcdspring.naming.EndpointUpdate;
import io.github.etcdspring.naming.Naming;
import io.github.etcdspring.naming.resolver.EtcdNameResolverProvider;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A channel to {@code etcd:///} follows the instances of its service (D3).
 */
@EachVersion
class EtcdNameResolverIntegrationTests {

	private static final Duration SOON = Duration.ofSeconds(15);

	@AutoClose
	private final EtcdCluster cluster;

	@AutoClose
	private final EtcdClient client;

	@AutoClose
	private final EchoServer one = EchoServer.start("one");

	@AutoClose
	private final EchoServer two = EchoServer.start("two");

	private final Naming naming;

	private final EtcdNameResolverProvider provider;

	private ManagedChannel channel;

	EtcdNameResolverIntegrationTests(String version) {
		this.cluster = EtcdCluster.builder().version(version).start();
		this.client = EtcdClients.connect(this.cluster);
		this.naming = Naming.of(this.client, "echo");
		this.provider = new EtcdNameResolverProvider(this.client);
	}

	@BeforeEach
	void open() {
		NameResolverRegistry.getDefaultRegistry().register(this.provider);
		this.channel = connect("round_robin");
	}

	private static ManagedChannel connect(String policy) {
		return Grpc.newChannelBuilder("etcd:///echo", InsecureChannelCredentials.create())
			.defaultLoadBalancingPolicy(policy)
			.build();
	}

	@AfterEach
	void close() {
		this.channel.shutdownNow();
		NameResolverRegistry.getDefaultRegistry().deregister(this.provider);
	}

	private static Set<String> answering(ManagedChannel channel) {
		Set<String> names = new TreeSet<>();
		for (int i = 0; i < 6; i++) {
			names.add(EchoServer.ask(channel));
		}
		return names;
	}

	private void awaitAnswering(String... names) {
		awaitAnswering(this.channel, names);
	}

	private static void awaitAnswering(ManagedChannel channel, String... names) {
		await().atMost(SOON)
			.pollInterval(Duration.ofMillis(20))
			.ignoreException(StatusRuntimeException.class)
			.until(() -> answering(channel).equals(Set.of(names)));
	}

	private void assertUnavailable(String why) {
		assertUnavailable(this.channel, why);
	}

	private static void assertUnavailable(ManagedChannel channel, String why) {
		await().atMost(SOON)
			.untilAsserted(() -> assertThatExceptionOfType(StatusRuntimeException.class)
				.isThrownBy(() -> EchoServer.ask(channel))
				.satisfies((failure) -> {
					assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
					assertThat(failure.getStatus().getDescription()).contains(why);
				}));
	}

	@Test
	void followsInstancesAsTheyComeAndGo() {
		assertUnavailable("no endpoint of 'echo' in etcd");

		this.naming.add("1", Endpoint.of(this.one.address()));
		awaitAnswering("one");
		this.naming.add("2", Endpoint.of(this.two.address()));
		awaitAnswering("one", "two");
		this.naming.delete("1");
		awaitAnswering("two");
		this.naming.update(EndpointUpdate.delete("2"), EndpointUpdate.add("1", Endpoint.of(this.one.address())));
		awaitAnswering("one");
		this.naming.delete("1");
		this.one.close();

		assertUnavailable("no endpoint of 'echo' in etcd");
		this.naming.add("2", Endpoint.of(this.two.address()));
		awaitAnswering("two");
	}

	@Test
	void letsPickFirstFollowAnInstanceThatGoesAndAnotherThatComes() {
		this.naming.add("1", Endpoint.of(this.one.address()));
		ManagedChannel first = connect("pick_first");
		try (EchoServer three = EchoServer.start("three")) {
			awaitAnswering(first, "one");
			this.naming.add("2", Endpoint.of(this.two.address()));
			awaitAnswering("one", "two");
			awaitAnswering(first, "one");

			this.naming.delete("1");
			awaitAnswering(first, "two");
			this.naming.update(EndpointUpdate.delete("2"), EndpointUpdate.add("3", Endpoint.of(three.address())));
			awaitAnswering(first, "three");
			awaitAnswering("three");
			this.naming.delete("3");

			assertUnavailable(first, "no endpoint of 'echo' in etcd");
			// gRPC's own way: its connection stands
			assertThat(EchoServer.ask(this.channel)).isEqualTo("three");
			this.naming.add("1", Endpoint.of(this.one.address()));
			awaitAnswering(first, "one");
			awaitAnswering("one");
		}
		finally {
			first.shutdownNow();
		}
	}

	@Test
	void reachesTheOthersWhenAHostIsUnknown() {
		this.naming.update(EndpointUpdate.add("1", Endpoint.of("unknown.invalid:80")),
				EndpointUpdate.add("2", Endpoint.of(this.two.address())));

		awaitAnswering("two");
	}

	@Test
	void reachesAnInstanceThatGoWroteDown() {
		this.cluster.etcdctl("put", "echo/" + this.one.address(),
				"{\"Op\":0,\"Addr\":\"" + this.one.address() + "\",\"Metadata\":null}");
		this.cluster.etcdctl("put", "echo/localhost",
				"{\"Op\":0,\"Addr\":\"" + this.two.address().replace("127.0.0.1", "localhost") + "\"}");
		this.cluster.etcdctl("put", "echo/broken", "{\"Op\":0");

		awaitAnswering("one", "two");
	}

	@Test
	void goesOnWithoutEtcdAndFollowsAgainWhenItIsBack() {
		this.naming.add("1", Endpoint.of(this.one.address()));
		this.naming.add("2", Endpoint.of(this.two.address()));
		awaitAnswering("one", "two");

		this.cluster.kill();
		// a new connection, to the addresses last known
		this.channel.enterIdle();
		awaitAnswering("one", "two");
		this.two.close();
		awaitAnswering("one");
		this.cluster.restart();

		try (EchoServer three = EchoServer.start("three")) {
			this.naming.update(EndpointUpdate.delete("1"), EndpointUpdate.delete("2"),
					EndpointUpdate.add("3", Endpoint.of(three.address())));
			awaitAnswering("three");
		}
	}

}
