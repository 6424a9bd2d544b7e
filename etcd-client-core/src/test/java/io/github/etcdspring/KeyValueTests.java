/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link KeyValue}.
 */
class KeyValueTests {

	@Test
	void printsItsKeyAndRevisionsAndNeverItsValue() {
		KeyValue kv = new KeyValue(ByteSequence.of("key"), ByteSequence.of("secret"), 3, 4, 2, new LeaseId(-5));

		assertThat(kv)
			.hasToString("KeyValue[key=key, value=6 bytes, createRevision=3, modRevision=4, version=2, lease=-5]");
	}

}
