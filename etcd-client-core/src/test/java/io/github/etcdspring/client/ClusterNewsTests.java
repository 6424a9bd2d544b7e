/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

import io.github.etcdspring.fixture.SteppedExecutor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ClusterNews}.
 */
class ClusterNewsTests {

	private final List<Long> heard = new ArrayList<>();

	private final SteppedExecutor executor = new SteppedExecutor();

	private final ClusterNews news = new ClusterNews(new ClusterListener() {

		@Override
		public void onLeaderChange(long previousTerm, long term) {
			ClusterNewsTests.this.heard.add(term);
			if (term == 13) {
				throw new IllegalStateException("thrown on purpose");
			}
		}

	}, this.executor);

	@Test
	void tellsInOrderInOneTask() {
		tell(1, 3);

		assertThat(this.heard).isEmpty();
		this.executor.runUntil(() -> !this.heard.isEmpty());
		assertThat(this.heard).containsExactly(1L, 2L, 3L);
	}

	@Test
	void tellsTheNextAlthoughTheListenerFailed() {
		tell(13, 14);

		this.executor.runUntil(() -> !this.heard.isEmpty());

		assertThat(this.heard).containsExactly(13L, 14L);
	}

	@Test
	void dropsTheOldestOfMoreThanAHundredThatWait() {
		tell(101, 250);

		this.executor.runUntil(() -> !this.heard.isEmpty());

		assertThat(this.heard).hasSize(100).startsWith(151L).endsWith(250L);
	}

	private void tell(long first, long last) {
		LongStream.rangeClosed(first, last).forEach((term) -> this.news.tell((to) -> to.onLeaderChange(0, term)));
	}

}
