/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/**
 * The members of one cluster with the folder they write to, and what is done to all of
 * them. Thread-safe.
 */
final class MemberGroup {

	private static final int START_ATTEMPTS = 5;

	private static final Duration LEADER_TIMEOUT = Duration.ofSeconds(20);

	private final MemberBlueprint blueprint;

	private final Members members;

	// set once, at the end of the start
	private volatile String version = "";

	private MemberGroup(MemberBlueprint blueprint) {
		this.blueprint = blueprint;
		this.members = new Members(blueprint);
	}

	/**
	 * Starts new members and returns when all serve. Where a port was taken between the
	 * choice and the start, others are tried.
	 */
	static MemberGroup start(ClusterSettings settings) {
		String server = EtcdBinaries.server(settings.version());
		for (int attempt = 1;; attempt++) {
			MemberGroup group = create(settings, server);
			try {
				group.launch();
				group.version = group.members().get(0).version();
				return group;
			}
			catch (RuntimeException ex) {
				boolean portTaken = group.members().stream().anyMatch(EtcdMember::isPortTaken);
				group.close();
				if (!portTaken || attempt == START_ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	private static MemberGroup create(ClusterSettings settings, String server) {
		ClusterFolder folder = ClusterFolder.create();
		try {
			return new MemberGroup(MemberBlueprint.create(settings, server, folder));
		}
		catch (RuntimeException ex) {
			folder.remove();
			throw ex;
		}
	}

	ClusterFolder folder() {
		return this.blueprint.folder();
	}

	ClusterTls tls() {
		return this.blueprint.tls();
	}

	List<EtcdMember> members() {
		return this.members.all();
	}

	Members membership() {
		return this.members;
	}

	String version() {
		return this.version;
	}

	private void launch() {
		processes().forEach(MemberProcess::launch);
		members().forEach(EtcdMember::awaitServing);
	}

	/**
	 * Sends SIGKILL to all, then waits until all are gone.
	 */
	void kill() {
		processes().forEach(MemberProcess::requestKill);
		processes().forEach(MemberProcess::kill);
	}

	/**
	 * Kills those that run, all at once, starts all and returns when all serve.
	 */
	void restart() {
		kill();
		launch();
	}

	void pause() {
		MemberProcess.pause(processes());
	}

	/**
	 * Resumes those that are paused, all at once, and returns when all that run serve.
	 */
	void resume() {
		MemberProcess.resume(processes());
		members().stream().filter(EtcdMember::isRunning).forEach(EtcdMember::awaitServing);
	}

	/**
	 * Lets all proxies pass, resumes those that are paused, starts those that do not run,
	 * and returns when all serve.
	 */
	void heal() {
		members().forEach(EtcdMember::healProxy);
		MemberProcess.resume(processes());
		launch();
	}

	/**
	 * Kills all for good and removes all they have written.
	 */
	void close() {
		this.members.close();
		processes().forEach(MemberProcess::requestKill);
		members().forEach((member) -> member.retire("cluster is closed"));
		folder().remove();
	}

	private List<MemberProcess> processes() {
		return members().stream().map(EtcdMember::process).toList();
	}

	/**
	 * The member that says it leads, in the latest term if several do; waits for one.
	 */
	EtcdMember leader() {
		AtomicReference<EtcdMember> leader = new AtomicReference<>();
		boolean found = Deadline.after(LEADER_TIMEOUT).await(() -> {
			findLeader().ifPresent(leader::set);
			return leader.get() != null;
		});
		if (!found) {
			throw new IllegalStateException("no leader within " + LEADER_TIMEOUT + "\n" + logTails(10));
		}
		return leader.get();
	}

	private Optional<EtcdMember> findLeader() {
		Optional<EtcdMember> leader = Optional.empty();
		long latestTerm = -1;
		for (EtcdMember member : members()) {
			OptionalLong term = member.termAsLeader();
			if (term.isPresent() && term.getAsLong() > latestTerm) {
				latestTerm = term.getAsLong();
				leader = Optional.of(member);
			}
		}
		return leader;
	}

	/**
	 * The ends of all logs, each under a heading.
	 */
	String logTails(int lines) {
		return members().stream().map((member) -> member.logTail(lines)).collect(Collectors.joining("\n"));
	}

}
