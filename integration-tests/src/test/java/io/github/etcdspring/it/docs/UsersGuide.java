/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import io.github.etcdspring.KeyRange;
import io.github.etcdspring.auth.AuthClient;
import io.github.etcdspring.auth.Permission;
import io.github.etcdspring.client.EtcdClient;

/**
 * The snippets of {@code docs/client/users.md}.
 */
final class UsersGuide {

	private UsersGuide() {
	}

	static void enable(EtcdClient client, String rootPassword) {
		AuthClient auth = client.auth();
		auth.addUser("root", rootPassword);
		auth.addRole("root");
		auth.grantRole("root", "root");
		auth.enable();
	}

	static void addApplication(EtcdClient root, String password) {
		AuthClient auth = root.auth();
		auth.addRole("orders");
		auth.grantPermission("orders", Permission.readWrite(KeyRange.prefix("orders/")));
		auth.grantPermission("orders", Permission.read(KeyRange.prefix("prices/")));
		auth.addUser("orders", password);
		auth.grantRole("orders", "orders");
	}

	static void forbid(EtcdClient root) {
		root.auth().revokePermission("orders", KeyRange.prefix("prices/"));
	}

}
