/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.ResponseHeader;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link HeaderSense}.
 */
class HeaderSenseTests {

	private static final long CLUSTER = 0xcdf818194e3a8c32L;

	private final List<Object> heard = new ArrayList<>();

	private final HeaderSense sense = new HeaderSense(new ClusterNews(new ClusterListener() {

		@Override
		public void onLeaderChange(long previousTerm, long term) {
			HeaderSenseTests.this.heard.add(previousTerm + " -> " + term);
		}

		@Override
		public void onHistoryReset(HistoryReset reset) {
			HeaderSenseTests.this.heard.add(reset);
		}

	}, Runnable::run));

	@Test
	void knowsTheHighestRevisionOfAnyAnswer() {
		note(10, 2);
		note(30, 2);
		note(20, 2);

		assertThat(this.sense.revision()).isEqualTo(30);
		assertThat(this.heard).isEmpty();
	}

	@Test
	void tellsOfALeaderChangeWhenTheTermGoesUp() {
		note(10, 2);
		note(10, 4);

		assertThat(this.heard).containsExactly("2 -> 4");
	}

	@Test
	void tellsNothingOfTheFirstTerm() {
		note(10, 7);

		assertThat(this.heard).isEmpty();
	}

	@Test
	void passesOverTheTermOfAMemberThatLagsBehind() {
		note(10, 4);
		note(10, 3);
		note(10, 4);

		assertThat(this.heard).isEmpty();
	}

	@Test
	void tellsOfAResetWhenALinearizableAnswerIsBelowWhatWasKnownBeforeItsCall() {
		note(30, 2);

		this.sense.note(header(20, 2), 0, 30);

		assertThat(this.heard).containsExactly(new HistoryReset(CLUSTER, CLUSTER, 30, 20));
		assertThat(this.sense.revision()).isEqualTo(20);
		assertThat(this.sense.history()).isEqualTo(1);
	}

	@Test
	void takesALinearizableAnswerForOlderThanOneThatCameMeanwhile() {
		note(10, 2);
		note(30, 2);

		this.sense.note(header(20, 2), 0, 10);

		assertThat(this.heard).isEmpty();
		assertThat(this.sense.revision()).isEqualTo(30);
	}

	@Test
	void learnsNothingFromAnswersToCallsThatBeganBeforeAReset() {
		note(30, 2);
		this.sense.note(header(20, 2), 0, 30);

		this.sense.note(header(31, 9), 0, 30);

		assertThat(this.heard).hasSize(1);
		assertThat(this.sense.revision()).isEqualTo(20);
	}

	@Test
	void tellsOfAResetOnceHoweverManyCallsWereUnderWay() {
		note(30, 2);

		this.sense.note(header(20, 2), 0, 30);
		this.sense.note(header(20, 2), 0, 30);

		assertThat(this.heard).hasSize(1);
	}

	@Test
	void tellsOfAResetWhenAnotherClusterAnswers() {
		note(30, 2);

		this.sense.note(new ResponseHeader(5, 1, 40, 2), 0, 0);

		assertThat(this.heard).containsExactly(new HistoryReset(CLUSTER, 5, 30, 40));
	}

	@Test
	void countsTheTermAnewAfterAReset() {
		note(30, 9);
		this.sense.note(header(20, 2), 0, 30);

		this.sense.note(header(21, 3), 1, 0);

		assertThat(this.heard).last().isEqualTo("2 -> 3");
	}

	@Test
	void printsIdsAsEtcdctlDoes() {
		assertThat(new HistoryReset(CLUSTER, 5, 30, 40))
			.hasToString("HistoryReset[cluster cdf818194e3a8c32 at revision 30 -> cluster 5 at revision 40]");
	}

	private void note(long revision, long term) {
		this.sense.note(header(revision, term), this.sense.history(), 0);
	}

	private static ResponseHeader header(long revision, long term) {
		return new ResponseHeader(CLUSTER, 1, revision, term);
	}

}
