/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.springframework.util.StringUtils;

/**
 * What this process is called as a candidate when nothing is configured: application,
 * host and process.
 */
final class CandidateId {

	private CandidateId() {
	}

	static String of(String application) {
		return application + "@" + host() + "-" + ProcessHandle.current().pid();
	}

	private static String host() {
		// containers have it in the environment, and may have no name server
		String host = System.getenv("HOSTNAME");
		return StringUtils.hasText(host) ? host : localHost();
	}

	/** Asks the machine, which may ask a name server: a second at most. */
	private static String localHost() {
		CompletableFuture<String> host = CompletableFuture.supplyAsync(() -> {
			try {
				return InetAddress.getLocalHost().getHostName();
			}
			catch (UnknownHostException ex) {
				return "localhost";
			}
		});
		try {
			return host.get(1, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return "localhost";
		}
		catch (ExecutionException | TimeoutException ex) {
			return "localhost";
		}
	}

}
