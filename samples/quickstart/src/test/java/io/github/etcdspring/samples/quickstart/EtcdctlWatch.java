/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;

import org.awaitility.Awaitility;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An etcdctl that prints what happens to keys.
 */
record EtcdctlWatch(Process process, Process guard, Path events) implements AutoCloseable {

	static EtcdctlWatch start(List<String> command, Path events) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(events.toFile())
			.redirectError(Redirect.INHERIT);
		builder.environment().put("ETCDCTL_API", "3");
		Process process = builder.start();
		return new EtcdctlWatch(process, RunningQuickstart.guard(process.pid(), "KILL"), events);
	}

	void await(String event) {
		Awaitility.await(event).untilAsserted(() -> assertThat(ScriptRun.read(this.events)).contains(event));
	}

	@Override
	public void close() {
		this.process.destroyForcibly().onExit().join();
		this.guard.destroyForcibly();
	}

}
