/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EtcdClusterTests {

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 8 })
	void refusesNumberOfMembersWhenOutOfRange(int members) {
		assertThatIllegalArgumentException().isThrownBy(() -> EtcdCluster.builder().members(members))
			.withMessage("members: " + members + " (expected: 1 to 7)");
	}

	@Test
	void refusesEmptyPassword() {
		assertThatIllegalArgumentException().isThrownBy(() -> EtcdCluster.builder().enableAuth(""))
			.withMessage("rootPassword: empty (expected: at least one character)");
	}

}
