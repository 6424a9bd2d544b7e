/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigContextTests {

	@Test
	void ordersContextsWithoutProfileBeforeThoseOfProfiles() {
		List<ConfigContext> contexts = ConfigContext.of(Fixtures.properties(), "app", Fixtures.profiles("p1", "p2"));

		assertThat(contexts).containsExactly(new ConfigContext("config/application/", false),
				new ConfigContext("config/app/", false), new ConfigContext("config/application,p1/", true),
				new ConfigContext("config/application,p2/", true), new ConfigContext("config/app,p1/", true),
				new ConfigContext("config/app,p2/", true));
	}

	@Test
	void hasSharedAndOwnContextWhenNoProfileIsActive() {
		assertThat(prefixes(ConfigContext.of(Fixtures.properties(), "app", Fixtures.profiles())))
			.containsExactly("config/application/", "config/app/");
	}

	@Test
	void letsLaterPrefixWinWithinEachName() {
		EtcdConfigProperties properties = Fixtures.properties("etcd.config.prefixes", "team,prod");

		assertThat(prefixes(ConfigContext.of(properties, "app", Fixtures.profiles("p")))).containsExactly(
				"team/application/", "prod/application/", "team/app/", "prod/app/", "team/application,p/",
				"prod/application,p/", "team/app,p/", "prod/app,p/");
	}

	@Test
	void followsProperties() {
		EtcdConfigProperties properties = Fixtures.properties("etcd.config.default-context", "shared",
				"etcd.config.profile-separator", "-", "etcd.config.prefixes", "/deep/config/");

		assertThat(prefixes(ConfigContext.of(properties, "app", Fixtures.profiles("p")))).containsExactly(
				"/deep/config/shared/", "/deep/config/app/", "/deep/config/shared-p/", "/deep/config/app-p/");
	}

	@Test
	void readsEachContextOnceWhenApplicationIsNamedAsTheSharedContext() {
		assertThat(prefixes(ConfigContext.of(Fixtures.properties(), "application", Fixtures.profiles("p"))))
			.containsExactly("config/application/", "config/application,p/");
	}

	@ParameterizedTest
	@ValueSource(strings = { "config/shared", "config/shared/", " config/shared// " })
	void endsPathWithOneSlash(String path) {
		assertThat(ConfigContext.ofPath(path)).isEqualTo(new ConfigContext("config/shared/", false));
	}

	@Test
	void doesNotReadApplicationWhoseNameGoesOn() {
		ConfigContext context = new ConfigContext("config/app/", false);

		assertThat(context.range().contains(Fixtures.kv("config/app/x", "", 1).key())).isTrue();
		assertThat(context.range().contains(Fixtures.kv("config/app2/x", "", 1).key())).isFalse();
		assertThat(context.range().contains(Fixtures.kv("config/app,p/x", "", 1).key())).isFalse();
	}

	@Test
	void s17StaysInItsSegmentWhateverItIsCalled() {
		assertThat(prefixes(ConfigContext.of(Fixtures.properties(), "a/b", Fixtures.profiles("../p")))).containsExactly(
				"config/application/", "config/a%2Fb/", "config/application,..%2Fp/", "config/a%2Fb,..%2Fp/");
		assertThat(prefixes(ConfigContext.of(Fixtures.properties(), "..", Fixtures.profiles())))
			.containsExactly("config/application/", "config/%2E%2E/");
	}

	private static List<String> prefixes(List<ConfigContext> contexts) {
		return contexts.stream().map(ConfigContext::prefix).toList();
	}

}
