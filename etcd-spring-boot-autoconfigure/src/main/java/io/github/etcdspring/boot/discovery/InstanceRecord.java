/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.util.Map;

/**
 * An instance as it is written into etcd.
 *
 * @param id its id, unique in its service
 * @param service the service's name
 * @param host the host name or address others reach it at
 * @param port the port
 * @param secure whether to speak TLS to it
 * @param status whether it wants to be called
 * @param metadata what else is known of it
 */
record InstanceRecord(String id, String service, String host, int port, boolean secure, InstanceStatus status,
		Map<String, String> metadata) {

	InstanceRecord {
		metadata = Map.copyOf(metadata);
	}

	InstanceRecord withStatus(InstanceStatus status) {
		return new InstanceRecord(this.id, this.service, this.host, this.port, this.secure, status, this.metadata);
	}

}
