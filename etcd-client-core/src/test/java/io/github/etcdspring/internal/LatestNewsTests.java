/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.internal;

import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.fixture.SteppedExecutor;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link LatestNews}.
 */
class LatestNewsTests {

	private final SteppedExecutor users = new SteppedExecutor();

	private final List<String> told = new ArrayList<>();

	private final LatestNews<String> news = new LatestNews<>(this.users, "0",
			(previous, current) -> this.told.add(previous + " to " + current));

	@Test
	void tellsEachStateThatUsersAreFreeFor() {
		this.news.take("1");
		this.users.runNext();
		this.news.take("2");
		this.users.runNext();

		assertThat(this.told).containsExactly("0 to 1", "1 to 2");
	}

	@Test
	void tellsWhatComesWhileUsersAreBusyInOneCall() {
		this.news.take("1");
		this.news.take("2");
		this.news.take("3");
		this.users.runNext();

		assertThat(this.told).containsExactly("0 to 3");
		assertThat(this.users.isEmpty()).isTrue();
	}

	@Test
	void tellsWhatComesDuringACallAfterIt() {
		List<String> told = new ArrayList<>();
		SteppedExecutor users = new SteppedExecutor();
		List<LatestNews<String>> itself = new ArrayList<>();
		itself.add(new LatestNews<>(users, "0", (previous, current) -> {
			told.add(previous + " to " + current);
			if (current.equals("1")) {
				itself.get(0).take("2");
			}
		}));
		itself.get(0).take("1");
		users.runNext();

		assertThat(told).containsExactly("0 to 1", "1 to 2");
		assertThat(users.isEmpty()).isTrue();
	}

	@Test
	void tellsNothingAfterItsEnd() {
		this.news.take("1");
		this.news.end();
		this.users.runNext();
		this.news.take("2");

		assertThat(this.told).isEmpty();
		assertThat(this.users.isEmpty()).isTrue();
	}

}
