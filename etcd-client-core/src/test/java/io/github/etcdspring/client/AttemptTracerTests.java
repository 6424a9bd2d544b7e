/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import io.github.etcdspring.Ticker;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link AttemptTracer}: when an attempt may have had an effect (C2).
 */
class AttemptTracerTests {

	private final AttemptTracer attempt = new AttemptTracer(Ticker.system());

	private final ClientStreamTracer stream = this.attempt.newClientStreamTracer(
			ClientStreamTracer.StreamInfo.newBuilder().setCallOptions(CallOptions.DEFAULT).build(), new Metadata());

	@Test
	void hasReachedNobodyWhenNoConnectionWasChosen() {
		this.attempt.ended(false);

		assertThat(this.attempt.reachedMember()).isFalse();
	}

	@Test
	void hasReachedNobodyWhenItsConnectionWasGoneBefore() {
		choose();

		this.attempt.ended(true);

		assertThat(this.attempt.reachedMember()).isFalse();
	}

	@Test
	void mayHaveReachedAMemberWhenItWasGivenUpBeforeItWasSeenToLeave() {
		choose();

		this.attempt.ended(false);

		assertThat(this.attempt.reachedMember()).isTrue();
	}

	@Test
	void hasReachedAMemberOnceItHasLeft() {
		choose();
		this.stream.outboundHeaders();

		this.attempt.ended(true);

		assertThat(this.attempt.reachedMember()).isTrue();
		assertThat(this.attempt.endedByMember()).isFalse();
	}

	@Test
	void hasReachedAMemberThatRefusesIt() {
		choose();
		this.stream.inboundTrailers(new Metadata());

		this.attempt.ended(true);

		assertThat(this.attempt.reachedMember()).isTrue();
		assertThat(this.attempt.endedByMember()).isTrue();
	}

	private void choose() {
		this.stream.streamCreated(Attributes.EMPTY, new Metadata());
	}

}
