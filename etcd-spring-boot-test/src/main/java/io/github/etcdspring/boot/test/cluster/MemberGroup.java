/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The members of one cluster with the folder they write to, and what is done to all of
 * them. Thread-safe.
 */
final class MemberGroup {

	private static final int START_ATTEMPTS = 5;

	private static final Duration LEADER_TIMEOUT = Duration.ofSeconds(20);

	private final ClusterFolder folder;

	private final ClusterTls tls;

	private final List<EtcdMember> members;

	// set once, at the end of the start
	private volatile String version = "";

	private MemberGroup(ClusterSettings settings, String server, ClusterFolder folder) {
		this.folder = folder;
		this.tls = ClusterTls.create(settings.tls(), folder);
		List<MemberAddress> addresses = IntStream.rangeClosed(1, settings.members())
			.mapToObj(
					(number) -> new MemberAddress("n" + number, this.tls.scheme(), FreePorts.next(), FreePorts.next()))
			.toList();
		String token = UUID.randomUUID().toString();
		List<EtcdMember> created = new ArrayList<>();
		for (MemberAddress address : addresses) {
			String name = address.name();
			List<String> command = settings.command(server, address, addresses, token, this.tls, folder.data(name));
			created.add(new EtcdMember(address, new MemberProcess(command, folder.log(name)),
					new MemberProbe(address, this.tls.probeSockets()), this::hasQuorum));
		}
		this.members = List.copyOf(created);
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
				group.version = group.members.get(0).version();
				return group;
			}
			catch (RuntimeException ex) {
				boolean portTaken = group.members.stream().anyMatch(EtcdMember::isPortTaken);
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
			return new MemberGroup(settings, server, folder);
		}
		catch (RuntimeException ex) {
			folder.remove();
			throw ex;
		}
	}

	ClusterFolder folder() {
		return this.folder;
	}

	ClusterTls tls() {
		return this.tls;
	}

	List<EtcdMember> members() {
		return this.members;
	}

	String version() {
		return this.version;
	}

	private void launch() {
		processes().forEach(MemberProcess::launch);
		this.members.forEach(EtcdMember::awaitServing);
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
		this.members.stream().filter(EtcdMember::isRunning).forEach(EtcdMember::awaitServing);
	}

	/**
	 * Resumes those that are paused, starts those that do not run, and returns when all
	 * serve.
	 */
	void heal() {
		MemberProcess.resume(processes());
		launch();
	}

	/**
	 * Kills all for good and removes all they have written.
	 */
	void close() {
		processes().forEach(MemberProcess::requestKill);
		processes().forEach(MemberProcess::retire);
		this.folder.remove();
	}

	private List<MemberProcess> processes() {
		return this.members.stream().map(EtcdMember::process).toList();
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
		for (EtcdMember member : this.members) {
			OptionalLong term = member.termAsLeader();
			if (term.isPresent() && term.getAsLong() > latestTerm) {
				latestTerm = term.getAsLong();
				leader = Optional.of(member);
			}
		}
		return leader;
	}

	private boolean hasQuorum() {
		long responsive = processes().stream().filter(MemberProcess::isResponsive).count();
		return responsive > this.members.size() / 2;
	}

	/**
	 * The ends of all logs, each under a heading.
	 */
	String logTails(int lines) {
		return this.members.stream().map((member) -> member.logTail(lines)).collect(Collectors.joining("\n"));
	}

}
