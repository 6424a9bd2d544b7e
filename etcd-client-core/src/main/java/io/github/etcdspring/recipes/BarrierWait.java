/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.recipes;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.internal.HandedOff;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.watch.WatchEvent;
import io.github.etcdspring.watch.WatchRequest;

/**
 * The wait for a key to be gone: Go's {@code Barrier.Wait}.
 */
final class BarrierWait {

	private BarrierWait() {
	}

	/**
	 * Waits for as long as it takes. A deletion is enough, though the key may be there
	 * again when it is heard of.
	 * @return a future that completes with {@code true}
	 */
	static CompletableFuture<Boolean> untilAbsent(EtcdClient client, KeyRange key) {
		Deletion deletion = new Deletion();
		RangeRequest read = RangeRequest.builder(key).keysOnly().build();
		return WaitLoop.patient(client, () -> client.kv().getAsync(read), (found) -> {
			if (deletion.seen || found.first().isEmpty()) {
				return new Step.Done<>(true);
			}
			return new Step.Await<>(WatchRequest.of(key).withoutPuts().from(found.revision() + 1), deletion::isSeen);
		});
	}

	/**
	 * Waits for a time.
	 * @return a future that completes with whether the key is gone
	 */
	static CompletableFuture<Boolean> untilAbsent(EtcdClient client, KeyRange key, Duration wait) {
		CompletableFuture<Optional<Boolean>> timed = HandedOff
			.direct(TimedWait.of(client, untilAbsent(client, key), wait.isNegative() ? Duration.ZERO : wait, (late) -> {
			}));
		return HandedOff.of(timed, Optional::isPresent, OwnSteps.usersOf(client), (late) -> {
		});
	}

	/** Whether a deletion was seen. Written by one step of a wait at a time. */
	private static final class Deletion {

		private volatile boolean seen;

		boolean isSeen(WatchEvent event) {
			this.seen |= event instanceof WatchEvent.Delete;
			return this.seen;
		}

	}

}
