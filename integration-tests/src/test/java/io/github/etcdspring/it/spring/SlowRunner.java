/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.event.EventListener;

/**
 * Keeps the one application that has it from being ready, for as long as a test wants.
 */
class SlowRunner implements ApplicationRunner {

	private static volatile CountDownLatch running = new CountDownLatch(1);

	private static volatile CountDownLatch mayEnd = new CountDownLatch(1);

	private static volatile int port;

	/** Starts an application and returns when it is started but not ready. */
	static CompletableFuture<App> startUntilItRuns(Supplier<App> start) {
		running = new CountDownLatch(1);
		mayEnd = new CountDownLatch(1);
		CompletableFuture<App> starting = CompletableFuture.supplyAsync(start);
		boolean runs = false;
		try {
			// a whole application has to start
			Moments.within(Duration.ofSeconds(30)).until(() -> starting.isDone() || running.getCount() == 0);
			runs = !starting.isDone();
		}
		finally {
			if (!runs) {
				mayEnd.countDown();
			}
		}
		if (!runs) {
			starting.join().close();
			throw new IllegalStateException("the application is ready without it");
		}
		return starting;
	}

	/** Lets the application become ready. */
	static void letItEnd() {
		mayEnd.countDown();
	}

	/** The port of the application's web server. */
	static int port() {
		return port;
	}

	@EventListener
	void on(WebServerInitializedEvent event) {
		port = event.getWebServer().getPort();
	}

	@Override
	public void run(ApplicationArguments arguments) {
		running.countDown();
		Moments.awaitDown(mayEnd);
	}

}
