/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.ConnectionState;
import io.github.etcdspring.it.core.Party;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.awaitility.Awaitility.await;

/**
 * Many clients that lose their cluster at the same moment (P8).
 */
class StampedeIntegrationTests {

	private static final int CLIENTS = 60;

	private static final int ROUNDS = 5;

	private static final Duration ROUND = Duration.ofMillis(500);

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final List<TcpProxy> ways = Stream.generate(() -> TcpProxy.to(etcd.cluster().member(0).clientPort()))
		.limit(CLIENTS)
		.toList();

	private final List<Party> parties = new ArrayList<>();

	@AfterEach
	void close() {
		this.parties.forEach(Party::close);
		this.ways.forEach(TcpProxy::close);
	}

	@Test
	void comesBackAtItsOwnTimeWhenManyLoseTheirClusterAtOnce() {
		this.ways.forEach((way) -> this.parties.add(Party.join(List.of(way.endpoint()), Duration.ofSeconds(5))));

		this.ways.forEach(TcpProxy::cut);
		long late = System.nanoTime() + Duration.ofMillis(2_500).toNanos();

		// each tries about four times a second: evenly spread, a fifth of them fall into
		// 50 ms. Clients without jitter are at one in every round, those that a stall of
		// this machine brings together in one
		await("attempts that are spread").atMost(Duration.ofSeconds(10))
			.until(() -> IntStream.range(0, ROUNDS)
				.mapToObj((round) -> attemptsAfter(late + round * ROUND.toNanos()))
				.anyMatch((attempts) -> attempts.size() == CLIENTS && mostWithin(50, attempts) < CLIENTS / 2));
		System.out.println("milliseconds of the attempts of " + CLIENTS + " clients: " + attemptsAfter(late));

		this.ways.forEach(TcpProxy::restore);
		await().atMost(Duration.ofSeconds(5))
			.until(() -> this.parties.stream()
				.allMatch((party) -> party.client().connectionState() == ConnectionState.CONNECTED));
	}

	/** The first of each client that has made one, in milliseconds. */
	private List<Long> attemptsAfter(long late) {
		return this.ways.stream()
			.map((way) -> way.attempts().stream().filter((time) -> time > late).findFirst())
			.flatMap(Optional::stream)
			.map((time) -> (time - late) / 1_000_000)
			.sorted()
			.toList();
	}

	private static long mostWithin(long time, List<Long> sorted) {
		return IntStream.range(0, sorted.size())
			.mapToLong((from) -> sorted.stream().skip(from).takeWhile((each) -> each < sorted.get(from) + time).count())
			.max()
			.orElseThrow();
	}

}
