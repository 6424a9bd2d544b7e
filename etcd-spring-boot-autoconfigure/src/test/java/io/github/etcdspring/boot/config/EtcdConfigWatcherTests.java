/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EtcdConfigWatcherTests {

	private static final ConfigContext CONTEXT = new ConfigContext("config/app/", false);

	@AutoClose
	private final EtcdClient client = EtcdClient.create("http://127.0.0.1:1");

	private final LiveConfigs configs = new LiveConfigs();

	private final LiveConfig live = live(CONTEXT);

	private final List<Set<String>> refreshes = new ArrayList<>();

	private final EtcdConfigWatcher watcher = new EtcdConfigWatcher(this.configs, this.refreshes::add, (event) -> {
	});

	@Test
	void showsSnapshotsWhileItRuns() {
		this.configs.computeIfAbsent(List.of(CONTEXT), () -> this.live);
		this.watcher.start();

		this.watcher.show(this.live, snapshot(8, "new"));
		this.watcher.stop();

		assertThat(this.live.snapshot().revision()).isEqualTo(8);
		assertThat(this.refreshes).containsExactly(Set.of("a"));
	}

	@Test
	void showsNothingThatComesAfterTheStop() {
		// or the next start would go on after it, and no bean would ever follow
		this.watcher.start();
		this.watcher.stop();

		this.watcher.show(this.live, snapshot(8, "new"));

		assertThat(this.live.snapshot().revision()).isEqualTo(7);
		assertThat(this.refreshes).isEmpty();
	}

	private LiveConfig live(ConfigContext context) {
		return Fixtures.live(this.client, List.of(context), snapshot(7, "old"));
	}

	private static ConfigSnapshot snapshot(long revision, String value) {
		return Fixtures.snapshot(revision, CONTEXT, Map.of("a", value));
	}

}
