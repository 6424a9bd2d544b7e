/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/**
 * One member of an {@link EtcdCluster}: an etcd server process on this machine, with
 * ports and data of its own that it keeps through every stop and restart. Thread-safe;
 * calls that change the process wait for each other. Every wait is bounded and throws an
 * {@link IllegalStateException} when it is over or the thread is interrupted.
 */
public final class EtcdMember {

	private static final Duration SERVE_TIMEOUT = Duration.ofSeconds(20);

	private static final int LOG_LINES = 20;

	private final MemberAddress address;

	private final MemberProcess process;

	private final MemberProbe probe;

	private final MemberProxy proxy;

	private final BooleanSupplier quorum;

	/**
	 * Creates a member that is not running.
	 * @param quorum whether enough members run for the cluster to serve
	 */
	EtcdMember(MemberAddress address, MemberProcess process, MemberProbe probe, BooleanSupplier quorum) {
		this.address = address;
		this.process = process;
		this.probe = probe;
		this.proxy = new MemberProxy(address);
		this.quorum = quorum;
	}

	/**
	 * {@return the member's name in the cluster, such as {@code n1}}
	 */
	public String name() {
		return this.address.name();
	}

	/**
	 * {@return the URL clients use, such as {@code http://127.0.0.1:20123}}
	 */
	public String endpoint() {
		return this.address.endpoint();
	}

	/**
	 * {@return the loopback port clients use}
	 */
	public int clientPort() {
		return this.address.clientPort();
	}

	/**
	 * {@return the file with all the server has logged since the cluster was started,
	 * through restarts} It is deleted when the cluster is closed.
	 */
	public Path log() {
		return this.process.log();
	}

	/**
	 * {@return whether the server process exists} A paused one does, and one that died by
	 * itself does not.
	 */
	public boolean isRunning() {
		return this.process.isRunning();
	}

	/**
	 * Kills the server (SIGKILL), paused or not, and returns when it is gone. Does
	 * nothing if it is not running. An interrupted thread does this too.
	 */
	public void kill() {
		this.process.kill();
	}

	/**
	 * Asks the server to end (SIGTERM), after resuming it if it is paused, and returns
	 * when it is gone. A leader hands over first. Does nothing if it is not running.
	 * @throws IllegalStateException if it is still there after 10 s
	 */
	public void stop() {
		this.process.stop();
	}

	/**
	 * Freezes the server (SIGSTOP): its connections stay open and nothing is answered.
	 * @throws IllegalStateException if it is not running
	 */
	public void pause() {
		MemberProcess.pause(List.of(this.process));
		if (!isRunning()) {
			throw new IllegalStateException(this + " is not running");
		}
	}

	/**
	 * Lets a paused server go on (SIGCONT). Does nothing if it is not paused.
	 */
	public void resume() {
		MemberProcess.resume(List.of(this.process));
	}

	/**
	 * Starts the server again on its ports and data, after stopping it if it is running.
	 * Returns when it serves linearizable reads; while too few members run for that, as
	 * soon as it accepts connections.
	 * @throws IllegalStateException if that takes longer than 20 s, the server ends or
	 * the cluster is closed; the message has the end of the log
	 */
	public void restart() {
		this.process.stop();
		this.process.launch();
		awaitServing();
	}

	/**
	 * {@return another way to the member, which can be cut; the same at every call} It is
	 * opened by the first.
	 * @throws IllegalStateException if the cluster is closed or the member removed
	 */
	public MemberProxy proxy() {
		this.proxy.open();
		return this.proxy;
	}

	/**
	 * Waits as {@link #restart()} does.
	 */
	void awaitServing() {
		boolean serves = Deadline.after(SERVE_TIMEOUT).await(() -> {
			if (!isRunning()) {
				throw new IllegalStateException(this + " ended\n" + logTail(LOG_LINES));
			}
			return this.probe.isHealthy() || (!this.quorum.getAsBoolean() && this.probe.acceptsConnections());
		});
		if (!serves) {
			throw new IllegalStateException(
					this + " does not serve after " + SERVE_TIMEOUT + "\n" + logTail(LOG_LINES));
		}
	}

	/**
	 * Kills the server and closes the proxy, both for good.
	 * @param reason what later starts are told
	 */
	void retire(String reason) {
		this.process.retire(reason);
		this.proxy.close();
	}

	/**
	 * Lets everything pass the proxy.
	 */
	void healProxy() {
		this.proxy.pass();
	}

	MemberAddress address() {
		return this.address;
	}

	/**
	 * Whether the server says that a member votes. Only one that runs and is not paused
	 * is asked.
	 */
	boolean knowsAsVoter(String name) {
		return this.process.isResponsive() && this.probe.voters().contains(name);
	}

	/**
	 * The process behind this member, for what is done to all members.
	 */
	MemberProcess process() {
		return this.process;
	}

	/**
	 * Whether the server ended because somebody else has one of its ports.
	 */
	boolean isPortTaken() {
		return !isRunning() && logTail(LOG_LINES).contains("address already in use");
	}

	/**
	 * The raft term in which the member leads, empty if it does not or cannot say.
	 */
	OptionalLong termAsLeader() {
		return this.process.isResponsive() ? this.probe.termAsLeader() : OptionalLong.empty();
	}

	/**
	 * The version of the server; waits for an answer.
	 */
	String version() {
		AtomicReference<String> version = new AtomicReference<>("");
		Deadline.after(SERVE_TIMEOUT).await(() -> {
			version.set(this.probe.version());
			return !version.get().isEmpty();
		});
		if (version.get().isEmpty()) {
			throw new IllegalStateException(this + " does not tell its version after " + SERVE_TIMEOUT);
		}
		return version.get();
	}

	/**
	 * The last lines of the log, under a heading.
	 */
	String logTail(int lines) {
		return "--- end of the log of " + this + "\n" + this.process.logTail(lines);
	}

	/**
	 * {@return the member's name and endpoint}
	 */
	@Override
	public String toString() {
		return name() + " (" + endpoint() + ")";
	}

}
