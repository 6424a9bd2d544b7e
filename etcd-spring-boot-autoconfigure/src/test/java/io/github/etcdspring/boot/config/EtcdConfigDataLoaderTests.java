/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.etcdspring.boot.SilentServer;
import io.github.etcdspring.boot.connection.BootstrapEtcdClient;
import io.github.etcdspring.boot.connection.EtcdProperties;
import io.github.etcdspring.client.ConnectionState;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigData.Option;
import org.springframework.boot.context.config.ConfigData.Options;
import org.springframework.boot.context.config.ConfigData;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.logging.DeferredLogs;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

class EtcdConfigDataLoaderTests {

	private static final ConfigContext CONTEXT = new ConfigContext("config/app/", false);

	private static final ConfigContext PROFILE_CONTEXT = new ConfigContext("config/app,p/", true);

	private final SilentServer server = SilentServer.start();

	private final DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();

	private final EtcdConfigDataLoader loader = new EtcdConfigDataLoader(new DeferredLogs());

	@AfterEach
	void close() {
		if (this.bootstrap.isRegistered(BootstrapEtcdClient.class)) {
			BootstrapEtcdClient.of(this.bootstrap).close();
		}
		this.server.close();
	}

	@Test
	void loadsEmptySourceWhenDisabled() {
		PropertySource<?> source = source(load(resource(CONTEXT, false, false)));

		assertThat(source.getName()).isEqualTo("etcd:config/app/");
		assertThat(((EnumerablePropertySource<?>) source).getPropertyNames()).isEmpty();
		assertThat(this.bootstrap.isRegistered(LiveConfigs.class)).isFalse();
	}

	@Test
	void failsWhenMandatoryImportIsNotAnsweredInTime() {
		registerClient();

		assertThatExceptionOfType(EtcdConfigUnavailableException.class)
			.isThrownBy(() -> load(resource(CONTEXT, true, false)))
			.withMessage("could not import etcd keys under 'config/app/', 'config/app,p/' from ["
					+ this.server.endpoint() + "]: etcd did not answer within 200 ms")
			.satisfies((failure) -> {
				assertThat(failure.resource()).isEqualTo("etcd keys under 'config/app/', 'config/app,p/'");
				assertThat(failure.endpoints()).containsExactly(this.server.endpoint());
			});
	}

	@Test
	void leavesClientOpenWhenMandatoryImportFails() {
		// in a refresh it is the running application's
		registerClient();

		Throwable failure = catchThrowable(() -> load(resource(CONTEXT, true, false)));

		assertThat(failure).isInstanceOf(EtcdConfigUnavailableException.class);
		assertThat(BootstrapEtcdClient.of(this.bootstrap).client().connectionState())
			.isNotEqualTo(ConnectionState.CLOSED);
	}

	@Test
	void loadsEmptySourceToBeFilledLaterWhenOptionalImportIsNotAnswered() {
		registerClient();

		PropertySource<?> source = source(load(resource(CONTEXT, true, true)));

		assertThat(source).isInstanceOf(EtcdPropertySource.class);
		assertThat(((EtcdPropertySource) source).getPropertyNames()).isEmpty();
		List<LiveConfig> followed = new ArrayList<>();
		LiveConfigs.of(this.bootstrap).follow(followed::add);
		assertThat(followed).singleElement().satisfies((live) -> assertThat(live.snapshot().revision()).isZero());
	}

	@Test
	void servesFurtherContextsAndRefreshesFromMemory() {
		registerClient();
		LiveConfig live = Fixtures.live(BootstrapEtcdClient.of(this.bootstrap).client(), together(),
				Fixtures.snapshot(7, CONTEXT, Map.of("a", "1")));
		LiveConfigs.of(this.bootstrap).computeIfAbsent(together(), () -> live);

		PropertySource<?> source = source(load(resource(CONTEXT, true, false)));
		PropertySource<?> other = source(load(resource(PROFILE_CONTEXT, true, false)));

		assertThat(source.getProperty("a")).isEqualTo("1");
		assertThat(source.getSource()).isSameAs(live);
		assertThat(other.getSource()).isSameAs(live);
		assertThat(other.getProperty("a")).isNull();
	}

	@Test
	void marksContextsOfProfilesAsSuchAndIgnoresImportsInValues() {
		ConfigData data = load(resource(CONTEXT, false, false));
		ConfigData profileData = load(resource(PROFILE_CONTEXT, false, false));

		assertThat(options(data)).isEqualTo(Options.of(Option.IGNORE_IMPORTS, Option.IGNORE_PROFILES));
		assertThat(options(profileData))
			.isEqualTo(Options.of(Option.IGNORE_IMPORTS, Option.IGNORE_PROFILES, Option.PROFILE_SPECIFIC));
	}

	private void registerClient() {
		Binder binder = new Binder(
				new MapConfigurationPropertySource(Map.of("etcd.endpoints", this.server.endpoint())));
		BootstrapEtcdClient.register(this.bootstrap, binder.bindOrCreate("etcd", EtcdProperties.class),
				LogFactory.getLog(getClass()));
	}

	private ConfigData load(EtcdConfigDataResource resource) {
		return this.loader.load(() -> this.bootstrap, resource);
	}

	private static EtcdConfigDataResource resource(ConfigContext context, boolean enabled, boolean optional) {
		EtcdConfigProperties properties = Fixtures.properties("etcd.config.startup-timeout",
				Duration.ofMillis(200).toString());
		return new EtcdConfigDataResource(context, together(), properties, enabled,
				ConfigDataLocation.of(optional ? "optional:etcd:" : "etcd:"));
	}

	private static List<ConfigContext> together() {
		return List.of(CONTEXT, PROFILE_CONTEXT);
	}

	private static PropertySource<?> source(ConfigData data) {
		assertThat(data.getPropertySources()).hasSize(1);
		return data.getPropertySources().get(0);
	}

	private static Options options(ConfigData data) {
		return data.getOptions(source(data));
	}

}
