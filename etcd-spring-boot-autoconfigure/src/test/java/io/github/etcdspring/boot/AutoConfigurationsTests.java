/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;

import io.github.etcdspring.boot.leader.LeaderElections;
import io.github.etcdspring.boot.lock.EtcdLocks;
import io.github.etcdspring.client.EtcdClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplicationRunListener;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.config.ConfigDataLoader;
import org.springframework.boot.context.config.ConfigDataLocationResolver;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.ObjectMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All of ours together.
 */
class AutoConfigurationsTests {

	private static final String PACKAGE = "io.github.etcdspring.boot.";

	private final ApplicationContextRunner withoutOurs = new ApplicationContextRunner()
		.withPropertyValues("etcd.endpoints=http://127.0.0.1:1", "etcd.discovery.hostname=host")
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, UtilAutoConfiguration.class));

	@Test
	void areListedForSpringBoot() {
		assertThat(ours()).extracting(Class::getSimpleName)
			.containsExactlyInAnyOrder("EtcdAutoConfiguration", "EtcdConfigAutoConfiguration",
					"EtcdDiscoveryAutoConfiguration", "EtcdRegistrationAutoConfiguration",
					"EtcdHealthContributorAutoConfiguration", "LeaderAutoConfiguration", "EtcdLockAutoConfiguration");
	}

	@ParameterizedTest
	@MethodSource("ours")
	void areAnnotatedAsSuch(Class<?> autoConfiguration) {
		assertThat(autoConfiguration).hasAnnotation(AutoConfiguration.class).isPublic().isFinal();
	}

	@Test
	void startTogether() {
		this.withoutOurs.withConfiguration(AutoConfigurations.of(ours().toArray(Class<?>[]::new)))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void leaveClientOfTheUserAloneWhenSwitchedOff() {
		this.withoutOurs.withPropertyValues("etcd.enabled=false")
			.withBean(EtcdClient.class, () -> EtcdClient.create("http://127.0.0.1:1"))
			.withConfiguration(AutoConfigurations.of(ours().toArray(Class<?>[]::new)))
			.run((context) -> {
				assertThat(context).hasNotFailed()
					.doesNotHaveBean(DiscoveryClient.class)
					.doesNotHaveBean(EtcdLocks.class)
					.doesNotHaveBean("etcdHealthIndicator");
				assertThat(ReflectionTestUtils.getField(context.getBean(LeaderElections.class), "client")).isNull();
			});
	}

	@ParameterizedTest
	@ValueSource(classes = { TaskScheduler.class, Executor.class, ScheduledExecutorService.class, ObjectMapper.class,
			String.class, Runnable.class })
	void publishNoBeanThatTheApplicationOrBootWouldTakeForItsOwn(Class<?> type) {
		Set<String> without = new TreeSet<>();
		this.withoutOurs.run((context) -> without.addAll(List.of(context.getBeanNamesForType(type))));

		this.withoutOurs.withConfiguration(AutoConfigurations.of(ours().toArray(Class<?>[]::new)))
			.run((context) -> assertThat(context.getBeanNamesForType(type))
				.containsExactlyInAnyOrderElementsOf(without));
	}

	@Test
	void nameTheirBeansAfterEtcd() {
		Set<String> without = new TreeSet<>();
		this.withoutOurs.run((context) -> without.addAll(List.of(context.getBeanDefinitionNames())));

		this.withoutOurs.withConfiguration(AutoConfigurations.of(ours().toArray(Class<?>[]::new)))
			.run((context) -> assertThat(List.of(context.getBeanDefinitionNames()))
				.filteredOn((name) -> !without.contains(name))
				.isNotEmpty()
				.allMatch((name) -> name.startsWith("etcd") || name.contains(PACKAGE)
						|| name.startsWith("org.springframework.boot.context.")));
	}

	@Test
	void comeWithExtensionsOfBoot() {
		Map<Class<?>, Integer> expected = Map.of(FailureAnalyzer.class, 6, ConfigDataLoader.class, 1,
				ConfigDataLocationResolver.class, 1, SpringApplicationRunListener.class, 1);

		expected.forEach((type, count) -> assertThat(names(type)).hasSize(count)
			.allSatisfy((name) -> assertThat(ClassUtils.isPresent(name, null)).as(name).isTrue()));
	}

	@Test
	void comeWithAnalyzersThatBootCanMake() {
		List<FailureAnalyzer> analyzers = SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, SpringFactoriesLoader.FailureHandler.handleMessage((message, failure) -> {
			}));

		assertThat(analyzers).extracting((analyzer) -> analyzer.getClass().getName())
			.containsAll(names(FailureAnalyzer.class));
	}

	static List<Class<?>> ours() {
		return ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith(PACKAGE))
			.<Class<?>>map((name) -> ClassUtils.resolveClassName(name, null))
			.toList();
	}

	@SuppressWarnings("deprecation")
	private static List<String> names(Class<?> type) {
		return SpringFactoriesLoader.loadFactoryNames(type, null)
			.stream()
			.filter((name) -> name.startsWith(PACKAGE))
			.toList();
	}

}
