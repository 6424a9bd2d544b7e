/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.etcdspring.client.EtcdClient;
import org.apache.commons.logging.Log;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.DefaultSingletonBeanRegistry;
import org.springframework.boot.bootstrap.BootstrapContext;
import org.springframework.boot.bootstrap.BootstrapContextClosedEvent;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.util.StringUtils;

/**
 * The client that reads configuration before there is an application context. It lives in
 * the bootstrap context, for all imports and refreshes, and becomes the application's
 * client bean; whoever holds it last closes it.
 */
public final class BootstrapEtcdClient implements AutoCloseable {

	private static final String BEAN_NAME = "bootstrapEtcdClient";

	private final EtcdClient client;

	private final EtcdConnectionDetails details;

	private BootstrapEtcdClient(EtcdClient client, EtcdConnectionDetails details) {
		this.client = client;
		this.details = details;
	}

	/**
	 * Registers the one client of a bootstrap context, to be made when it is first asked
	 * for. Does nothing if it is registered: this runs again at each refresh.
	 * @param bootstrap the bootstrap context
	 * @param properties where etcd is
	 * @param logger where the client's warnings go: a deferred log, since there is no
	 * other yet
	 */
	public static void register(ConfigurableBootstrapContext bootstrap, EtcdProperties properties, Log logger) {
		if (!bootstrap.isRegistered(BootstrapEtcdClient.class)) {
			bootstrap.register(BootstrapEtcdClient.class, (context) -> create(context, properties, logger));
			bootstrap.addCloseListener(BootstrapEtcdClient::promote);
		}
	}

	/**
	 * Returns the client that was registered.
	 * @param bootstrap the bootstrap context
	 * @return the client
	 */
	public static BootstrapEtcdClient of(BootstrapContext bootstrap) {
		return Objects.requireNonNull(bootstrap.get(BootstrapEtcdClient.class));
	}

	/**
	 * Binds properties before there is an application context.
	 * @param <T> the type of the properties
	 * @param bootstrap the bootstrap context
	 * @param binder the binder
	 * @param prefix the prefix of the properties
	 * @param type the type of the properties
	 * @return the properties
	 */
	public static <T> T bind(ConfigurableBootstrapContext bootstrap, Binder binder, String prefix, Class<T> type) {
		BindHandler handler = bootstrap.getOrElse(BindHandler.class, null);
		return binder.bindOrCreate(prefix, Bindable.of(type), (handler != null) ? handler : BindHandler.DEFAULT);
	}

	private static BootstrapEtcdClient create(BootstrapContext bootstrap, EtcdProperties properties, Log logger) {
		EtcdConnectionDetails details = new PropertiesEtcdConnectionDetails(properties);
		EtcdClient client = EtcdClientFactory.create(details, properties,
				Stream.of((options) -> options.warnings(logger::warn)));
		BootstrapClientRunListener run = bootstrap.getOrElse(BootstrapClientRunListener.class, null);
		if (run != null) {
			run.clientCreated(client);
		}
		return new BootstrapEtcdClient(client, details);
	}

	/**
	 * Registers this for the client bean to find, and for a context that fails to close.
	 */
	private static void promote(BootstrapContextClosedEvent event) {
		BootstrapEtcdClient client = of(event.getBootstrapContext());
		ConfigurableListableBeanFactory beanFactory = event.getApplicationContext().getBeanFactory();
		beanFactory.registerSingleton(BEAN_NAME, client);
		if (beanFactory instanceof DefaultSingletonBeanRegistry registry) {
			registry.registerDisposableBean(BEAN_NAME, client::close);
		}
	}

	/**
	 * Returns the client.
	 * @return the client, not to be closed by the caller
	 */
	public EtcdClient client() {
		return this.client;
	}

	/**
	 * Returns where etcd is.
	 * @return the endpoints
	 */
	public List<String> endpoints() {
		return this.details.getEndpoints();
	}

	/**
	 * Returns who the client speaks as.
	 * @return the user name; empty if there is none
	 */
	public Optional<String> username() {
		return Optional.ofNullable(this.details.getUsername()).filter(StringUtils::hasText);
	}

	/** Whether this client reaches what other details name. */
	boolean serves(EtcdConnectionDetails other) {
		return this.details.getEndpoints().equals(other.getEndpoints())
				&& Objects.equals(this.details.getUsername(), other.getUsername())
				&& Objects.equals(this.details.getPassword(), other.getPassword());
	}

	@Override
	public void close() {
		this.client.close();
	}

}
