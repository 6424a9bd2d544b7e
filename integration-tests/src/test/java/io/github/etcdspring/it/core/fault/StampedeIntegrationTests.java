/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.fault;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.ConnectionState;
import io.github.etcdspring.it.core.Party;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many clients that lose their cluster at the same moment (P8).
 */
class StampedeIntegrationTests {

	private static final int CLIENTS = 60;

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	@Test
	void comesBackAtItsOwnTimeWhenManyLoseTheirClusterAtOnce() {
		List<TcpProxy> ways = Stream.generate(() -> TcpProxy.to(etcd.cluster().member(0).clientPort()))
			.limit(CLIENTS)
			.toList();
		List<Party> parties = ways.stream()
			.map((way) -> Party.join(List.of(way.endpoint()), Duration.ofSeconds(5)))
			.toList();

		ways.forEach(TcpProxy::cut);
		long late = System.nanoTime() + Duration.ofMillis(2_500).toNanos();
		await().atMost(Duration.ofSeconds(10))
			.until(() -> ways.stream().allMatch((way) -> way.attempts().stream().anyMatch((time) -> time > late)));
		List<Long> attempts = ways.stream()
			.map((way) -> (way.attempts().stream().filter((time) -> time > late).findFirst().orElseThrow() - late)
					/ 1_000_000)
			.sorted()
			.toList();

		System.out.println("milliseconds of the attempts of " + CLIENTS + " clients: " + attempts);
		// each tries about four times a second: evenly spread, a fifth of them fall into
		// 50 ms
		assertThat(mostWithin(50, attempts)).isLessThan(CLIENTS / 2);

		ways.forEach(TcpProxy::restore);
		await().atMost(Duration.ofSeconds(5))
			.until(() -> parties.stream()
				.allMatch((party) -> party.client().connectionState() == ConnectionState.CONNECTED));
		parties.forEach(Party::close);
		ways.forEach(TcpProxy::close);
	}

	private static long mostWithin(long time, List<Long> sorted) {
		return IntStream.range(0, sorted.size())
			.mapToLong((from) -> sorted.stream().skip(from).takeWhile((each) -> each < sorted.get(from) + time).count())
			.max()
			.orElseThrow();
	}

}
