/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.net.URI;

import org.springframework.cloud.client.DefaultServiceInstance;

/**
 * An instance as Spring Cloud knows it.
 */
final class EtcdServiceInstance extends DefaultServiceInstance {

	EtcdServiceInstance(InstanceRecord instance) {
		super(instance.id(), instance.service(), instance.host(), instance.port(), instance.secure(),
				instance.metadata());
	}

	@Override
	public String getScheme() {
		return isSecure() ? "https" : "http";
	}

	/** Returns the base of the instance's addresses, an IPv6 address in brackets. */
	@Override
	public URI getUri() {
		String host = getHost().contains(":") ? "[" + getHost() + "]" : getHost();
		return URI.create(getScheme() + "://" + host + ":" + getPort());
	}

}
