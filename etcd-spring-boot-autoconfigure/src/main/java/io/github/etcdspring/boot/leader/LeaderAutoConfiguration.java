/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import io.github.etcdspring.client.EtcdClient;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Auto-configuration of {@link Leader @Leader}. It guards methods also when elections are
 * disabled or there is no client: a guard that is away would let every instance run.
 */
@AutoConfiguration(after = EtcdAutoConfiguration.class)
@ConditionalOnClass(MethodInterceptor.class)
@EnableConfigurationProperties(LeaderProperties.class)
public final class LeaderAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static LeaderRoles etcdLeaderRoles(ConfigurableListableBeanFactory beanFactory) {
		return new LeaderRoles(beanFactory::resolveEmbeddedValue);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static LeaderAdvisor etcdLeaderAdvisor(LeaderRoles roles, ObjectProvider<LeaderElections> elections) {
		return new LeaderAdvisor(roles, new LeaderInterceptor(roles, elections::getObject));
	}

	@Bean
	static LeaderMethods etcdLeaderMethods(ConfigurableListableBeanFactory beanFactory, LeaderRoles roles) {
		return new LeaderMethods(beanFactory, roles);
	}

	/** Of each context its own, as each joins and leaves with its lifecycle. */
	@Bean
	@ConditionalOnMissingBean(search = SearchStrategy.CURRENT)
	LeaderElections etcdLeaderElections(ObjectProvider<EtcdClient> client, LeaderProperties properties,
			Environment environment, ApplicationContext context) {
		String application = environment.getProperty("spring.application.name", "application");
		String id = StringUtils.hasText(properties.id()) ? properties.id() : CandidateId.of(application);
		boolean enabled = properties.enabled() && environment.getProperty("etcd.enabled", Boolean.class, true);
		return new LeaderElections(enabled ? client.getIfAvailable() : null, application, id, properties, context);
	}

	@Bean
	LeaderElectionLifecycle etcdLeaderElectionLifecycle(LeaderElections elections, LeaderMethods methods,
			ApplicationContext context, Environment environment) {
		Duration patience = environment.getProperty("spring.lifecycle.timeout-per-shutdown-phase", Duration.class,
				Duration.ofSeconds(30));
		return new LeaderElectionLifecycle(elections, methods, context, patience);
	}

}
