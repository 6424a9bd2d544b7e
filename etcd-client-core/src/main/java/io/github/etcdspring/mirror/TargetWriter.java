/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.internal.Failures;
import io.github.etcdspring.internal.OwnSteps;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one transaction after the other, each until it is applied, in order and each in
 * effect once, to a target that is as the one before left it. What makes that sure is the
 * {@link Fence}. When the answer to a transaction is lost, the fence is written alone: it
 * tells that the transaction was applied, or keeps it from ever being, so that it cannot
 * come late and undo what has been written meanwhile. A target that was put back refuses
 * what follows, and whoever takes the fence over ends the writer that had it before.
 */
final class TargetWriter {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(2), 0.5);

	private static final Logger logger = LoggerFactory.getLogger(TargetWriter.class);

	/** The view for the library's own steps. */
	private final EtcdClient client;

	private final Fence fence;

	private volatile boolean closed;

	private volatile CompletableFuture<Void> takingOver = CompletableFuture.completedFuture(null);

	TargetWriter(EtcdClient client, ByteSequence fence) {
		this.client = client;
		this.fence = new Fence(fence);
	}

	ByteSequence fence() {
		return this.fence.key();
	}

	/**
	 * Ends whoever writes there, and begins; if this has begun before, only if nobody has
	 * taken over since.
	 */
	CompletableFuture<Void> takeOver() {
		CompletableFuture<Void> taken = new CompletableFuture<>();
		this.takingOver = taken;
		takeOver(taken, 0);
		return taken;
	}

	private void takeOver(CompletableFuture<Void> taken, int failures) {
		if (isOver(taken)) {
			return;
		}
		this.client.kv().getAsync(this.fence.range()).whenComplete((found, failure) -> {
			if (failure != null) {
				again(failure, taken, failures, () -> takeOver(taken, failures + 1));
			}
			else if (!isOver(taken)) {
				take(found.first(), taken, failures);
			}
		});
	}

	private void take(Optional<KeyValue> found, CompletableFuture<Void> taken, int failures) {
		if (found.filter(this.fence::isOvertakenBy).isPresent()) {
			taken.completeExceptionally(overtaken());
			return;
		}
		ByteSequence next = this.fence.next();
		this.client.kv().txnAsync(this.fence.takeOver(found, next)).whenComplete((result, failure) -> {
			if (failure != null) {
				again(failure, taken, failures, () -> takeOver(taken, failures + 1));
			}
			else if (result.succeeded()) {
				this.fence.applied(next, result.revision());
				taken.complete(null);
			}
			else {
				takeOver(taken, failures);
			}
		});
	}

	private IllegalStateException overtaken() {
		return new IllegalStateException("another mirror has taken over " + this.fence + " (expected: one mirror)");
	}

	/** Writes all or nothing; what is too large for a transaction is split in halves. */
	CompletableFuture<Void> write(List<TxnOperation> operations) {
		return operations.isEmpty() ? CompletableFuture.completedFuture(null) : begin(operations);
	}

	/** Makes sure that the target is as the last transaction left it. */
	CompletableFuture<Void> confirm() {
		return begin(List.of());
	}

	private CompletableFuture<Void> begin(List<TxnOperation> operations) {
		Attempt attempt = attempt(operations, new CompletableFuture<>());
		send(attempt, 0);
		return attempt.written();
	}

	private Attempt attempt(List<TxnOperation> operations, CompletableFuture<Void> written) {
		return new Attempt(operations, this.fence.next(), this.fence.next(), written);
	}

	private void send(Attempt attempt, int failures) {
		if (isOver(attempt.written())) {
			return;
		}
		TxnRequest txn = this.fence.guard(attempt.operations(), attempt.applied());
		this.client.kv().txnAsync(txn).whenComplete((result, failure) -> {
			if (failure == null) {
				answered(result, attempt, attempt.applied(), failures);
			}
			else if (Failures.isUnknown(failure)) {
				again(failure, attempt.written(), failures, () -> settle(attempt, failures + 1));
			}
			else if (isTooLarge(failure) && attempt.operations().size() > 1) {
				split(attempt.operations(), attempt.written());
			}
			else {
				again(failure, attempt.written(), failures, () -> send(attempt, failures + 1));
			}
		});
	}

	/** Finds out about a transaction whose answer was lost, or keeps it from coming. */
	private void settle(Attempt attempt, int failures) {
		if (isOver(attempt.written())) {
			return;
		}
		TxnRequest txn = this.fence.guard(List.of(), attempt.settled());
		this.client.kv().txnAsync(txn).whenComplete((result, failure) -> {
			if (failure == null) {
				answered(result, attempt, attempt.settled(), failures);
			}
			else {
				again(failure, attempt.written(), failures, () -> settle(attempt, failures + 1));
			}
		});
	}

	private void answered(TxnResult result, Attempt attempt, ByteSequence sent, int failures) {
		if (result.succeeded()) {
			went(attempt, sent, result.revision(), failures);
			return;
		}
		Optional<KeyValue> found = result.range(0).first();
		if (found.filter(attempt::has).isPresent()) {
			went(attempt, found.get().value(), found.get().modRevision(), failures);
		}
		else if (found.filter(this.fence::isOvertakenBy).isPresent()) {
			attempt.written().completeExceptionally(overtaken());
		}
		else {
			attempt.written()
				.completeExceptionally(new HistoryResetException(FailureDetails
					.local("the target was put back, or the mirror's key deleted there", StatusCode.DATA_LOSS),
						this.fence.revision(), result.revision(), null));
		}
	}

	/** Takes the word of which transaction of an attempt was applied. */
	private void went(Attempt attempt, ByteSequence value, long revision, int failures) {
		this.fence.applied(value, revision);
		if (value.equals(attempt.applied())) {
			attempt.written().complete(null);
		}
		else {
			send(attempt(attempt.operations(), attempt.written()), failures);
		}
	}

	private void split(List<TxnOperation> operations, CompletableFuture<Void> written) {
		int half = operations.size() / 2;
		logger.debug("{} operations are too large for one transaction, split in halves", operations.size());
		write(operations.subList(0, half)).thenCompose((nothing) -> write(operations.subList(half, operations.size())))
			.whenComplete((nothing, failure) -> {
				if (failure != null) {
					written.completeExceptionally(SteppedSubscriber.bare(failure));
				}
				else {
					written.complete(null);
				}
			});
	}

	private void again(Throwable failure, CompletableFuture<Void> future, int failures, Runnable retry) {
		boolean passes = failure instanceof EtcdException etcd && etcd.isRetryable();
		if (this.closed || failure instanceof EtcdClosedException || !passes) {
			future.completeExceptionally(failure);
			return;
		}
		if (failures == 0) {
			logger.warn("mirror into {} waits for its target: {}", this.fence, failure.getMessage());
		}
		OwnSteps.later(this.client, retry, BACKOFF.delay(failures + 1));
	}

	private static boolean isTooLarge(Throwable failure) {
		return failure instanceof EtcdException etcd && !(failure instanceof EtcdNoSpaceException)
				&& (etcd.error()
					.filter((error) -> error == EtcdError.REQUEST_TOO_LARGE || error == EtcdError.TOO_MANY_OPERATIONS)
					.isPresent() || (etcd.code() == StatusCode.RESOURCE_EXHAUSTED && !etcd.isRetryable()));
	}

	/** Whether this is closed; nothing is asked of the target any more then. */
	private boolean isOver(CompletableFuture<Void> future) {
		if (this.closed) {
			future.completeExceptionally(
					new EtcdClosedException(FailureDetails.local("the mirror is closed", StatusCode.CANCELLED), null));
		}
		return this.closed;
	}

	/** Completes at once: with a failure if this is closed. */
	CompletableFuture<Void> failIfClosed() {
		CompletableFuture<Void> open = new CompletableFuture<>();
		if (!isOver(open)) {
			open.complete(null);
		}
		return open;
	}

	/** Nothing that is under way is applied after the fence is gone. */
	CompletableFuture<Void> close() {
		this.closed = true;
		CompletableFuture<Void> gone = new CompletableFuture<>();
		// one under way may still have the fence
		this.takingOver.whenComplete((nothing, failure) -> {
			if (this.fence.isTaken()) {
				deleteFence(this.fence.value(), gone);
			}
			else {
				gone.complete(null);
			}
		});
		return gone;
	}

	/** One that was under way may be applied meanwhile, and no other after it. */
	private void deleteFence(ByteSequence value, CompletableFuture<Void> gone) {
		this.client.kv().txnAsync(this.fence.delete(value)).whenComplete((result, failure) -> {
			if (failure != null) {
				logger.debug("{} is left behind, the next mirror takes it over", this.fence, failure);
				gone.complete(null);
				return;
			}
			Optional<KeyValue> moved = result.succeeded() ? Optional.empty()
					: result.range(0).first().filter(this.fence::isOwn).filter((kv) -> !kv.value().equals(value));
			moved.ifPresentOrElse((kv) -> deleteFence(kv.value(), gone), () -> gone.complete(null));
		});
	}

	/**
	 * A transaction on its way.
	 *
	 * @param applied what the fence holds once it is applied
	 * @param settled what the fence holds once it cannot be any more
	 */
	private record Attempt(List<TxnOperation> operations, ByteSequence applied, ByteSequence settled,
			CompletableFuture<Void> written) {

		boolean has(KeyValue fence) {
			return fence.value().equals(this.applied) || fence.value().equals(this.settled);
		}

	}

}
