/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * What the members of one cluster have in common. Immutable.
 *
 * @param settings of the cluster
 * @param server the path of etcd
 * @param token of this cluster alone
 * @param folder for what members write
 * @param tls of the connections of clients
 */
record MemberBlueprint(ClusterSettings settings, String server, String token, ClusterFolder folder, ClusterTls tls) {

	/**
	 * Makes the certificates that are wanted, if any.
	 */
	static MemberBlueprint create(ClusterSettings settings, String server, ClusterFolder folder) {
		return new MemberBlueprint(settings, server, UUID.randomUUID().toString(), folder,
				ClusterTls.create(settings.tls(), folder));
	}

	/**
	 * Chooses ports for a member.
	 * @param number from 1, unique in the cluster
	 */
	MemberAddress address(int number) {
		return new MemberAddress("n" + number, this.tls.scheme(), FreePorts.next(), FreePorts.next());
	}

	/**
	 * Creates a member that is not running and starts with a new cluster.
	 */
	EtcdMember first(MemberAddress address, List<MemberAddress> all, BooleanSupplier quorum) {
		return create(address, all, "new", quorum);
	}

	/**
	 * Creates a member that is not running and joins the others, which know of it.
	 */
	EtcdMember joining(MemberAddress address, List<MemberAddress> all, BooleanSupplier quorum) {
		return create(address, all, "existing", quorum);
	}

	private EtcdMember create(MemberAddress address, List<MemberAddress> all, String state, BooleanSupplier quorum) {
		List<String> command = this.settings.command(this.server, address, all, this.token, state,
				this.folder.data(address.name()));
		command.addAll(this.tls.serverFlags());
		command.addAll(this.settings.serverArguments());
		return new EtcdMember(address, new MemberProcess(command, this.folder.log(address.name())),
				new MemberProbe(address, this.tls.probeSockets()), quorum);
	}

}
