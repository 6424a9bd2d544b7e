/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link MemberSilence}.
 */
class MemberSilenceTests {

	private final MemberSilence silence = new MemberSilence();

	private long now = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();

	@Test
	void isNoneAsLongAsNobodyAsks() {
		after(60_000);

		assertThat(isSilent()).isFalse();
	}

	@Test
	void beginsWhenACallHasWaitedForASecond() {
		send();
		after(1000);
		assertThat(isSilent()).isFalse();

		after(1);
		assertThat(isSilent()).isTrue();
	}

	@Test
	void beginsWhenShortCallsHaveWaitedForASecondTogether() {
		for (int i = 0; i < 2; i++) {
			send();
			after(400);
			giveUp();
			after(60_000);
			assertThat(isSilent()).isFalse();
		}

		send();
		after(400);

		assertThat(isSilent()).isTrue();
	}

	@Test
	void isForgottenFiveSecondsAfterTheLastCallThatWasGivenUp() {
		send();
		after(1001);
		giveUp();

		after(4999);
		assertThat(isSilent()).isTrue();
		after(1);
		assertThat(isSilent()).isFalse();
	}

	@Test
	void isThereAgainWithTheFirstCallAfterIt() {
		send();
		after(1001);
		giveUp();
		after(5000);

		send();

		assertThat(isSilent()).isTrue();
	}

	@Test
	void endsWhenAnythingIsHeard() {
		send();
		send();
		after(1001);
		giveUp();

		this.silence.heard(this.now);

		assertThat(isSilent()).isFalse();
		after(1000);
		assertThat(isSilent()).isFalse();
		after(1);
		assertThat(isSilent()).isTrue();
	}

	@Test
	void countsNoWaitFromBeforeAnAnswer() {
		send();
		after(900);
		giveUp();
		send();
		this.silence.heard(this.now);
		this.silence.ended(this.now, true);

		send();
		after(900);

		assertThat(isSilent()).isFalse();
	}

	private void send() {
		this.silence.sent(this.now);
	}

	private void giveUp() {
		this.silence.ended(this.now, false);
	}

	private void after(long millis) {
		this.now += Duration.ofMillis(millis).toNanos();
	}

	private boolean isSilent() {
		return this.silence.isSilent(this.now);
	}

}
