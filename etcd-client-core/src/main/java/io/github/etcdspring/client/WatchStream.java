/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.etcdspring.CompactedException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.HistoryResetException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.ResponseHeader;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.watch.WatchBatch;
import io.grpc.SynchronizationContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All watches of a client on one stream, or those that require a leader and the others on
 * two.
 * <p>
 * When the stream ends, for whatever reason, every watch becomes one that waits for its
 * turn again, at the place it had reached; a watch ends only when its owner closes it or
 * its listener fails, when the server says that its place is compacted or refuses it for
 * good, or when the store was put back. Where events are lost, a watch that asks for it
 * reads its range anew instead of ending. A watch whose listener falls behind is
 * cancelled on the server and waits, at its place too, until the listener has caught up;
 * the others never notice. The stream stays open while there is no watch.
 * <p>
 * No user code runs here. All fields are confined to the context.
 */
final class WatchStream implements ResumableStream.Handler<WatchAnswer>, AutoCloseable {

	/** Stands for every watch of the stream. */
	private static final long ALL_WATCHES = -1;

	/** So many refusals of a watch in a row are taken for a member's fault. */
	private static final int REFUSALS_TO_LEAVE = 5;

	private static final Logger logger = LoggerFactory.getLogger(WatchStream.class);

	private final EtcdChannel channel;

	private final SynchronizationContext context = new SynchronizationContext(
			(thread, failure) -> logger.error("watch failed on {}", thread.getName(), failure));

	private final ResumableStream<MessageWriter.Body, WatchAnswer> stream;

	private final Set<Watcher> watchers = new LinkedHashSet<>();

	private final Map<Long, Watcher> byId = new HashMap<>();

	private final WatchCreations creations;

	private final ProgressRequests progress;

	private final HistoryCheck historyCheck;

	private final Relist relist;

	private boolean closed;

	WatchStream(EtcdChannel channel, boolean requireLeader) {
		this.channel = channel;
		this.stream = new ResumableStream<>(channel, WatchAnswer.METHOD, requireLeader, this.context, this);
		this.creations = new WatchCreations(channel, this.context, this.stream);
		this.progress = new ProgressRequests(channel, this.context, () -> this.stream.send(WatchCodec.progress()));
		this.historyCheck = new HistoryCheck(this.context, channel.scheduler(), this::putBack);
		this.relist = new Relist(this.context, channel.scheduler(), this::relisted, this::end);
	}

	/** Opens a watch. */
	void open(Watcher watcher) {
		this.context.execute(() -> add(watcher));
	}

	/** Asks how far a watch is. */
	ProgressRequests progress() {
		return this.progress;
	}

	private void add(Watcher watcher) {
		if (this.closed) {
			watcher.close();
			over(watcher);
			return;
		}
		this.watchers.add(watcher);
		this.stream.open();
		this.creations.add(watcher);
	}

	/** Takes the word that a paused watch's listener has caught up. */
	void emptied(Watcher watcher) {
		this.context.execute(() -> {
			if (watcher.state() == WatcherState.PAUSED) {
				createAgain(watcher);
			}
		});
	}

	private void createAgain(Watcher watcher) {
		watcher.moveTo(WatcherState.WAITING);
		this.creations.add(watcher);
	}

	/** Takes the word that the owner has closed a watch. */
	void closed(Watcher watcher) {
		this.context.execute(() -> {
			if (this.watchers.remove(watcher)) {
				cancelOnServer(watcher);
				over(watcher);
			}
		});
	}

	private void cancelOnServer(Watcher watcher) {
		if (watcher.state() == WatcherState.WAITING) {
			this.creations.remove(watcher);
		}
		if (this.byId.remove(watcher.id(), watcher)) {
			this.stream.send(WatchCodec.cancel(watcher.id()));
		}
	}

	@Override
	public void opened() {
		this.creations.askNext();
	}

	@Override
	public ResponseHeader header(WatchAnswer answer) {
		return answer.header();
	}

	@Override
	public void received(WatchAnswer answer) {
		this.creations.heard();
		if (answer.created()) {
			created(answer);
			this.creations.askNext();
		}
		else if (answer.canceled()) {
			canceled(answer);
		}
		else if (!answer.events().isEmpty()) {
			events(answer);
		}
		else if (answer.header().revision() != 0) {
			progress(answer);
		}
	}

	private void created(WatchAnswer answer) {
		Watcher watcher = this.creations.answered(answer);
		if (answer.canceled()) {
			refused(watcher, answer);
			return;
		}
		this.stream.provedUseful();
		if (watcher.isOpen()) {
			this.byId.put(answer.watchId(), watcher);
			long revision = answer.header().revision();
			watcher.created(answer.watchId(), revision, earlierAnswers(watcher, revision));
			checkHistory(watcher, revision);
		}
		else {
			this.stream.send(WatchCodec.cancel(answer.watchId()));
		}
	}

	/** One that has nothing to catch up with has whatever an answer speaks of. */
	private long earlierAnswers(Watcher watcher, long createdRevision) {
		return (watcher.place() > createdRevision) ? 0 : this.progress.lastEarlierAnswer();
	}

	private void canceled(WatchAnswer answer) {
		Watcher watcher = this.byId.remove(answer.watchId());
		if (watcher != null) {
			refused(watcher, answer);
		}
	}

	/** A watch that the server does not want, or no longer: ends it, or tries again. */
	private void refused(Watcher watcher, WatchAnswer answer) {
		if (!watcher.isOpen()) {
			return;
		}
		if (answer.compactRevision() > 0) {
			lostEvents(watcher, compacted(answer.compactRevision()));
			return;
		}
		CallFailure failure = StatusTranslator.readCancelReason(answer.cancelReason());
		if (isFinal(failure)) {
			CallFailure reason = this.channel.tokens().renewal().advise(failure);
			EtcdException cause = reason.toException("Watch", Outcome.NOT_APPLIED, 1, null);
			if (failure.kind() == FailureKind.COMPACTED) {
				lostEvents(watcher, cause);
			}
			else {
				end(watcher, cause);
			}
		}
		else if (isOfTheMember(failure.kind()) || watcher.refused() % REFUSALS_TO_LEAVE == 0) {
			this.stream.abandon(failure);
		}
		else {
			askAgainLater(watcher, failure);
		}
	}

	/** Whether a refusal says that the stream, and not the watch, is at fault. */
	private static boolean isOfTheMember(FailureKind kind) {
		return kind == FailureKind.TOKEN || kind == FailureKind.LEARNER || kind == FailureKind.NOT_EXECUTED;
	}

	/** The others stay as they are. */
	private void askAgainLater(Watcher watcher, CallFailure failure) {
		logger.info("{} is refused for now: {}", watcher, failure.message());
		watcher.streamLost();
		this.channel.scheduler().schedule(() -> this.context.execute(() -> {
			if (watcher.state() == WatcherState.WAITING) {
				this.creations.add(watcher);
			}
		}), StreamLosses.BACKOFF.delay(watcher.refusals()));
	}

	private boolean isFinal(CallFailure failure) {
		return switch (failure.kind()) {
			case PERMISSION, CREDENTIALS, COMPACTED, REFUSED, UNSUPPORTED, SERVER -> true;
			// there may be no other token to try
			case TOKEN -> !this.channel.tokens().renewal().mayPass(failure);
			default -> false;
		};
	}

	private static CompactedException compacted(long compactRevision) {
		String message = "the revisions before " + compactRevision + " that the watch needs are compacted";
		return new CompactedException(new FailureDetails("Watch failed: " + message, null, StatusCode.OUT_OF_RANGE,
				Outcome.NOT_APPLIED, false, null, 1), compactRevision, null);
	}

	/** A watch of another history would wait for revisions that are given anew. */
	private void checkHistory(Watcher watcher, long revision) {
		if (watcher.isOfEarlierHistory()) {
			putBack(watcher, revision);
		}
		else if (revision < watcher.reached()) {
			this.historyCheck.doubt(watcher);
		}
	}

	private void putBack(Watcher watcher, long revision) {
		long followed = watcher.place() - 1;
		String message = "Watch failed: the cluster was put back, to revision " + revision + " from " + followed;
		cancelOnServer(watcher);
		lostEvents(watcher, new HistoryResetException(FailureDetails.local(message, StatusCode.DATA_LOSS), followed,
				revision, null));
	}

	/** Events are lost for good: ends a watch, or lets it read its range anew. */
	private void lostEvents(Watcher watcher, EtcdException cause) {
		if (watcher.relists()) {
			logger.info("{} reads its range anew: {}", watcher, cause.getMessage());
			this.relist.begin(watcher);
		}
		else {
			end(watcher, cause);
		}
	}

	private void relisted(Watcher watcher, WatchBatch.Snapshot snapshot) {
		if (watcher.relisted(snapshot)) {
			watcher.pause();
		}
		else {
			createAgain(watcher);
		}
	}

	private void end(Watcher watcher, EtcdException cause) {
		this.watchers.remove(watcher);
		watcher.fail(cause);
		over(watcher);
	}

	/** Forgets a watch that has ended. */
	private void over(Watcher watcher) {
		watcher.moveTo(WatcherState.ENDED);
		this.progress.ended(watcher);
	}

	private void events(WatchAnswer answer) {
		Watcher watcher = this.byId.get(answer.watchId());
		if (watcher != null && watcher.received(answer)) {
			cancelOnServer(watcher);
			watcher.pause();
		}
	}

	/**
	 * What is said of all watches together, since it was asked for, is no place: before
	 * etcd 3.4.25 and 3.5.8 it may overtake events.
	 */
	private void progress(WatchAnswer answer) {
		long revision = answer.header().revision();
		if (answer.watchId() == ALL_WATCHES) {
			this.progress.answered(revision);
			return;
		}
		Watcher watcher = this.byId.get(answer.watchId());
		if (watcher != null) {
			watcher.progressed(revision);
		}
	}

	@Override
	public void lost(CallFailure failure) {
		this.byId.clear();
		this.progress.streamLost();
		this.watchers.forEach(Watcher::streamLost);
		this.creations.streamLost(this.watchers);
	}

	@Override
	public boolean isStreamWanted() {
		return !this.watchers.isEmpty();
	}

	@Override
	public void close() {
		this.context.execute(() -> {
			this.closed = true;
			this.stream.close();
			this.creations.close();
			List<Watcher> all = new ArrayList<>(this.watchers);
			this.watchers.clear();
			all.forEach(Watcher::close);
			all.forEach(this::over);
		});
	}

}
