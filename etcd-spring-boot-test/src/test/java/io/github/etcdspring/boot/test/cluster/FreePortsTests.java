/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class FreePortsTests {

	@Test
	void choosesDifferentFreePortsBelowEphemeralRange() throws IOException {
		List<Integer> ports = IntStream.range(0, 100).mapToObj((each) -> FreePorts.next()).toList();

		assertThat(ports).doesNotHaveDuplicates().allMatch((port) -> port >= 20_000 && port < 30_000);
		for (int port : ports) {
			try (ServerSocket socket = new ServerSocket()) {
				socket.bind(MemberAddress.loopback(port));
				assertThat(socket.getLocalPort()).isEqualTo(port);
			}
		}
	}

}
