/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.lock;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.etcdspring.boot.connection.EtcdAutoConfiguration;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.lock.EtcdLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

class EtcdLockAutoConfigurationTests {

	/** Nobody answers, and the grant that the end of a context waits for fails soon. */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("etcd.endpoints=http://127.0.0.1:1", "etcd.request-timeout=100ms")
		.withConfiguration(AutoConfigurations.of(EtcdAutoConfiguration.class, EtcdLockAutoConfiguration.class));

	@Test
	void providesLocksByDefault() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(EtcdLocks.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd.lock.enabled", "etcd.enabled" })
	void providesNoneWhenSwitchedOff(String property) {
		this.runner.withPropertyValues(property + "=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(EtcdLocks.class));
	}

	@Test
	void backsOffToLocksOfTheUser() {
		this.runner.withUserConfiguration(OwnLocks.class)
			.run((context) -> assertThat(context).hasSingleBean(EtcdLocks.class).hasBean("own"));
	}

	@Test
	void bindsDefaults() {
		this.runner.run((context) -> assertThat(context.getBean(EtcdLockProperties.class))
			.isEqualTo(new EtcdLockProperties(true, "locks", Duration.ofSeconds(30))));
	}

	@Test
	void givesSameLockForSameName() {
		this.runner.run((context) -> {
			EtcdLocks locks = context.getBean(EtcdLocks.class);

			EtcdLock lock = locks.get("orders");

			assertThat(locks.get("orders")).isSameAs(lock);
			assertThat(locks.get("order")).isNotSameAs(lock);
		});
	}

	@Test
	void givesSameLockForSameNameHoweverManyNamesThereAreWhileSomebodyRefersToIt() {
		this.runner.run((context) -> {
			EtcdLocks locks = context.getBean(EtcdLocks.class);
			EtcdLock lock = locks.get("orders");
			for (int i = 0; i < 25_000; i++) {
				locks.get("other" + i);
			}

			assertThat(locks.get("orders")).isSameAs(lock);
		});
	}

	@Test
	void forgetsLocksThatNobodyRefersTo() {
		this.runner.run((context) -> {
			EtcdLocks locks = context.getBean(EtcdLocks.class);
			for (int i = 0; i < 25_000; i++) {
				locks.get("other" + i);
			}

			await().untilAsserted(() -> {
				System.gc();
				locks.get("another" + System.nanoTime());
				assertThat((Map<?, ?>) ReflectionTestUtils.getField(locks, "kept")).hasSize(10_000);
				assertThat((Map<?, ?>) ReflectionTestUtils.getField(locks, "dropped")).hasSizeLessThan(1_000);
			});
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/b", "a%2Fb", "../a", "a" })
	void keepsNameInItsSegment(String name) {
		this.runner.withPropertyValues("etcd.lock.prefix=my/locks").run((context) -> {
			String lock = context.getBean(EtcdLocks.class).get(name).toString();

			assertThat(lock).startsWith("EtcdLock[my/locks/").endsWith("/]");
			assertThat(lock.substring("EtcdLock[my/locks/".length(), lock.length() - 2)).doesNotContain("/");
		});
	}

	@Test
	void refusesEmptyName() {
		this.runner.run((context) -> assertThatIllegalArgumentException()
			.isThrownBy(() -> context.getBean(EtcdLocks.class).get("")));
	}

	@Test
	void givesNoMoreLocksAfterTheContextIsClosed() {
		List<EtcdLocks> locks = new ArrayList<>();

		this.runner.run((context) -> locks.add(context.getBean(EtcdLocks.class)));

		assertThatIllegalStateException().isThrownBy(() -> locks.get(0).get("orders"))
			.withMessage("locks are closed with their application context");
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnLocks {

		@Bean
		EtcdLocks own(EtcdClient client) {
			return new EtcdLocks(client, "own", Duration.ofSeconds(5));
		}

	}

}
