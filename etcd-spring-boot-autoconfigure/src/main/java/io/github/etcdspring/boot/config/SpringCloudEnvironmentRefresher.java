/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.Map;
import java.util.Set;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationPropertiesBean;
import org.springframework.boot.context.properties.bind.BindMethod;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.cloud.context.properties.ConfigurationPropertiesRebinder;
import org.springframework.cloud.context.scope.refresh.RefreshScope;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Renews configuration properties and beans in refresh scope, as a refresh of Spring
 * Cloud does, but without loading every source again: ours shows the new values already.
 * <p>
 * It binds the properties itself, leaving out those that are bound by constructor: they
 * can not change, and Spring Cloud 5.0 warns of each with a stack trace. The event says
 * so by its source, which is not the context, and so keeps the rebinder from doing it
 * again. Beans in refresh scope are made at once, as they are when the application
 * starts; lazy ones when they are used.
 */
final class SpringCloudEnvironmentRefresher implements EnvironmentRefresher {

	private static final String SCOPE = "refresh";

	private final ConfigurableApplicationContext context;

	private final ConfigurationPropertiesRebinder rebinder;

	private final RefreshScope refreshScope;

	SpringCloudEnvironmentRefresher(ConfigurableApplicationContext context, ConfigurationPropertiesRebinder rebinder,
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
		makeScopedBeans();
	}

	/**
	 * So that values which a bean does not take are found out now, not when it is used.
	 */
	private void makeScopedBeans() {
		ConfigurableListableBeanFactory beanFactory = this.context.getBeanFactory();
		for (String name : beanFactory.getBeanDefinitionNames()) {
			BeanDefinition definition = beanFactory.getBeanDefinition(name);
			if (SCOPE.equals(definition.getScope()) && !definition.isLazyInit()) {
				beanFactory.getBean(name);
			}
		}
	}

}
