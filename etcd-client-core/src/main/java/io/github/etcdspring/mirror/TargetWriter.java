/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.mirror;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.github.etcdspring.Backoff;
import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdClosedException;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdNoSpaceException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one transaction after the other, each until it is applied, in order and each in
 * effect once. What makes that sure is the fence, a key that nobody else writes: every
 * transaction compares its revision. When the answer to one is lost, the fence is written
 * before the transaction is sent again; what is still under way finds another revision
 * then and does nothing, so that it cannot undo what has been written meanwhile. Whoever
 * takes the fence over ends the writer that had it before in the same way. Futures
 * complete on the client's callback executor.
 */
final class TargetWriter {

	private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), 2, Duration.ofSeconds(2), 0.5);

	private static final Logger logger = LoggerFactory.getLogger(TargetWriter.class);

	private final EtcdClient client;

	private final ByteSequence fence;

	/** Tells this writer's fence from another's. */
	private final ByteSequence name = ByteSequence.of(UUID.randomUUID().toString());

	// the two below: written by one step at a time

	/** The revision of the fence, 0 before it is taken over. */
	private volatile long fenceRevision;

	/** That of the last answer: a lower one comes from another history. */
	private volatile long revision;

	private volatile boolean closed;

	private volatile CompletableFuture<Void> takingOver = CompletableFuture.completedFuture(null);

	TargetWriter(EtcdClient client, ByteSequence fence) {
		this.client = client;
		this.fence = fence;
	}

	ByteSequence fence() {
		return this.fence;
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
		this.client.kv().getAsync(KeyRange.key(this.fence)).whenComplete((found, failure) -> {
			if (failure != null) {
				again(failure, taken, failures, () -> takeOver(taken, failures + 1));
				return;
			}
			Optional<KeyValue> before = found.first();
			if (isOver(taken)) {
				return;
			}
			if (this.fenceRevision != 0 && before.filter((kv) -> !kv.value().equals(this.name)).isPresent()) {
				taken.completeExceptionally(overtaken());
				return;
			}
			take(before.map(KeyValue::modRevision).orElse(0L), taken, failures);
		});
	}

	/** Compares, too: no attempt may come late and push out whoever has come since. */
	private void take(long before, CompletableFuture<Void> taken, int failures) {
		this.client.kv()
			.txnAsync(fenced(before, List.of(PutRequest.of(this.fence, this.name))))
			.whenComplete((result, failure) -> {
				if (failure != null) {
					again(failure, taken, failures, () -> takeOver(taken, failures + 1));
				}
				else if (result.succeeded()) {
					has(result);
					taken.complete(null);
				}
				else {
					takeOver(taken, failures);
				}
			});
	}

	private void has(TxnResult result) {
		this.fenceRevision = result.revision();
		this.revision = result.revision();
	}

	private IllegalStateException overtaken() {
		return new IllegalStateException("another mirror has taken over " + this.fence + " (expected: one mirror)");
	}

	/** Writes all or nothing; what is too large for a transaction is split in halves. */
	CompletableFuture<Void> write(List<TxnOperation> operations) {
		CompletableFuture<Void> written = new CompletableFuture<>();
		if (operations.isEmpty()) {
			written.complete(null);
		}
		else {
			write(operations, written, 0);
		}
		return written;
	}

	private void write(List<TxnOperation> operations, CompletableFuture<Void> written, int failures) {
		if (isOver(written)) {
			return;
		}
		this.client.kv().txnAsync(fenced(this.fenceRevision, operations)).whenComplete((result, failure) -> {
			if (failure == null) {
				answered(result, written, () -> write(operations, written, failures));
			}
			else if (isUnknown(failure)) {
				again(failure, written, failures, () -> renew(operations, written, failures + 1));
			}
			else if (isTooLarge(failure) && operations.size() > 1) {
				split(operations, written);
			}
			else {
				again(failure, written, failures, () -> write(operations, written, failures + 1));
			}
		});
	}

	/** Makes sure that a write whose answer was lost is over, then repeats it. */
	private void renew(List<TxnOperation> operations, CompletableFuture<Void> written, int failures) {
		if (isOver(written)) {
			return;
		}
		Runnable repeat = () -> write(operations, written, failures);
		this.client.kv()
			.txnAsync(fenced(this.fenceRevision, List.of(PutRequest.of(this.fence, this.name))))
			.whenComplete((result, failure) -> {
				if (failure != null) {
					again(failure, written, failures, () -> renew(operations, written, failures + 1));
				}
				else if (result.succeeded()) {
					has(result);
					repeat.run();
				}
				else {
					answered(result, written, repeat);
				}
			});
	}

	private TxnRequest fenced(long revision, List<TxnOperation> operations) {
		KeyRange only = KeyRange.key(this.fence);
		return new TxnRequest(List.of(Compare.modRevision(only, Compare.Relation.EQUAL, revision)), operations,
				List.of(RangeRequest.of(only)));
	}

	private void answered(TxnResult result, CompletableFuture<Void> written, Runnable repeat) {
		Optional<KeyValue> fence = result.succeeded() ? Optional.empty() : result.range(0).first();
		boolean moved = fence.filter((kv) -> kv.modRevision() > this.fenceRevision).isPresent();
		if (result.revision() < this.revision || (!result.succeeded() && !moved)) {
			written.completeExceptionally(new HistoryResetException(FailureDetails
				.local("the target was put back, or the mirror's key deleted there", StatusCode.DATA_LOSS),
					this.revision, result.revision(), null));
			return;
		}
		this.revision = result.revision();
		if (result.succeeded()) {
			written.complete(null);
		}
		else if (fence.filter((kv) -> kv.value().equals(this.name)).isPresent()) {
			// renewed, or taken over, by an attempt whose answer was lost
			this.fenceRevision = fence.get().modRevision();
			repeat.run();
		}
		else {
			written.completeExceptionally(overtaken());
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
		this.client.scheduler()
			.schedule(() -> this.client.callbackExecutor().execute(retry), BACKOFF.delay(failures + 1));
	}

	private static boolean isUnknown(Throwable failure) {
		return failure instanceof EtcdException etcd && etcd.outcome() == Outcome.UNKNOWN;
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
		// one under way may still have the fence
		return this.takingOver.handle((nothing, failure) -> this.fenceRevision != 0)
			.thenCompose((taken) -> taken ? deleteFence() : CompletableFuture.completedFuture(null));
	}

	private CompletableFuture<Void> deleteFence() {
		CompletableFuture<Void> gone = new CompletableFuture<>();
		TxnRequest txn = new TxnRequest(
				List.of(Compare.value(KeyRange.key(this.fence), Compare.Relation.EQUAL, this.name)),
				List.of(DeleteRequest.of(KeyRange.key(this.fence))), List.of());
		this.client.kv().txnAsync(txn).whenComplete((result, failure) -> {
			if (failure != null) {
				logger.debug("{} is left behind, the next mirror takes it over", this.fence, failure);
			}
			gone.complete(null);
		});
		return gone;
	}

}
