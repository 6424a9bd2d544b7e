/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import io.github.etcdspring.client.EtcdClient;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Closes the client of the bootstrap context when the start fails before an application
 * context has it: Boot does not close that context then.
 */
final class BootstrapClientRunListener implements SpringApplicationRunListener {

	private volatile @Nullable EtcdClient client;

	BootstrapClientRunListener(SpringApplication application, String[] arguments) {
	}

	@Override
	public void starting(ConfigurableBootstrapContext bootstrap) {
		bootstrap.register(BootstrapClientRunListener.class, InstanceSupplier.of(this));
	}

	void clientCreated(EtcdClient client) {
		this.client = client;
	}

	@Override
	public void failed(@Nullable ConfigurableApplicationContext context, Throwable exception) {
		EtcdClient client = this.client;
		if (client != null && (context == null || !context.isActive())) {
			client.close();
		}
	}

}
