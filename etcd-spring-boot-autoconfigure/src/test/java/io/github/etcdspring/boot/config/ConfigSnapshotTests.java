/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigSnapshotTests {

	private static final ConfigContext CONTEXT = new ConfigContext("config/app/", false);

	private static final ConfigContext SHARED = new ConfigContext("config/application/", false);

	@Test
	void namesNothingWhenOnlyRevisionsDiffer() {
		ConfigSnapshot before = Fixtures.snapshot(1, CONTEXT, Map.of("a", "1", "b", "2"));
		ConfigSnapshot after = Fixtures.snapshot(9, CONTEXT, Map.of("a", "1", "b", "2"));

		assertThat(after.namesThatDiffer(before)).isEmpty();
	}

	@Test
	void namesWhatWasAddedChangedAndRemoved() {
		ConfigSnapshot before = Fixtures.snapshot(1, CONTEXT, Map.of("same", "1", "changed", "1", "removed", "1"));
		ConfigSnapshot after = Fixtures.snapshot(2, CONTEXT, Map.of("same", "1", "changed", "2", "added", "1"));

		assertThat(after.namesThatDiffer(before)).containsExactly("added", "changed", "removed");
		assertThat(before.namesThatDiffer(after)).containsExactly("added", "changed", "removed");
	}

	@Test
	void namesWhatMovedFromOneContextToAnother() {
		ConfigSnapshot before = Fixtures.snapshot(1, CONTEXT, Map.of("a", "1"));
		ConfigSnapshot after = Fixtures.snapshot(2, SHARED, Map.of("a", "1"));

		assertThat(after.namesThatDiffer(before)).containsExactly("a");
	}

	@Test
	void namesEverythingWhenNothingWasReadBefore() {
		ConfigSnapshot after = Fixtures.snapshot(2, CONTEXT, Map.of("a", "1", "b", "2"));

		assertThat(after.namesThatDiffer(ConfigSnapshot.EMPTY)).containsExactly("a", "b");
	}

	@Test
	void isEmptyForContextThatWasNotRead() {
		assertThat(Fixtures.snapshot(2, CONTEXT, Map.of("a", "1")).context(SHARED)).isEmpty();
	}

	@Test
	void doesNotChangeWithTheMapItWasMadeFrom() {
		Map<ConfigContext, Map<String, ConfigValue>> contexts = new HashMap<>();
		ConfigSnapshot snapshot = new ConfigSnapshot(1, contexts);

		contexts.put(CONTEXT, Fixtures.values(CONTEXT, 1, Map.of("a", "1")));

		assertThat(snapshot.context(CONTEXT)).isEmpty();
	}

}
