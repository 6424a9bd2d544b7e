/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import io.github.etcdspring.naming.EndpointCache;
import io.github.etcdspring.naming.EndpointSnapshot;
import io.github.etcdspring.naming.Naming;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.SynchronizationContext;
import org.jspecify.annotations.Nullable;

/**
 * Tells a channel where the instances of a service are: one group of addresses for each
 * entry, the entries in the order of their ids. Names of hosts are looked up on the
 * channel's offload executor, again whenever the channel asks; those that are known are
 * told after a short while, whatever becomes of the others. What the channel knows stays
 * when etcd is away, since the cache keeps it; a channel that was idle meanwhile gets
 * what the last resolver of its service knew.
 */
final class EtcdNameResolver extends NameResolver {

	/** Longer than a read takes while etcd can be reached. */
	private static final long LAST_KNOWN_MILLIS = 1000;

	/** As long as a call to etcd may take by default. */
	private static final long FIRST_READ_MILLIS = 10_000;

	/** Longer than it takes to look up a host as a rule. */
	private static final long LOOK_UP_MILLIS = 250;

	private final Naming naming;

	private final Shared shared;

	private final SynchronizationContext context;

	private final ScheduledExecutorService timer;

	private final HostNames names;

	// the fields below: only from context

	private @Nullable Listener2 listener;

	private @Nullable EndpointCache cache;

	private SynchronizationContext.@Nullable ScheduledHandle firstRead;

	/** When to tell what is known so far, while hosts are looked up. */
	private SynchronizationContext.@Nullable ScheduledHandle patience;

	/** {@code null} before they are known. */
	private @Nullable Places places;

	/** What the channel was told last; none if it was told that there is none. */
	private List<EquivalentAddressGroup> told = List.of();

	/** Whether the channel is to be told also what it knows. */
	private boolean due;

	private boolean shutdown;

	EtcdNameResolver(Naming naming, Shared shared, Args args) {
		this.naming = naming;
		this.shared = shared;
		this.context = args.getSynchronizationContext();
		this.timer = args.getScheduledExecutorService();
		Executor executor = Objects.requireNonNull(args.getOffloadExecutor(), "offloadExecutor");
		this.names = new HostNames(this.context, executor, this.timer, shared, this::tellWhenKnown);
	}

	@Override
	public String getServiceAuthority() {
		return ServiceAuthority.of(this.naming.target());
	}

	@Override
	public void start(Listener2 listener) {
		this.listener = listener;
		EndpointSnapshot lastKnown = this.shared.lastKnown().of(this.naming.target());
		if (lastKnown != null) {
			this.firstRead = schedule(() -> want(lastKnown), LAST_KNOWN_MILLIS);
		}
		else {
			this.firstRead = schedule(() -> tellUnavailable("etcd has not said yet where '%s' is"), FIRST_READ_MILLIS);
		}
		this.cache = this.naming.cache((change) -> this.context.execute(() -> take(change.current())));
	}

	private SynchronizationContext.ScheduledHandle schedule(Runnable task, long millis) {
		return this.context.schedule(task, millis, TimeUnit.MILLISECONDS, this.timer);
	}

	private void take(EndpointSnapshot snapshot) {
		if (this.firstRead != null) {
			this.firstRead.cancel();
		}
		this.shared.lastKnown().remember(this.naming.target(), snapshot);
		want(snapshot);
	}

	private void want(EndpointSnapshot snapshot) {
		if (this.shutdown) {
			return;
		}
		Places places = Places.of(snapshot, this.shared.leftOut());
		this.places = places;
		this.due = true;
		this.names.want(places.names());
		tellWhenKnown();
	}

	@Override
	public void refresh() {
		if (this.places != null && !this.shutdown) {
			this.due = true;
			this.names.refresh();
			tellWhenKnown();
		}
	}

	/** Waits a while for what is being looked up. */
	private void tellWhenKnown() {
		if (!this.names.isPending()) {
			cancelPatience();
			tellKnown();
		}
		else if (this.patience == null && !this.shutdown) {
			this.patience = schedule(() -> {
				this.patience = null;
				tellKnown();
			}, LOOK_UP_MILLIS);
		}
	}

	private void tellKnown() {
		Places places = this.places;
		if (places == null) {
			return;
		}
		List<EquivalentAddressGroup> known = places.groups(this.names::addresses);
		boolean news = this.due || !known.equals(this.told);
		if (!news || (known.isEmpty() && this.names.isPending())) {
			return;
		}
		this.due = false;
		this.told = known;
		if (!known.isEmpty()) {
			tell(StatusOr.fromValue(known));
		}
		else if (places.areNone()) {
			tellUnavailable("no endpoint of '%s' in etcd");
		}
		else {
			tellUnavailable("no address can be found for any endpoint of '%s'");
		}
	}

	private void tellUnavailable(String reason) {
		tell(StatusOr.fromStatus(Status.UNAVAILABLE.withDescription(String.format(reason, this.naming.target()))));
	}

	private void tell(StatusOr<List<EquivalentAddressGroup>> addresses) {
		Listener2 listener = this.listener;
		if (listener != null && !this.shutdown) {
			listener.onResult2(ResolutionResult.newBuilder().setAddressesOrError(addresses).build());
		}
	}

	private void cancelPatience() {
		if (this.patience != null) {
			this.patience.cancel();
			this.patience = null;
		}
	}

	@Override
	public void shutdown() {
		this.shutdown = true;
		this.names.close();
		cancelPatience();
		if (this.firstRead != null) {
			this.firstRead.cancel();
		}
		if (this.cache != null) {
			this.cache.close();
		}
	}

}
