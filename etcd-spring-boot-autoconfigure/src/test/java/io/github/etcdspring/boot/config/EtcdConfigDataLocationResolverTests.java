/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.util.List;
import java.util.Map;

import io.github.etcdspring.boot.connection.BootstrapEtcdClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.config.ConfigDataLocationResolverContext;
import org.springframework.boot.context.config.ConfigDataResource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class EtcdConfigDataLocationResolverTests {

	private final DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();

	private final EtcdConfigDataLocationResolver resolver = new EtcdConfigDataLocationResolver(this.bootstrap,
			(destination) -> destination.get());

	@ParameterizedTest
	@ValueSource(strings = { "etcd:", "optional:etcd:", "etcd:a;b" })
	void takesLocationsOfEtcd(String location) {
		assertThat(this.resolver.isResolvable(context(Map.of()), ConfigDataLocation.of(location))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "consul:", "etcd", "etcd.yaml", "classpath:etcd:", "ETCD:" })
	void leavesOtherLocations(String location) {
		assertThat(this.resolver.isResolvable(context(Map.of()), ConfigDataLocation.of(location))).isFalse();
	}

	@Test
	void resolvesNothingBeforeProfilesAreKnown() {
		assertThat(this.resolver.resolve(context(Map.of()), ConfigDataLocation.of("etcd:"))).isEmpty();
		assertThat(this.bootstrap.isRegistered(BootstrapEtcdClient.class)).isFalse();
	}

	@Test
	void resolvesContextsOfTheApplication() {
		assertThat(prefixes(resolve("etcd:", Map.of("spring.application.name", "orders"), "p")))
			.containsExactly("config/application/", "config/orders/", "config/application,p/", "config/orders,p/");
	}

	@Test
	void prefersConfiguredNameToThatOfTheApplication() {
		Map<String, String> properties = Map.of("spring.application.name", "orders", "etcd.config.name", "billing");

		assertThat(prefixes(resolve("etcd:", properties))).containsExactly("config/application/", "config/billing/");
	}

	@Test
	void resolvesSharedContextOnlyWhenApplicationHasNoName() {
		assertThat(prefixes(resolve("etcd:", Map.of()))).containsExactly("config/application/");
		assertThat(prefixes(resolve("etcd:", Map.of("spring.application.name", " "))))
			.containsExactly("config/application/");
	}

	@Test
	void resolvesPathsOfTheImport() {
		assertThat(prefixes(resolve("etcd:a; b/c/ ;/d", Map.of(), "p"))).containsExactly("a/", "b/c/", "/d/");
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd:a;;b", "etcd:;a", "etcd:a?format=yaml", "etcd://host:2379/a", "etcd:a//b" })
	void refusesImportThatIsNone(String location) {
		assertThatExceptionOfType(InvalidConfigImportException.class).isThrownBy(() -> resolve(location, Map.of()))
			.withMessage("invalid import '" + location + "' (expected: 'etcd:' or 'etcd:path;path')");
	}

	@Test
	void readsAllContextsOfAnImportTogether() {
		List<EtcdConfigDataResource> resources = resolve("etcd:a;b", Map.of());

		assertThat(resources).extracting(EtcdConfigDataResource::together)
			.containsOnly(List.of(ConfigContext.ofPath("a"), ConfigContext.ofPath("b")));
	}

	@Test
	void knowsWhetherTheImportIsMandatory() {
		assertThat(resolve("etcd:a", Map.of())).extracting(EtcdConfigDataResource::isMandatory).containsOnly(true);
		assertThat(resolve("optional:etcd:a", Map.of())).extracting(EtcdConfigDataResource::isMandatory)
			.containsOnly(false);
	}

	@Test
	void registersClientThatIsNotMadeYet() {
		resolve("etcd:", Map.of("etcd.endpoints", "no endpoint at all"));

		assertThat(this.bootstrap.isRegistered(BootstrapEtcdClient.class)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd.enabled", "etcd.config.enabled" })
	void resolvesDisabledResourcesWithoutClientWhenSwitchedOff(String property) {
		List<EtcdConfigDataResource> resources = resolve("etcd:", Map.of(property, "false"));

		assertThat(resources).extracting(EtcdConfigDataResource::isEnabled).containsOnly(false);
		assertThat(this.bootstrap.isRegistered(BootstrapEtcdClient.class)).isFalse();
	}

	@Test
	void isSameResourceWhenContextIsTheSame() {
		EtcdConfigDataResource resource = resolve("etcd:a", Map.of()).get(0);
		EtcdConfigDataResource again = resolve("optional:etcd:a;b", Map.of()).get(0);

		assertThat(again).isEqualTo(resource).hasSameHashCodeAs(resource).hasToString("etcd keys under 'a/'");
		assertThat(resolve("etcd:b", Map.of()).get(0)).isNotEqualTo(resource);
	}

	private List<EtcdConfigDataResource> resolve(String location, Map<String, String> properties, String... profiles) {
		return this.resolver.resolveProfileSpecific(context(properties), ConfigDataLocation.of(location),
				Fixtures.profiles(profiles));
	}

	private static List<String> prefixes(List<EtcdConfigDataResource> resources) {
		return resources.stream().map((resource) -> resource.context().prefix()).toList();
	}

	private ConfigDataLocationResolverContext context(Map<String, String> properties) {
		return new BinderContext(new Binder(new MapConfigurationPropertySource(properties)), this.bootstrap);
	}

	/** What Boot hands to a resolver. */
	private record BinderContext(Binder binder,
			ConfigurableBootstrapContext bootstrap) implements ConfigDataLocationResolverContext {

		@Override
		public Binder getBinder() {
			return this.binder;
		}

		@Override
		public @Nullable ConfigDataResource getParent() {
			return null;
		}

		@Override
		public ConfigurableBootstrapContext getBootstrapContext() {
			return this.bootstrap;
		}

	}

}
