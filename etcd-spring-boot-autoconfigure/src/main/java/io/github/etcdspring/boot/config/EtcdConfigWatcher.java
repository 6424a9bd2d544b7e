/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;

/**
 * Follows all imports while the application runs, and shows what changed. A change that a
 * bean does not take is taken back whole. It starts before other beans do, so that they
 * see changes from the beginning, and stops after them.
 */
final class EtcdConfigWatcher implements SmartLifecycle {

	private static final Log logger = LogFactory.getLog(EtcdConfigWatcher.class);

	private final LiveConfigs configs;

	private final EnvironmentRefresher refresher;

	private final ApplicationEventPublisher publisher;

	/** One change at a time, whichever import it comes from. */
	private final ReentrantLock applying = new ReentrantLock();

	private volatile List<ConfigFollower> followers = List.of();

	private volatile boolean running;

	EtcdConfigWatcher(LiveConfigs configs, EnvironmentRefresher refresher, ApplicationEventPublisher publisher) {
		this.configs = configs;
		this.refresher = refresher;
		this.publisher = publisher;
	}

	@Override
	public void start() {
		this.running = true;
		this.followers = this.configs.all()
			.stream()
			.filter((live) -> live.properties().watch().enabled())
			.map((live) -> new ConfigFollower(live, this::show))
			.toList();
		this.followers.forEach(ConfigFollower::start);
	}

	private void show(LiveConfig live, ConfigSnapshot snapshot) {
		this.applying.lock();
		try {
			ConfigSnapshot before = live.snapshot();
			live.show(snapshot);
			Set<String> names = snapshot.namesThatDiffer(before);
			if (!names.isEmpty() && this.running) {
				apply(live, before, names);
			}
		}
		finally {
			this.applying.unlock();
		}
	}

	private void apply(LiveConfig live, ConfigSnapshot before, Set<String> names) {
		long revision = live.snapshot().revision();
		try {
			this.refresher.refresh(names);
		}
		catch (RuntimeException ex) {
			// a bean does not take the new values: go back to those that all took
			logger.error("Configuration from etcd at revision " + revision + " is refused, that of revision "
					+ before.revision() + " stays; changed were " + names, ex);
			live.show(new ConfigSnapshot(revision, before.contexts()));
			takeBack(names);
			return;
		}
		logger.info("Configuration from etcd at revision " + revision + " changed " + names);
		publish(new EtcdConfigChangedEvent(this, names, revision));
	}

	private void publish(EtcdConfigChangedEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			// the change stands whatever its listeners do
			logger.error("A listener failed on the configuration of revision " + event.revision(), ex);
		}
	}

	private void takeBack(Set<String> names) {
		try {
			this.refresher.refresh(names);
		}
		catch (RuntimeException ex) {
			logger.error("The values before could not be restored everywhere: " + names, ex);
		}
	}

	@Override
	public void stop() {
		this.running = false;
		this.followers.forEach(ConfigFollower::close);
		this.followers = List.of();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return Integer.MIN_VALUE + 1000;
	}

}
