/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link StmOptions}.
 */
class StmOptionsTests {

	private final StmOptions defaults = StmOptions.defaults();

	@Test
	void isStrictAndBoundedByDefault() {
		assertThat(this.defaults.isolation()).isEqualTo(IsolationLevel.SERIALIZABLE_SNAPSHOT);
		assertThat(this.defaults.maxAttempts()).isEqualTo(32);
		assertThat(this.defaults.backoff().jitter()).isPositive();
		assertThat(this.defaults.prefetch()).isEmpty();
	}

	@Test
	void changesOneSettingAndKeepsTheOthers() {
		Backoff backoff = new Backoff(Duration.ofMillis(1), 1, Duration.ofMillis(1), 0);
		ByteSequence key = ByteSequence.of("key");

		StmOptions changed = this.defaults.withIsolation(IsolationLevel.READ_COMMITTED)
			.withMaxAttempts(3)
			.withBackoff(backoff)
			.withPrefetch(key);

		assertThat(changed).isEqualTo(new StmOptions(IsolationLevel.READ_COMMITTED, 3, backoff, List.of(key)));
		assertThat(this.defaults.maxAttempts()).isEqualTo(32);
	}

	@Test
	void takesACopyOfTheKeys() {
		List<ByteSequence> keys = new ArrayList<>(List.of(ByteSequence.of("key")));
		StmOptions options = new StmOptions(IsolationLevel.SERIALIZABLE, 1, this.defaults.backoff(), keys);

		keys.clear();

		assertThat(options.prefetch()).hasSize(1);
	}

	@Test
	void refusesNoAttemptAndAnEmptyKey() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withMaxAttempts(0))
			.withMessage("maxAttempts: 0 (expected: at least 1)");
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withPrefetch(ByteSequence.EMPTY));
	}

}
