/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Map;
import java.util.Set;

import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.BindMethod;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.properties.ConfigurationPropertiesRebinder;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ApplicationContext;

/**
 * Renews configuration properties and beans in refresh scope, as a refresh of Spring
 * Cloud does, but without loading every source again: ours shows the new values already.
 * <p>
 * It binds the properties itself, leaving out those that are bound by constructor: they
 * can not change, and Spring Cloud 5.0 warns of each with a stack trace. The event says
 * so by its source, which is not the context, and so keeps the rebinder from doing it
 * again.
 */
final class SpringCloudEnvironmentRefresher implements EnvironmentRefresher {

	private final ApplicationContext context;

	private final ConfigurationPropertiesRebinder rebinder;

	private final RefreshScope refreshScope;

	SpringCloudEnvironmentRefresher(ApplicationContext context, ConfigurationPropertiesRebinder rebinder,
			RefreshScope refreshScope) {
		this.context = context;
		this.rebinder = rebinder;
		this.refreshScope = refreshScope;
	}

	@Override
	public void refresh(Set<String> names) {
		Map<String, ConfigurationPropertiesBean> beans = ConfigurationPropertiesBean.getAll(this.context);
		for (String name : this.rebinder.getBeanNames()) {
			ConfigurationPropertiesBean bean = beans.get(name);
			if (bean == null || bean.asBindTarget().getBindMethod() != BindMethod.VALUE_OBJECT) {
				this.rebinder.rebind(name);
			}
		}
		this.context.publishEvent(new EnvironmentChangeEvent(this, names));
		this.refreshScope.refreshAll();
	}

}
