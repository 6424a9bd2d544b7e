/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.core.history;

import java.util.List;

import io.github.etcdspring.it.core.history.ClaimChecker.Claim;
import io.github.etcdspring.it.core.history.ClaimChecker.Grant;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The control of the runs that trust the checker.
 */
class ClaimCheckerTests {

	private static final List<Grant> GRANTS = List.of(new Grant(30, 300), new Grant(10, 100), new Grant(20, 200));

	@Test
	void hasNoObjectionWhenEachClaimsBeforeTheNextIsGranted() {
		assertThat(ClaimChecker.objections(GRANTS,
				List.of(new Claim(10, 100), new Claim(10, 200), new Claim(20, 299), new Claim(30, 900))))
			.isEmpty();
	}

	@Test
	void objectsToClaimAfterTheNextWasGranted() {
		assertThat(ClaimChecker.objections(GRANTS, List.of(new Claim(10, 150), new Claim(10, 201))))
			.containsExactly("overlap: Claim[token=10, nanos=201] came after Grant[token=20, nanos=200]");
	}

	@Test
	void objectsToClaimAfterOneFarHigherWasGrantedThoughTheNextWroteItDownLate() {
		assertThat(ClaimChecker.objections(List.of(new Grant(10, 100), new Grant(20, 900), new Grant(30, 300)),
				List.of(new Claim(10, 400))))
			.containsExactly("overlap: Claim[token=10, nanos=400] came after Grant[token=30, nanos=300]");
	}

	@Test
	void hasNoObjectionWhenNobodyIsGrantedAfterwards() {
		assertThat(ClaimChecker.objections(GRANTS, List.of(new Claim(30, Long.MAX_VALUE)))).isEmpty();
	}

}
