/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.github.etcdspring.Ticker;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link UnaryAttempt}: in which order it does what gRPC allows.
 */
class UnaryAttemptTests {

	private final List<String> calls = new ArrayList<>();

	@Test
	@SuppressWarnings("NullAway")
	void cancelsNoCallThatIsBeingSentHoweverShortItsTimeIs() {
		AtomicLong now = new AtomicLong();
		Ticker jumping = () -> now.addAndGet(Duration.ofSeconds(1).toNanos());
		AttemptDeadlines deadlines = new AttemptDeadlines((task, delay) -> {
			task.run();
			return CompletableFuture.completedFuture(null);
		}, jumping);
		UnaryAttempt<String, String> attempt = new UnaryAttempt<>(null, 1, new RecordingCall(),
				new AttemptTracer(jumping), null, deadlines);

		attempt.start("request", new Metadata(), 1);

		assertThat(this.calls).containsExactly("start", "send", "half-close", "cancel");
	}

	/** Does nothing. */
	private final class RecordingCall extends ClientCall<String, String> {

		@Override
		public void start(Listener<String> listener, Metadata headers) {
			UnaryAttemptTests.this.calls.add("start");
		}

		@Override
		public void request(int number) {
		}

		@Override
		public void cancel(@Nullable String message, @Nullable Throwable cause) {
			UnaryAttemptTests.this.calls.add("cancel");
		}

		@Override
		public void halfClose() {
			UnaryAttemptTests.this.calls.add("half-close");
		}

		@Override
		public void sendMessage(String message) {
			UnaryAttemptTests.this.calls.add("send");
		}

	}

}
