/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.etcdspring.EtcdException;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdctlProcess;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdClientOptions;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.client.TlsOptions;
import io.github.etcdspring.it.core.EtcdClients;
import io.github.etcdspring.it.core.EtcdctlJson;
import io.github.etcdspring.it.core.Party;
import io.github.etcdspring.kv.CompactRequest;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.session.Session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One kind of server, and the cluster of that kind while tests run. Not thread-safe.
 */
final class ContractServer implements AutoCloseable {

	private static final String ROOT_PASSWORD = "contract";

	private final Kind kind;

	private final EtcdCluster cluster;

	private ContractServer(Kind kind, EtcdCluster cluster) {
		this.kind = kind;
		this.cluster = cluster;
	}

	static ContractServer start(Kind kind) {
		EtcdCluster.Builder builder = EtcdCluster.builder()
			.version(kind.version())
			.members(kind.members())
			// hashing passwords is not what is tested
			.serverArguments("--bcrypt-cost=4");
		switch (kind.transport()) {
			case PLAINTEXT -> {
			}
			case TLS -> builder.tls();
			case MUTUAL_TLS -> builder.mutualTls();
		}
		if (kind.auth()) {
			builder.enableAuth(ROOT_PASSWORD);
		}
		return new ContractServer(kind, builder.start());
	}

	Kind kind() {
		return this.kind;
	}

	EtcdCluster cluster() {
		return this.cluster;
	}

	/** Runs etcdctl, as one who may do everything. */
	String etcdctl(String... arguments) {
		return this.cluster.etcdctl(arguments);
	}

	/**
	 * Starts an etcdctl that runs on, against one member: etcdctl may show a token to
	 * another member that does not know it yet, and gives up.
	 */
	EtcdctlProcess startEtcdctl(String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--endpoints=" + this.cluster.member(0).endpoint());
		return this.cluster.startEtcdctl(all.toArray(String[]::new));
	}

	/** Runs etcdctl, told to print JSON, against one member. */
	EtcdctlJson etcdctlJson(String endpoint, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.addAll(List.of("-w", "json", "--endpoints=" + endpoint));
		return new EtcdctlJson(etcdctl(all.toArray(String[]::new)));
	}

	/** Waits until every member has what was written at a revision. */
	void awaitRevision(long revision) {
		if (this.kind.members() == 1) {
			return;
		}
		try (EtcdClient observer = connect()) {
			for (String endpoint : this.cluster.endpoints()) {
				await().atMost(Duration.ofSeconds(10))
					.pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofMillis(10))
					.until(() -> observer.maintenance().status(endpoint).header().revision() >= revision);
			}
		}
	}

	/**
	 * One attempt was enough, but where another member may not have learned of the
	 * client's token yet.
	 */
	void assertOneAttempt(EtcdException failure) {
		boolean knowsToken = !this.kind.auth() || this.kind.members() == 1;
		assertThat(failure.attempts()).isBetween(1, knowsToken ? 1 : 10);
	}

	/** Deletes keys that take much space, and their history. */
	void forget(KeyRange keys) {
		try (EtcdClient cleaner = connect()) {
			DeleteResult deleted = cleaner.kv().delete(DeleteRequest.of(keys));
			if (deleted.deleted() > 0) {
				cleaner.kv().compact(CompactRequest.of(deleted.revision()));
			}
		}
	}

	/** Returns one who contends with others, by a client of its own. */
	Party join(Duration ttl) {
		EtcdClient client = connect();
		Session session = Session.open(client, ttl);
		session.leaseAsync().join();
		return new Party(client, session);
	}

	/** Returns a client that may do everything. */
	EtcdClient connect() {
		return connectTo(this.cluster.endpoints().toArray(String[]::new));
	}

	/** Returns a client that may do everything and knows some members only. */
	EtcdClient connectTo(String... endpoints) {
		return EtcdClients.connect(List.of(endpoints), (options) -> access(options).warnings((warning) -> {
		}));
	}

	private EtcdClientOptions.Builder access(EtcdClientOptions.Builder options) {
		if (this.kind.auth()) {
			options.credentials(new EtcdCredentials("root", ROOT_PASSWORD));
		}
		TlsOptions.Builder tls = TlsOptions.builder();
		switch (this.kind.transport()) {
			case PLAINTEXT -> {
				return options;
			}
			case TLS -> tls.trustCertificates(this.cluster.certificateAuthority().certificate());
			case MUTUAL_TLS -> tls.trustCertificates(this.cluster.certificateAuthority().certificate())
				.clientCertificate(this.cluster.clientCertificate().certificate(),
						this.cluster.clientCertificate().key());
		}
		return options.tls(tls.build());
	}

	@Override
	public void close() {
		this.cluster.close();
	}

	@Override
	public String toString() {
		return this.kind.toString();
	}

	/** How clients and members speak. */
	enum Transport {

		/** Without TLS. */
		PLAINTEXT,

		/** With the members' certificates. */
		TLS,

		/** With a certificate of the client's too. */
		MUTUAL_TLS

	}

	/**
	 * What tells servers apart.
	 *
	 * @param version of etcd
	 * @param members how many
	 * @param transport how clients speak with them
	 * @param auth whether authentication is enabled
	 */
	record Kind(String version, int members, Transport transport, boolean auth) {

		/** Returns 4 for 3.4. */
		int minorVersion() {
			return Integer.parseInt(this.version.split("\\.", 2)[1]);
		}

		@Override
		public String toString() {
			return "etcd " + this.version + ", " + this.members + ((this.members == 1) ? " member, " : " members, ")
					+ this.transport + (this.auth ? ", auth" : "");
		}

	}

}
