/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdServerException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.fixture.RecordingListener;
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

	private final WatchDelivery delivery = new WatchDelivery(this.listener, this::execute,
			this.emptied::incrementAndGet);

	@Test
	void isFullBeyondItsBytesOnly() {
		assertThat(this.delivery.events(events(1), WatchDelivery.MAX_BYTES)).isFalse();
		assertThat(this.delivery.events(events(2), 1)).isTrue();
		assertThat(this.delivery.events(events(3), 1)).isTrue();
	}

	@Test
	void saysOnceThatItIsEmptyWhenItWasFull() {
		this.delivery.events(events(1), WatchDelivery.MAX_BYTES + 1);
		this.delivery.events(events(2), 1);

		run();

		assertThat(this.listener.revisions()).containsExactly(1L, 2L);
		assertThat(this.emptied).hasValue(1);
		assertThat(this.delivery.events(events(3), 1)).isFalse();
	}

	@Test
	void saysNothingWhenItWasNotFull() {
		this.delivery.events(events(1), WatchDelivery.MAX_BYTES);

		run();

		assertThat(this.emptied).hasValue(0);
	}

	@Test
	void saysNothingWhenItIsClosedWhileFull() {
		this.delivery.events(events(1), WatchDelivery.MAX_BYTES + 1);
		this.delivery.close();

		run();

		assertThat(this.listener.calls()).containsExactly("closed");
		assertThat(this.emptied).hasValue(0);
	}

	@Test
	void hasOneTaskAtATime() {
		this.delivery.events(events(1), 1);
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
		this.delivery.events(events(1), 1);
		this.delivery.connection(true);

		run();

		assertThat(this.listener.calls()).containsExactly("disconnected", "events [1]", "resumed");
	}

	@Test
	void tellsTheEndAfterWhatIsQueuedAndNothingAfterIt() {
		this.delivery.events(events(1), 1);
		this.delivery.end(failure());
		this.delivery.end(failure());
		this.delivery.events(events(2), 1);
		this.delivery.connection(false);
		this.delivery.progress(3);

		run();

		assertThat(this.listener.calls()).containsExactly("events [1]", "closed by EtcdServerException");
	}

	@Test
	void tellsTheOwnersCloseOnceAndDropsTheRest() {
		this.delivery.events(events(1), 1);
		this.delivery.close();
		this.delivery.close();
		this.delivery.end(failure());

		run();

		assertThat(this.listener.calls()).containsExactly("closed");
	}

	private void execute(Runnable task) {
		this.tasks.add(task);
	}

	private void run() {
		for (Runnable task = this.tasks.poll(); task != null; task = this.tasks.poll()) {
			task.run();
		}
	}

	private static List<WatchEvent> events(long revision) {
		return List.of(new WatchEvent.Delete(ByteSequence.of("key"), revision, Optional.empty()));
	}

	private static EtcdServerException failure() {
		return new EtcdServerException(FailureDetails.local("failure", StatusCode.UNKNOWN), null);
	}

}
