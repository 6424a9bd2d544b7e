/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.etcdspring.EtcdAuthenticationException;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.EtcdPermissionException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.StatusCode;
import io.github.etcdspring.boot.connection.BootstrapEtcdClient;
import io.github.etcdspring.boot.connection.EtcdProperties;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.boot.context.config.ConfigDataLocation;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;

import static org.assertj.core.api.Assertions.assertThat;

class ConfigFailureAnalyzerTests {

	private static final String WHAT = "'spring.config.import=etcd:config/app' could not read etcd keys under 'config/app/' "
			+ "from [http://a:1, http://b:2] ('etcd.endpoints'): ";

	private static final Map<String, String> USER = Map.of("etcd.username", "reader", "etcd.password", "S3CR3T");

	private final DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();

	@AfterEach
	void close() {
		BootstrapEtcdClient.of(this.bootstrap).close();
	}

	@Test
	void saysHowToStartWhenNobodyAnswers() {
		FailureAnalysis analysis = analyze(Map.of(), new ConfigReadTimeoutException(Duration.ofMillis(1500), null));

		assertThat(analysis.getDescription()).isEqualTo(WHAT + "etcd did not answer within 1500 ms.");
		assertThat(analysis.getAction()).isEqualTo("Start etcd, or correct 'etcd.endpoints'. To start without it, "
				+ "write 'spring.config.import=optional:etcd:config/app'. 'etcd.config.startup-timeout' says how long the "
				+ "application waits.");
	}

	@Test
	void namesUserWhenPasswordIsRefused() {
		FailureAnalysis analysis = analyze(USER, new EtcdAuthenticationException(details(), null));

		assertThat(analysis.getDescription()).isEqualTo(WHAT + "etcd refused the user 'reader' ('etcd.username').");
		assertThat(analysis.getAction()).isEqualTo("Check 'etcd.username' and 'etcd.password': the user must exist "
				+ "in etcd and the password, which is not shown here, must be the user's.");
	}

	@Test
	void asksForUserWhenEtcdWantsOneAndNoneIsSet() {
		FailureAnalysis analysis = analyze(Map.of(), new EtcdAuthenticationException(details(), null));

		assertThat(analysis.getDescription())
			.isEqualTo(WHAT + "etcd wants to know the user, and 'etcd.username' is not set.");
		assertThat(analysis.getAction())
			.isEqualTo("Set 'etcd.username' and 'etcd.password' to a user of etcd who may read there.");
	}

	@Test
	void namesUserWhenPermissionIsMissing() {
		FailureAnalysis analysis = analyze(USER, new EtcdPermissionException(details(), null));

		assertThat(analysis.getDescription())
			.isEqualTo(WHAT + "the user 'reader' ('etcd.username') may not read there.");
		assertThat(analysis.getAction()).isEqualTo("Grant the user a role with READ on the prefix, for example: "
				+ "etcdctl role grant-permission <role> --prefix=true read <prefix>.");
	}

	@Test
	void hidesPassword() {
		FailureAnalysis analysis = analyze(USER, new EtcdAuthenticationException(details(), null));

		assertThat(analysis.getDescription() + analysis.getAction() + analysis.getCause()).doesNotContain("S3CR3T");
	}

	@Test
	void comesBeforeAnalyzersThatKnowLess() {
		analyze(Map.of(), new EtcdAuthenticationException(details(), null));

		assertThat(new EtcdConfigUnavailableFailureAnalyzer().getOrder()).isEqualTo(Ordered.HIGHEST_PRECEDENCE);
	}

	@Test
	void namesInvalidImport() {
		analyze(Map.of(), new EtcdAuthenticationException(details(), null));
		InvalidConfigImportException failure = new InvalidConfigImportException("etcd:a?b");

		FailureAnalysis analysis = new InvalidConfigImportFailureAnalyzer().analyze(failure, failure);

		assertThat(analysis.getDescription())
			.isEqualTo("The import 'etcd:a?b' in 'spring.config.import' is not valid.");
		assertThat(analysis.getAction()).isEqualTo("Write 'etcd:' for the contexts of this application, or 'etcd:' "
				+ "followed by the keys to read under, separated by ';', such as 'etcd:config/shared;config/orders'. "
				+ "Options follow in properties under 'etcd.config'.");
	}

	@Test
	void saysWhatEtcdAnsweredBeforeItFellSilent() {
		EtcdException noLeader = new EtcdUnavailableException(
				FailureDetails.local("Txn failed: etcdserver: no leader", StatusCode.UNAVAILABLE), null);

		FailureAnalysis analysis = analyze(Map.of(), new ConfigReadTimeoutException(Duration.ofMillis(1500), noLeader));

		assertThat(analysis.getDescription())
			.startsWith(WHAT + "etcd did not answer within 1500 ms; before: Txn failed: etcdserver: no leader");
	}

	private FailureAnalysis analyze(Map<String, String> credentials, RuntimeException cause) {
		MapConfigurationPropertySource source = new MapConfigurationPropertySource(credentials);
		source.put("etcd.endpoints", "http://a:1,http://b:2");
		BootstrapEtcdClient.register(this.bootstrap, new Binder(source).bindOrCreate("etcd", EtcdProperties.class),
				LogFactory.getLog(getClass()));
		ConfigContext context = new ConfigContext("config/app/", false);
		EtcdConfigUnavailableException failure = new EtcdConfigUnavailableException(new EtcdConfigDataResource(context,
				List.of(context), Fixtures.properties(), true, ConfigDataLocation.of("etcd:config/app")),
				BootstrapEtcdClient.of(this.bootstrap), cause);
		return new EtcdConfigUnavailableFailureAnalyzer().analyze(failure, failure);
	}

	private static FailureDetails details() {
		return FailureDetails.local("refused", StatusCode.UNAUTHENTICATED);
	}

}
