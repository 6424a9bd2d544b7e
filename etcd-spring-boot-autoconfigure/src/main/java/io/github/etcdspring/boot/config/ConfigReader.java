/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import org.jspecify.annotations.Nullable;

/**
 * Reads all contexts of an import in one transaction, so at one revision. Used by one
 * thread at a time.
 */
final class ConfigReader {

	/** As long as etcd takes to elect a leader, about; then another try makes sense. */
	private static final Duration PAUSE = Duration.ofMillis(250);

	private final EtcdClient client;

	private final List<ConfigContext> contexts;

	private final RemoteProperties properties;

	ConfigReader(EtcdClient client, List<ConfigContext> contexts, RemoteProperties properties) {
		this.client = client;
		this.contexts = contexts;
		this.properties = properties;
	}

	/** Returns where it reads. */
	EtcdClient client() {
		return this.client;
	}

	CompletableFuture<ConfigSnapshot> readAsync() {
		return read().thenApply(this::snapshot);
	}

	/**
	 * Reads, again and again while the cluster is not available.
	 * @param timeout the time for all of it
	 * @throws EtcdException if there is no snapshot by then
	 */
	ConfigSnapshot read(Duration timeout) {
		try {
			return readUntil(this.client.ticker().nanoTime() + timeout.toNanos(), timeout);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("interrupted while configuration was read from etcd", ex);
		}
	}

	private ConfigSnapshot readUntil(long deadline, Duration timeout) throws InterruptedException {
		EtcdException last = null;
		while (true) {
			CompletableFuture<TxnResult> read = read();
			try {
				return snapshot(read.get(Math.max(0, remaining(deadline)), TimeUnit.NANOSECONDS));
			}
			catch (ExecutionException ex) {
				EtcdException failure = etcdFailure(ex);
				if (!mayPass(failure) || remaining(deadline) <= PAUSE.toNanos()) {
					throw failure;
				}
				last = failure;
				TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
			}
			catch (TimeoutException ex) {
				throw new ConfigReadTimeoutException(timeout, last);
			}
			finally {
				read.cancel(true);
			}
		}
	}

	/** A user who is not named is not named in the next try either. */
	private static boolean mayPass(EtcdException failure) {
		return failure.isRetryable() && failure.error().filter(EtcdError.USER_EMPTY::equals).isEmpty();
	}

	private long remaining(long deadline) {
		return deadline - this.client.ticker().nanoTime();
	}

	private static EtcdException etcdFailure(ExecutionException ex) {
		if (ex.getCause() instanceof EtcdException failure) {
			return failure;
		}
		throw new IllegalStateException("configuration could not be read from etcd", ex.getCause());
	}

	private CompletableFuture<TxnResult> read() {
		List<RangeRequest> ranges = this.contexts.stream().map((context) -> RangeRequest.of(context.range())).toList();
		return this.client.kv().txnAsync(new TxnRequest(List.of(), List.copyOf(ranges), List.of()));
	}

	private ConfigSnapshot snapshot(TxnResult result) {
		Map<ConfigContext, Map<String, ConfigValue>> read = new HashMap<>();
		for (int i = 0; i < this.contexts.size(); i++) {
			ConfigContext context = this.contexts.get(i);
			read.put(context, this.properties.read(context, result.range(i).kvs()));
		}
		return new ConfigSnapshot(result.revision(), read);
	}

}
