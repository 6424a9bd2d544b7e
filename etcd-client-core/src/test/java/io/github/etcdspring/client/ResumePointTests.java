/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests of {@link ResumePoint}: the rule by which a watch goes on.
 */
class ResumePointTests {

	static Stream<Arguments> places() {
		return Stream.of(row("nothing yet: the start", (place) -> {
		}, 5), row("events: one after the last revision", (place) -> place.delivered(9), 10),
				row("more events: one after the last of all", (place) -> {
					place.delivered(9);
					place.delivered(30);
				}, 31), row("a bookmark: one after it", (place) -> place.bookmark(50), 51),
				row("a bookmark after events", (place) -> {
					place.delivered(9);
					place.bookmark(50);
				}, 51), row("events after a bookmark", (place) -> {
					place.bookmark(50);
					place.delivered(60);
				}, 61), row("a bookmark older than events", (place) -> {
					place.delivered(60);
					place.bookmark(50);
				}, 61), row("a bookmark older than another", (place) -> {
					place.bookmark(50);
					place.bookmark(40);
				}, 51), row("a bookmark at the last event", (place) -> {
					place.delivered(60);
					place.bookmark(60);
				}, 61), row("a bookmark below the start, which lies in the future", (place) -> place.bookmark(3), 5),
				row("events below the start", (place) -> place.delivered(4), 5));
	}

	private static Arguments row(String when, Consumer<ResumePoint> history, long next) {
		return arguments(when, history, next);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("places")
	void goesOnAtTheFirstRevisionThatIsNotTaken(String when, Consumer<ResumePoint> history, long next) {
		ResumePoint place = new ResumePoint(5, true);

		history.accept(place);

		assertThat(place.next()).isEqualTo(next);
	}

	static Stream<Arguments> reached() {
		return Stream.of(reached("a start that was reached", true, (place) -> {
		}, 99), reached("a start in the future", false, (place) -> {
		}, 0), reached("a bookmark below a start in the future", false, (place) -> place.bookmark(7), 7),
				reached("events", false, (place) -> place.delivered(120), 120),
				reached("a bookmark past the start", true, (place) -> place.bookmark(150), 150));
	}

	private static Arguments reached(String when, boolean reached, Consumer<ResumePoint> history, long revision) {
		return arguments(when, reached, history, revision);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("reached")
	void tellsHowFarTheStoreHasBeen(String when, boolean reached, Consumer<ResumePoint> history, long revision) {
		ResumePoint place = new ResumePoint(100, reached);

		history.accept(place);

		assertThat(place.reached()).isEqualTo(revision);
	}

}
