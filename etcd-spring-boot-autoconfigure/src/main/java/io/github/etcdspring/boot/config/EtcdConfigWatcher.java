/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanCreationException;
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

	/** Guards the two fields below; never held while beans are renewed. */
	private final ReentrantLock lock = new ReentrantLock();

	/** Of each import, the newest snapshot that has not been shown. */
	private final Map<LiveConfig, ConfigSnapshot> waiting = new LinkedHashMap<>();

	private boolean showing;

	private final List<ConfigFollower> followers = new CopyOnWriteArrayList<>();

	private volatile boolean running;

	EtcdConfigWatcher(LiveConfigs configs, EnvironmentRefresher refresher, ApplicationEventPublisher publisher) {
		this.configs = configs;
		this.refresher = refresher;
		this.publisher = publisher;
	}

	@Override
	public void start() {
		this.running = true;
		this.configs.follow(this::follow);
	}

	private void follow(LiveConfig live) {
		if (live.properties().watch().enabled()) {
			ConfigFollower follower = new ConfigFollower(live, this::show);
			this.followers.add(follower);
			follower.start();
		}
	}

	/** Shows one snapshot at a time, whichever import it comes from. */
	void show(LiveConfig live, ConfigSnapshot snapshot) {
		this.lock.lock();
		try {
			this.waiting.put(live, snapshot);
			if (this.showing) {
				return;
			}
			this.showing = true;
		}
		finally {
			this.lock.unlock();
		}
		for (Map.Entry<LiveConfig, ConfigSnapshot> next = next(); next != null; next = next()) {
			try {
				showNow(next.getKey(), next.getValue());
			}
			catch (Throwable ex) {
				// the next must be shown all the same
				logger.error("Configuration from etcd at revision " + next.getValue().revision()
						+ " could not be shown: " + describe(ex));
			}
		}
	}

	private Map.@Nullable Entry<LiveConfig, ConfigSnapshot> next() {
		this.lock.lock();
		try {
			Iterator<Map.Entry<LiveConfig, ConfigSnapshot>> entries = this.waiting.entrySet().iterator();
			this.showing = entries.hasNext();
			if (!this.showing) {
				return null;
			}
			Map.Entry<LiveConfig, ConfigSnapshot> next = entries.next();
			entries.remove();
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void showNow(LiveConfig live, ConfigSnapshot snapshot) {
		if (!this.running) {
			// beans would not follow: what is shown is where the next start goes on
			return;
		}
		ConfigSnapshot before = live.snapshot();
		live.show(snapshot);
		Set<String> names = snapshot.namesThatDiffer(before);
		if (names.isEmpty()) {
			return;
		}
		Throwable refusal = refresh(names);
		if (refusal == null) {
			logger.info("Configuration from etcd at revision " + snapshot.revision() + " changed " + names);
			publish(new EtcdConfigChangedEvent(this, names, snapshot.revision()));
			return;
		}
		// a bean does not take the new values: go back to those that all took
		logger.error("Configuration from etcd at revision " + snapshot.revision() + " is refused, that of revision "
				+ before.revision() + " stays; changed were " + names + " by " + snapshot.origins(names) + ": "
				+ describe(refusal));
		live.show(new ConfigSnapshot(snapshot.revision(), before.contexts()));
		refusal = refresh(names);
		if (refusal != null) {
			logger.error("The values before could not be restored everywhere: " + names + ": " + describe(refusal));
		}
	}

	/** Renews beans; returns why one of them does not take the values. */
	private @Nullable Throwable refresh(Set<String> names) {
		try {
			this.refresher.refresh(names);
			return null;
		}
		catch (RuntimeException | Error ex) {
			return ex;
		}
	}

	private void publish(EtcdConfigChangedEvent event) {
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException | Error ex) {
			// the change stands whatever its listeners do
			logger
				.error("A listener failed on the configuration of revision " + event.revision() + ": " + describe(ex));
		}
	}

	/** Says what failed and where. The messages stay out: they quote values. */
	private static String describe(Throwable failure) {
		StringBuilder text = new StringBuilder();
		Throwable cause = failure;
		for (int depth = 0; cause != null && depth < 20; depth++) {
			text.append((depth > 0) ? ", caused by " : "").append(cause.getClass().getName());
			if (cause instanceof BeanCreationException creation && creation.getBeanName() != null) {
				text.append(" of bean '").append(creation.getBeanName()).append("'");
			}
			if (cause.getStackTrace().length > 0) {
				text.append(" at ").append(cause.getStackTrace()[0]);
			}
			cause = cause.getCause();
		}
		return text.toString();
	}

	@Override
	public void stop() {
		this.running = false;
		this.configs.follow(null);
		this.followers.forEach(ConfigFollower::close);
		this.followers.clear();
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
