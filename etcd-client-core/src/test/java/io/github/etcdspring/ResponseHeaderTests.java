/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ResponseHeader}.
 */
class ResponseHeaderTests {

	@Test
	void printsIdsAsEtcdctlDoes() {
		ResponseHeader header = new ResponseHeader(-1, 0xabcL, 7, -1);

		assertThat(header).hasToString(
				"ResponseHeader[cluster=ffffffffffffffff, member=abc, revision=7, " + "raftTerm=18446744073709551615]");
	}

	@Test
	void namesTheMemberThatAnswered() {
		assertThat(new ResponseHeader(1, -2, 3, 4).member()).isEqualTo(new MemberId(-2));
	}

}
