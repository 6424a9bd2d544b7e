/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A cluster of real etcd servers on this machine, each a process of its own on free
 * loopback ports. Nothing of it outlives this JVM, however that ends: not the servers,
 * not the etcdctl processes started here, not the data in the temporary folder.
 * <p>
 * The server is found by the project's script {@code etcd}: {@code ETCD_BIN}, the PATH, a
 * cache, etcd's release archive or the distribution's package, whichever is first to have
 * the wanted version. Thread-safe.
 */
public final class EtcdCluster implements AutoCloseable {

	private final MemberGroup group;

	private final EtcdctlRuns etcdctls;

	private final Membership membership;

	private EtcdCluster(MemberGroup group) {
		this.group = group;
		this.etcdctls = new EtcdctlRuns(group);
		this.membership = new Membership(group.membership(), this.etcdctls);
	}

	/**
	 * {@return a builder of a cluster of one member}
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * Starts a cluster of one member of the default version.
	 * @return the cluster, to be closed
	 * @throws IllegalStateException as {@link Builder#start()} does
	 */
	public static EtcdCluster start() {
		return builder().start();
	}

	/**
	 * {@return the members in the order they were added, running or not; immutable}
	 */
	public List<EtcdMember> members() {
		return this.group.members();
	}

	/**
	 * {@return a member, running or not}
	 * @param index from 0
	 */
	public EtcdMember member(int index) {
		return this.group.members().get(index);
	}

	/**
	 * {@return the URLs of the members, running or not, such as
	 * {@code http://127.0.0.1:20123}, with {@code https} where clients use TLS}
	 */
	public List<String> endpoints() {
		return members().stream().map(EtcdMember::endpoint).toList();
	}

	/**
	 * {@return the authority that issued this cluster's certificates, and issues more of
	 * them into its folder, which is deleted when the cluster is closed} Clients trust
	 * its {@link CertificateAuthority#certificate() certificate}.
	 * @throws IllegalStateException if the cluster was started without TLS
	 */
	public CertificateAuthority certificateAuthority() {
		return this.group.tls().authority();
	}

	/**
	 * {@return the certificate that this cluster's etcdctl shows, and clients may}
	 * @throws IllegalStateException if the cluster was started without mutual TLS
	 */
	public CertificateFiles clientCertificate() {
		return this.group.tls().clientCertificate();
	}

	/**
	 * {@return the version of the servers, such as {@code 3.4.23}}
	 */
	public String version() {
		return this.group.version();
	}

	/**
	 * {@return the leader, waiting for one to be elected} Only members that run and are
	 * not paused are asked; where two say they lead, the one of the later term is taken.
	 * @throws IllegalStateException if there is none within 20 s or the thread is
	 * interrupted
	 */
	public EtcdMember leader() {
		return this.group.leader();
	}

	/**
	 * Runs etcdctl against all members but learners and waits for its end.
	 * @param arguments of etcdctl, without endpoints, certificates and user, which they
	 * may override
	 * @return its standard output, without the last newline
	 * @throws EtcdctlException if it fails or takes longer than 10 s
	 * @throws IllegalStateException if no etcdctl is found, the cluster is closed or the
	 * thread is interrupted
	 */
	public String etcdctl(String... arguments) {
		return this.etcdctls.run(List.of(arguments));
	}

	/**
	 * Starts an etcdctl that runs on, such as {@code lock} or {@code watch}.
	 * @param arguments as for {@link #etcdctl(String...)}
	 * @return the process, to be closed; it ends with the cluster at the latest
	 * @throws IllegalStateException if no etcdctl is found or the cluster is closed
	 */
	public EtcdctlProcess startEtcdctl(String... arguments) {
		return this.etcdctls.start(new EtcdctlCommand(List.of(arguments)));
	}

	private void enableAuth(String rootPassword) {
		try {
			this.etcdctls.enableAuth(rootPassword);
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Adds a member that votes, waiting up to 15 s for the cluster to be ready for it:
	 * etcd wants its members to have been connected for 5 s, except with the server's
	 * flag {@code --strict-reconfig-check=false}.
	 * @return the member, which serves
	 * @throws EtcdctlException if etcd refuses it
	 * @throws IllegalStateException as {@link Builder#start()} does
	 */
	public EtcdMember addMember() {
		return this.membership.addVoter();
	}

	/**
	 * Adds a member that does not vote until it is promoted, as {@link #addMember()}
	 * does. It is one of the {@link #members()} and {@link #endpoints()}, and answers
	 * little.
	 * @return the learner, which runs
	 */
	public EtcdMember addLearner() {
		return this.membership.addLearner();
	}

	/**
	 * Removes a member, running or not, waiting as {@link #addMember()} does, and kills
	 * its server.
	 * @param member of this cluster; not to be used any more
	 * @throws EtcdctlException if etcd refuses it
	 * @throws IllegalStateException if no other member votes
	 */
	public void removeMember(EtcdMember member) {
		this.membership.remove(member);
	}

	/**
	 * Kills all members at once (SIGKILL) and returns when they are gone.
	 */
	public void kill() {
		this.group.kill();
	}

	/**
	 * Starts all members again on their ports and data, after killing those that run
	 * (SIGKILL, which loses nothing that etcd has confirmed), and returns when all serve.
	 * @throws IllegalStateException if that takes longer than 20 s or a server ends; the
	 * message has the end of its log
	 */
	public void restart() {
		this.group.restart();
	}

	/**
	 * Freezes all members that run at once (SIGSTOP): their connections stay open and
	 * nothing is answered.
	 */
	public void pause() {
		this.group.pause();
	}

	/**
	 * Lets all paused members go on at once (SIGCONT), and returns when all members that
	 * run serve linearizable reads; while too few run for that, as soon as they accept
	 * connections.
	 * @throws IllegalStateException if that takes longer than 20 s or a server ends; the
	 * message has the end of its log
	 */
	public void resume() {
		this.group.resume();
	}

	// resumes paused members, starts those that do not run, and returns when all serve
	void heal() {
		this.group.heal();
	}

	// the ends of the members' logs, each under a heading
	String logTails(int lines) {
		return this.group.logTails(lines);
	}

	/**
	 * Kills all servers and all etcdctl processes started here, and deletes the data and
	 * the logs. Idempotent; an interrupted thread does this too, so that nothing is left.
	 */
	@Override
	public void close() {
		try {
			this.etcdctls.close();
		}
		finally {
			this.group.close();
		}
	}

	/**
	 * Says what a cluster is to be, and starts it. Not thread-safe; may start several.
	 */
	public static final class Builder {

		private static final int MOST_MEMBERS = 7;

		private int members = 1;

		private String version = ClusterSettings.defaultVersion();

		private Duration heartbeatInterval = Duration.ofMillis(50);

		private Duration electionTimeout = Duration.ofMillis(500);

		private TlsSettings tls = TlsSettings.plaintext();

		private @Nullable String rootPassword;

		private List<String> serverArguments = List.of();

		private Builder() {
		}

		/**
		 * Sets the number of members; 1 by default.
		 * @param members 1 to 7
		 * @return this builder
		 */
		public Builder members(int members) {
			if (members < 1 || members > MOST_MEMBERS) {
				throw new IllegalArgumentException("members: " + members + " (expected: 1 to " + MOST_MEMBERS + ")");
			}
			this.members = members;
			return this;
		}

		/**
		 * Sets the version of etcd. By default that of the system property
		 * {@code etcd.version}, else of the environment variable {@code ETCD_VERSION},
		 * else any that is found.
		 * @param version such as {@code 3.5} or {@code 3.5.30}, empty for any
		 * @return this builder
		 */
		public Builder version(String version) {
			this.version = Objects.requireNonNull(version, "version");
			return this;
		}

		/**
		 * Sets how often the leader reports to the followers; 50 ms by default.
		 * @param heartbeatInterval in whole milliseconds
		 * @return this builder
		 */
		public Builder heartbeatInterval(Duration heartbeatInterval) {
			this.heartbeatInterval = Objects.requireNonNull(heartbeatInterval, "heartbeatInterval");
			return this;
		}

		/**
		 * Sets how long followers wait for the leader before they elect another; 500 ms
		 * by default.
		 * @param electionTimeout in whole milliseconds, at least five heartbeat intervals
		 * @return this builder
		 */
		public Builder electionTimeout(Duration electionTimeout) {
			this.electionTimeout = Objects.requireNonNull(electionTimeout, "electionTimeout");
			return this;
		}

		/**
		 * Has the servers speak TLS with clients, who need no certificate. Members still
		 * speak plaintext with each other.
		 * @return this builder
		 */
		public Builder tls() {
			this.tls = this.tls.withMode(TlsSettings.Mode.SERVER);
			return this;
		}

		/**
		 * As {@link #mutualTls(String)}, for the user {@code root}.
		 * @return this builder
		 */
		public Builder mutualTls() {
			return mutualTls("root");
		}

		/**
		 * Has the servers speak TLS with clients, and refuse those that show no
		 * certificate of the cluster's authority.
		 * @param clientCommonName of {@link EtcdCluster#clientCertificate()}, the user's
		 * name where authentication is enabled
		 * @return this builder
		 */
		public Builder mutualTls(String clientCommonName) {
			Objects.requireNonNull(clientCommonName, "clientCommonName");
			this.tls = this.tls.withMode(TlsSettings.Mode.MUTUAL).withClientCommonName(clientCommonName);
			return this;
		}

		/**
		 * Sets how the certificate of the servers is made, where they speak TLS. By
		 * default it is valid, and for {@code localhost}, {@code 127.0.0.1} and
		 * {@code ::1}. The cluster starts with any other too, such as an expired one or
		 * one for another host; but etcdctl refuses that.
		 * @param serverCertificate has the cluster's authority issue it
		 * @return this builder
		 */
		public Builder serverCertificate(Function<CertificateAuthority, CertificateFiles> serverCertificate) {
			Objects.requireNonNull(serverCertificate, "serverCertificate");
			this.tls = this.tls.withServerCertificate(serverCertificate);
			return this;
		}

		/**
		 * Enables authentication once the cluster is started, with the user {@code root},
		 * whom etcdctl is then run as.
		 * @param rootPassword of {@code root}, not empty
		 * @return this builder
		 */
		public Builder enableAuth(String rootPassword) {
			if (rootPassword.isEmpty()) {
				throw new IllegalArgumentException("rootPassword: empty (expected: at least one character)");
			}
			this.rootPassword = rootPassword;
			return this;
		}

		/**
		 * Sets further flags of every server.
		 * @param serverArguments such as {@code --quota-backend-bytes=4194304}
		 * @return this builder
		 */
		public Builder serverArguments(String... serverArguments) {
			this.serverArguments = List.of(serverArguments);
			return this;
		}

		/**
		 * Starts the cluster and returns when every member serves linearizable reads. The
		 * first start of a version may have to download it.
		 * @return the cluster, to be closed
		 * @throws IllegalStateException if no etcd of the version is found, or the
		 * members do not serve within 20 s, or the thread is interrupted; the message has
		 * the reason or the end of a log
		 */
		public EtcdCluster start() {
			String password = this.rootPassword;
			EtcdCluster cluster = new EtcdCluster(MemberGroup.start(new ClusterSettings(this.members, this.version,
					this.heartbeatInterval, this.electionTimeout, this.tls, this.serverArguments)));
			if (password != null) {
				cluster.enableAuth(password);
			}
			return cluster;
		}

	}

}
