/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

class LeaderElectionLifecycleTests {

	/** Nobody answers, and the grant that leaving waits for fails soon. */
	private final EtcdClient client = EtcdClient.create(
			EtcdClientOptions.builder(List.of("http://127.0.0.1:1")).requestTimeout(Duration.ofMillis(100)).build());

	private final LeaderMethods methods = mock(LeaderMethods.class);

	private final GenericApplicationContext context = new GenericApplicationContext();

	private final LeaderElections elections = new LeaderElections(this.client, "orders", "id",
			new Binder(new MapConfigurationPropertySource()).bindOrCreate("etcd.leader", LeaderProperties.class),
			(event) -> {
			});

	private final LeaderElectionLifecycle lifecycle = new LeaderElectionLifecycle(this.elections, this.methods,
			this.context, Duration.ZERO);

	@BeforeEach
	void setUp() {
		given(this.methods.roles()).willReturn(Set.of("report"));
	}

	@AfterEach
	void close() {
		this.elections.leave(Duration.ZERO);
		this.client.close();
	}

	@Test
	void joinsWhenReady() {
		this.lifecycle.start();
		assertThat(joined()).isEmpty();

		ready();

		assertThat(joined()).containsOnlyKeys("report");
	}

	@Test
	void joinsNothingWhenStoppedBefore() {
		this.lifecycle.start();
		this.lifecycle.stop();

		ready();

		assertThat(joined()).isEmpty();
	}

	@Test
	void joinsNothingThatAStopAtTheSameTimeDoesNotLeave() throws ExecutionException, InterruptedException {
		AtomicReference<CompletableFuture<Void>> stop = new AtomicReference<>();
		given(this.methods.roles()).willAnswer((call) -> {
			// a signal to end comes between the question whether it runs and the joining
			CompletableFuture<Void> stopped = CompletableFuture.runAsync(this.lifecycle::stop);
			stop.set(stopped);
			await().until(() -> stopped.isDone() || lock().hasQueuedThreads());
			return Set.of("report");
		});
		this.lifecycle.start();

		ready();
		stop.get().get();

		assertThat(joined()).isEmpty();
	}

	@Test
	void joinsAgainWhenStartedAgain() {
		this.lifecycle.start();
		ready();
		this.lifecycle.stop();

		this.lifecycle.start();

		assertThat(joined()).containsOnlyKeys("report");
	}

	private ReentrantLock lock() {
		return (ReentrantLock) Objects.requireNonNull(ReflectionTestUtils.getField(this.lifecycle, "lock"));
	}

	private void ready() {
		this.lifecycle
			.onReady(new ApplicationReadyEvent(new SpringApplication(), new String[0], this.context, Duration.ZERO));
	}

	@SuppressWarnings("unchecked")
	private Map<String, RoleElection> joined() {
		return (Map<String, RoleElection>) Objects
			.requireNonNull(ReflectionTestUtils.getField(this.elections, "elections"));
	}

}
