/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.client.EtcdCredentials;
import io.github.etcdspring.it.core.EtcdClients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Runs {@link UsersGuide}.
 */
class UsersGuideIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension
		.of(EtcdCluster.builder().serverArguments("--bcrypt-cost=4"));

	private static EtcdClient connect(String user) {
		return EtcdClients.connect(etcd.cluster().endpoints(),
				(options) -> options.credentials(new EtcdCredentials(user, "S3CR3T-" + user)));
	}

	@Test
	void letsAnApplicationDoWhatItsRoleMay() {
		try (EtcdClient root = connect("root"); EtcdClient orders = connect("orders")) {
			UsersGuide.enable(root, "S3CR3T-root");
			UsersGuide.addApplication(root, "S3CR3T-orders");

			assertThat(orders.kv().put("orders/1", "v").revision()).isPositive();
			assertThat(orders.kv().get("prices/1").count()).isZero();
			assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(() -> orders.kv().put("prices/1", "v"));
			UsersGuide.forbid(root);
			assertThatExceptionOfType(EtcdPermissionException.class).isThrownBy(() -> orders.kv().get("prices/1"));
			root.auth().disable();
		}
	}

}
