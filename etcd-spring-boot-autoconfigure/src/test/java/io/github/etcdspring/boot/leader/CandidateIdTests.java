/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.net.InetAddress;
import java.net.UnknownHostException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CandidateIdTests {

	@Test
	void namesApplicationHostAndProcess() throws UnknownHostException {
		@Nullable String named = System.getenv("HOSTNAME");
		String host = (named != null) ? named : InetAddress.getLocalHost().getHostName();

		assertThat(CandidateId.of("orders")).isEqualTo("orders@" + host + "-" + ProcessHandle.current().pid());
	}

}
