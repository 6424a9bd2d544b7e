/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.RecordingListener;
import io.github.etcdspring.watch.WatchBatch;
import io.github.etcdspring.watch.WatchEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link WatchDelivery}.
 */
class WatchDeliveryTests {

	private final RecordingListener listener = new RecordingListener();

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private final AtomicInteger emptied = new AtomicInteger();

	private final List<Throwable> failures = new ArrayList<>();

	private final WatchDelivery delivery = delivery(WatchDelivery.UNBOUNDED);

	@Test
	void isFullBeyondItsBytesOnly() {
		assertThat(this.delivery.batch(batch(1), WatchDelivery.MAX_BYTES)).isFalse();
		assertThat(this.delivery.batch(batch(2), 1)).isTrue();
		assertThat(this.delivery.batch(batch(3), 1)).isTrue();
	}

	@Test
	void saysOnceThatItIsEmptyWhenItWasFull() {
		this.delivery.batch(batch(1), WatchDelivery.MAX_BYTES + 1);
		this.delivery.batch(batch(2), 1);

		run();

		assertThat(this.listener.revisions()).containsExactly(1L, 2L);
		assertThat(this.emptied).hasValue(1);
		assertThat(this.delivery.batch(batch(3), 1)).isFalse();
	}

	@Test
	void saysNothingWhenItWasNotFull() {
		this.delivery.batch(batch(1), WatchDelivery.MAX_BYTES);

		run();

		assertThat(this.emptied).hasValue(0);
	}

	@Test
	void saysNothingWhenItIsClosedWhileFull() {
		this.delivery.batch(batch(1), WatchDelivery.MAX_BYTES + 1);
		this.delivery.close(null);

		run();

		assertThat(this.listener.calls()).containsExactly("closed");
		assertThat(this.emptied).hasValue(0);
	}

	@Test
	void hasOneTaskAtATime() {
		this.delivery.batch(batch(1), 1);
		this.delivery.progress(2);
		this.delivery.connection(false);

		assertThat(this.tasks).hasSize(1);
		run();
		assertThat(this.listener.calls()).containsExactly("events [1]", "progress 2", "disconnected");

		this.delivery.connection(true);
		assertThat(this.tasks).hasSize(1);
	}

	@Test
	void keepsOneLossOfManyWhenTheListenerHasHeardNone() {
		this.delivery.connection(false);
		this.delivery.connection(true);
		this.delivery.connection(false);

		run();

		assertThat(this.listener.calls()).containsExactly("disconnected");
	}

	@Test
	void keepsTheOrderOfLossAndEvents() {
		this.delivery.connection(false);
		this.delivery.batch(batch(1), 1);
		this.delivery.connection(true);

		run();

		assertThat(this.listener.calls()).containsExactly("disconnected", "events [1]", "resumed");
	}

	@Test
	void tellsTheEndAfterWhatIsQueuedAndNothingAfterIt() {
		this.delivery.batch(batch(1), 1);
		this.delivery.end(failure());
		this.delivery.end(failure());
		this.delivery.batch(batch(2), 1);
		this.delivery.connection(false);
		this.delivery.progress(3);

		run();

		assertThat(this.listener.calls()).containsExactly("events [1]", "closed by EtcdServerException");
	}

	@Test
	void tellsTheOwnersCloseOnceAndDropsTheRest() {
		this.delivery.batch(batch(1), 1);
		this.delivery.close(null);
		this.delivery.close(null);
		this.delivery.end(failure());

		run();

		assertThat(this.listener.calls()).containsExactly("closed");
	}

	@Test
	void tellsNoMoreBatchesThanAreAskedFor() {
		WatchDelivery asked = delivery(0);
		asked.connection(false);
		asked.batch(batch(1), 1);
		asked.batch(batch(2), 1);
		asked.batch(batch(3), 1);

		run();
		assertThat(this.listener.calls()).containsExactly("disconnected");
		asked.request(2);
		run();
		assertThat(this.listener.calls()).containsExactly("disconnected", "events [1]", "events [2]");
		asked.request(Long.MAX_VALUE);
		asked.request(Long.MAX_VALUE);
		asked.end(failure());
		run();

		assertThat(this.listener.calls()).endsWith("events [3]", "closed by EtcdServerException");
	}

	@Test
	void staysFullUntilAllThatItHoldsIsAskedFor() {
		WatchDelivery asked = delivery(1);
		asked.batch(batch(1), WatchDelivery.MAX_BYTES);
		assertThat(asked.batch(batch(2), 1)).isTrue();

		run();
		assertThat(this.emptied).hasValue(0);
		asked.request(1);
		run();

		assertThat(this.emptied).hasValue(1);
	}

	@Test
	void runsAMarkAfterWhatIsBeforeIt() {
		List<String> order = new ArrayList<>();
		WatchDelivery asked = delivery(0);
		asked.batch(batch(1), 1);
		asked.mark(() -> order.addAll(this.listener.calls()));

		run();
		assertThat(order).isEmpty();
		asked.request(1);
		run();

		assertThat(order).containsExactly("events [1]");
	}

	@Test
	void saysWhenTheListenerFailedAndDoesNotGoOn() {
		IllegalStateException failure = new IllegalStateException("thrown on purpose");
		this.listener.failWith(failure);
		this.delivery.batch(batch(1), 1);
		this.delivery.batch(batch(2), 1);

		run();

		assertThat(this.listener.revisions()).containsExactly(1L, 2L);
		assertThat(this.failures).isEmpty();
		this.listener.stopAfterFailure();
		this.delivery.batch(batch(3), 1);
		run();
		assertThat(this.failures).containsExactly(failure);
	}

	private void execute(Runnable task) {
		this.tasks.add(task);
	}

	private void run() {
		for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
			task.run();
		}
	}

	private WatchDelivery delivery(long demand) {
		return new WatchDelivery(this.listener, this::execute, demand, new WatchDelivery.Owner() {

			@Override
			public void emptied() {
				WatchDeliveryTests.this.emptied.incrementAndGet();
			}

			@Override
			public void listenerFailed(Throwable failure) {
				WatchDeliveryTests.this.failures.add(failure);
			}

		});
	}

	private static WatchBatch batch(long revision) {
		return new WatchBatch.Events(
				List.of(new WatchEvent.Delete(ByteSequence.of("key"), revision, Optional.empty())));
	}

	private static EtcdServerException failure() {
		return new EtcdServerException(FailureDetails.local("failure", StatusCode.UNKNOWN), null);
	}

}
