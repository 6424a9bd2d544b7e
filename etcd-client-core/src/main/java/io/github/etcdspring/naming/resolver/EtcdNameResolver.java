/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
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
 * channel's offload executor, one look-up at a time, again whenever the channel asks; an
 * address that cannot be found is left out while others can. What the channel knows stays
 * when etcd is away, since the cache keeps it; a channel that was idle meanwhile gets
 * what the last resolver of its service knew.
 */
final class EtcdNameResolver extends NameResolver {

	/** Longer than a read takes while etcd can be reached. */
	private static final long LAST_KNOWN_SECONDS = 1;

	/** As long as a call to etcd may take by default. */
	private static final long FIRST_READ_SECONDS = 10;

	private final Naming naming;

	private final LastKnown lastKnown;

	private final Args args;

	private final SynchronizationContext context;

	private final Executor lookupExecutor;

	// the fields below: only from context

	private @Nullable Listener2 listener;

	private @Nullable EndpointCache cache;

	private SynchronizationContext.@Nullable ScheduledHandle firstRead;

	private @Nullable EndpointSnapshot wanted;

	private boolean lookingUp;

	/** Whether to look up once more, since something changed during a look-up. */
	private boolean again;

	private boolean shutdown;

	EtcdNameResolver(Naming naming, LastKnown lastKnown, Args args) {
		this.naming = naming;
		this.lastKnown = lastKnown;
		this.args = args;
		this.context = args.getSynchronizationContext();
		this.lookupExecutor = Objects.requireNonNull(args.getOffloadExecutor(), "offloadExecutor");
	}

	@Override
	public String getServiceAuthority() {
		return ServiceAuthority.of(this.naming.target());
	}

	@Override
	public void start(Listener2 listener) {
		this.listener = listener;
		EndpointSnapshot lastKnown = this.lastKnown.of(this.naming.target());
		if (lastKnown != null) {
			this.firstRead = schedule(() -> want(lastKnown), LAST_KNOWN_SECONDS);
		}
		else {
			this.firstRead = schedule(() -> tellUnavailable("etcd has not said yet where '%s' is"), FIRST_READ_SECONDS);
		}
		this.cache = this.naming.cache((change) -> this.context.execute(() -> take(change.current())));
	}

	private SynchronizationContext.ScheduledHandle schedule(Runnable task, long seconds) {
		return this.context.schedule(task, seconds, TimeUnit.SECONDS, this.args.getScheduledExecutorService());
	}

	private void take(EndpointSnapshot snapshot) {
		if (this.firstRead != null) {
			this.firstRead.cancel();
		}
		this.lastKnown.remember(this.naming.target(), snapshot);
		want(snapshot);
	}

	private void want(EndpointSnapshot snapshot) {
		this.wanted = snapshot;
		lookUp();
	}

	@Override
	public void refresh() {
		lookUp();
	}

	private void lookUp() {
		EndpointSnapshot wanted = this.wanted;
		if (wanted == null || this.shutdown) {
			return;
		}
		this.again = this.lookingUp;
		if (this.lookingUp) {
			return;
		}
		if (wanted.endpoints().isEmpty()) {
			tellUnavailable("no endpoint of '%s' in etcd");
			return;
		}
		this.lookingUp = true;
		this.lookupExecutor.execute(() -> {
			List<EquivalentAddressGroup> found = EndpointAddresses.lookUp(wanted.endpoints().values());
			this.context.execute(() -> found(found));
		});
	}

	private void found(List<EquivalentAddressGroup> found) {
		this.lookingUp = false;
		if (!found.isEmpty()) {
			tell(StatusOr.fromValue(found));
		}
		else if (!this.again) {
			tellUnavailable("no address can be found for any endpoint of '%s'");
		}
		if (this.again) {
			lookUp();
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

	@Override
	public void shutdown() {
		this.shutdown = true;
		if (this.firstRead != null) {
			this.firstRead.cancel();
		}
		if (this.cache != null) {
			this.cache.close();
		}
	}

}
