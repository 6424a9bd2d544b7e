/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming.resolver;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.SynchronizationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a channel is to a resolver: remembers what it is told, and whether it is told
 * where it may be. Its timers wait until they are told to run.
 */
final class RecordingChannel implements AutoCloseable {

	/** {@code 127.0.0.1:1, 127.0.0.1:2} or {@code UNAVAILABLE: why}. */
	private final List<String> told = new CopyOnWriteArrayList<>();

	private final List<Throwable> strayed = new CopyOnWriteArrayList<>();

	private final SynchronizationContext context = new SynchronizationContext(
			(thread, failure) -> this.strayed.add(failure));

	private final Timers timers = new Timers();

	private final Executor lookups;

	/**
	 * Makes a channel.
	 * @param lookups its offload executor
	 */
	RecordingChannel(Executor lookups) {
		this.lookups = lookups;
	}

	NameResolver.Args args() {
		return NameResolver.Args.newBuilder()
			.setDefaultPort(80)
			.setProxyDetector((address) -> null)
			.setSynchronizationContext(this.context)
			.setScheduledExecutorService(this.timers)
			.setOffloadExecutor(this.lookups)
			.setServiceConfigParser(new NoServiceConfig())
			.build();
	}

	NameResolver resolver(EtcdNameResolverProvider provider, String target) {
		return Objects.requireNonNull(provider.newNameResolver(URI.create(target), args()));
	}

	NameResolver start(EtcdNameResolverProvider provider) {
		NameResolver resolver = resolver(provider, "etcd:///echo");
		start(resolver);
		return resolver;
	}

	void start(NameResolver resolver) {
		run(() -> resolver.start(new Recorder()));
	}

	/** Runs something where a channel calls its resolver. */
	void run(Runnable task) {
		this.context.execute(task);
	}

	List<String> told() {
		return this.told;
	}

	void awaitTold(String... expected) {
		await().untilAsserted(() -> assertThat(this.told).containsExactly(expected));
	}

	void awaitToldLast(String expected) {
		await().untilAsserted(() -> assertThat(this.told).last().isEqualTo(expected));
	}

	/** Waits for a timer of some length that is not cancelled, and lets it run. */
	void passTimer(long millis) {
		await().until(() -> this.timers.run(millis));
	}

	@Override
	public void close() {
		this.timers.shutdownNow();
		assertThat(this.strayed).isEmpty();
	}

	/** Holds what is scheduled. */
	private static final class Timers extends ScheduledThreadPoolExecutor {

		private final List<Timer> waiting = new CopyOnWriteArrayList<>();

		private Timers() {
			super(1);
		}

		@Override
		public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
			ScheduledFuture<?> future = super.schedule(command, 1, TimeUnit.DAYS);
			this.waiting.add(new Timer(command, unit.toMillis(delay), future));
			return future;
		}

		private boolean run(long millis) {
			for (Timer timer : this.waiting) {
				if (timer.millis() == millis && !timer.future().isCancelled()) {
					this.waiting.remove(timer);
					timer.command().run();
					return true;
				}
			}
			return false;
		}

		private record Timer(Runnable command, long millis, ScheduledFuture<?> future) {

		}

	}

	private final class Recorder extends NameResolver.Listener2 {

		@Override
		public Status onResult2(NameResolver.ResolutionResult result) {
			RecordingChannel.this.context.throwIfNotInThisSynchronizationContext();
			var addresses = result.getAddressesOrError();
			RecordingChannel.this.told.add(addresses.hasValue()
					? String.join(", ",
							addresses.getValue()
								.stream()
								.flatMap((group) -> group.getAddresses().stream())
								.map((address) -> text((InetSocketAddress) address))
								.toList())
					: addresses.getStatus().getCode() + ": " + addresses.getStatus().getDescription());
			return Status.OK;
		}

		private static String text(InetSocketAddress address) {
			String host = address.getAddress().getHostAddress();
			return (host.contains(":") ? "[::1]" : host) + ":" + address.getPort();
		}

		@Override
		public void onResult(NameResolver.ResolutionResult result) {
			throw new AssertionError("told outside the context");
		}

		@Override
		public void onError(Status error) {
			throw new AssertionError("told outside the context");
		}

	}

	/** There is none in etcd. */
	private static final class NoServiceConfig extends NameResolver.ServiceConfigParser {

		@Override
		public NameResolver.ConfigOrError parseServiceConfig(Map<String, ?> rawServiceConfig) {
			return NameResolver.ConfigOrError.fromConfig("none");
		}

	}

}
