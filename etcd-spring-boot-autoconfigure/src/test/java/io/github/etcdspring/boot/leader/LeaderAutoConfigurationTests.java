/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import org.aopalliance.intercept.MethodInterceptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class LeaderAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("etcd.endpoints=http://127.0.0.1:1", "spring.application.name=orders")
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, EtcdAutoConfiguration.class,
				LeaderAutoConfiguration.class))
		.withBean(Jobs.class);

	@Test
	void guardsMethodsByDefault() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(LeaderElections.class).hasSingleBean(LeaderElectionLifecycle.class);
			assertThat(context.getBean(LeaderElectionLifecycle.class).isRunning()).isTrue();
		});
	}

	@Test
	void skipsEveryKindOfMethodBeforeItLeads() {
		this.runner.run((context) -> {
			Jobs jobs = context.getBean(Jobs.class);

			jobs.nothing();
			assertThat(jobs.reference()).isNull();
			assertThat(jobs.boxed()).isNull();
			assertThat(jobs.optional()).isEmpty();
			assertThat(jobs.future()).isCompletedWithValue(null);
			assertThat(jobs.stage().toCompletableFuture()).isCompletedWithValue(null);
			assertThat(jobs.runs()).isZero();
		});
	}

	@Test
	void runsMethodsWithoutGuardAnywhere() {
		this.runner.run((context) -> assertThat(context.getBean(Jobs.class).unguarded()).isEqualTo("run"));
	}

	@ParameterizedTest
	@CsvSource({ "etcd.leader.enabled=false", "etcd.enabled=false" })
	void skipsMethodsWhenThereIsNoElection(String property) {
		this.runner.withPropertyValues(property).run((context) -> {
			Jobs jobs = context.getBean(Jobs.class);

			assertThat(jobs.reference()).isNull();
			assertThat(jobs.runs()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd.leader.enabled=false", "etcd.enabled=false" })
	void runsMethodsWhenThereIsNoElectionAndItIsSaidSo(String property) {
		this.runner.withPropertyValues(property, "etcd.leader.when-disabled=run").run((context) -> {
			Jobs jobs = context.getBean(Jobs.class);

			assertThat(jobs.reference()).isEqualTo("run");
			assertThat(jobs.optional()).contains("run");
			assertThat(jobs.runs()).isEqualTo(2);
		});
	}

	@Test
	void skipsMethodsWhileItDoesNotLeadThoughTheyRunWhenDisabled() {
		this.runner.withPropertyValues("etcd.leader.when-disabled=run")
			.run((context) -> assertThat(context.getBean(Jobs.class).reference()).isNull());
	}

	@Test
	void passesOnWhatTheMethodThrows() {
		this.runner.withPropertyValues("etcd.leader.enabled=false", "etcd.leader.when-disabled=run")
			.run((context) -> assertThatIllegalStateException().isThrownBy(() -> context.getBean(Jobs.class).failing())
				.withMessage("on purpose"));
	}

	@Test
	void leadsNothingBeforeItIsReady() {
		this.runner.run((context) -> {
			LeaderElections elections = context.getBean(LeaderElections.class);

			assertThat(elections.isLeader("nothing")).isFalse();
			assertThat(elections.leadership("nothing")).isEmpty();
			assertThat(elections.leader("nothing")).isEmpty();
			assertThat(elections.isLeader("no such role")).isFalse();
		});
	}

	@Test
	void doesNothingWithoutAop() {
		new ApplicationContextRunner().withClassLoader(new FilteredClassLoader(MethodInterceptor.class))
			.withConfiguration(AutoConfigurations.of(LeaderAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("etcdLeaderElections"));
	}

	@Test
	void backsOffToElectionsOfTheUser() {
		this.runner.withUserConfiguration(OwnElections.class)
			.run((context) -> assertThat(context).hasSingleBean(LeaderElections.class).hasBean("own"));
	}

	@Test
	void leavesElectionsOfTheParentAlone() {
		this.runner.run((parent) -> this.runner.withParent(parent).run((child) -> {
			LeaderElections ofParent = parent.getBean(LeaderElections.class);

			assertThat(child.getBean(LeaderElections.class)).isNotSameAs(ofParent);
		}));
	}

	@Test
	void stopsBeforeWebServersShutDownAndAfterTheRegistration() {
		this.runner.run((context) -> assertThat(context.getBean(LeaderElectionLifecycle.class).getPhase())
			.isBetween(Integer.MAX_VALUE - 1023, Integer.MAX_VALUE - 1));
	}

	@Test
	void bindsDefaults() {
		this.runner
			.run((context) -> assertThat(context.getBean(LeaderProperties.class)).isEqualTo(new LeaderProperties(true,
					LeaderProperties.WhenDisabled.SKIP, "leaders", null, Duration.ofSeconds(15))));
	}

	@ParameterizedTest
	@CsvSource({ "report,leaders/orders/report", "a/b,leaders/orders/a%2Fb", "..,leaders/orders/%2E%2E",
			"/report,leaders//report", "/a/b,leaders//a%2Fb" })
	void keepsRolesOfApplicationsAndThoseAcrossThemApart(String role, String key) {
		// a role across applications must not continue as an application's name:
		// "/orders"
		this.runner
			.run((context) -> assertThat(context.getBean(LeaderElections.class).electionName(role)).isEqualTo(key));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnElections {

		@Bean
		LeaderElections own(LeaderProperties properties) {
			return new LeaderElections(null, "own", "id", properties, (event) -> {
			});
		}

	}

	static class Jobs {

		private int runs;

		@Leader("nothing")
		void nothing() {
			this.runs++;
		}

		@Leader("reference")
		@Nullable String reference() {
			this.runs++;
			return "run";
		}

		@Leader("boxed")
		@Nullable Long boxed() {
			this.runs++;
			return 1L;
		}

		@Leader("optional")
		Optional<String> optional() {
			this.runs++;
			return Optional.of("run");
		}

		@Leader("future")
		CompletableFuture<@Nullable String> future() {
			this.runs++;
			return CompletableFuture.completedFuture("run");
		}

		@Leader("stage")
		CompletionStage<@Nullable String> stage() {
			this.runs++;
			return CompletableFuture.completedStage("run");
		}

		@Leader("failing")
		void failing() {
			throw new IllegalStateException("on purpose");
		}

		String unguarded() {
			return "run";
		}

		int runs() {
			return this.runs;
		}

	}

}
