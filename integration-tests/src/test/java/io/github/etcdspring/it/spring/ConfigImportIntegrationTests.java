/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import io.github.etcdspring.boot.test.cluster.EtcdCluster;
import io.github.etcdspring.boot.test.cluster.EtcdClusterExtension;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.NoClientLeft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.origin.OriginLookup;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application sees of its configuration when it starts.
 */
class ConfigImportIntegrationTests {

	@RegisterExtension
	static final EtcdClusterExtension etcd = EtcdClusterExtension.members(1);

	private final EtcdClient client;

	ConfigImportIntegrationTests(EtcdCluster cluster) {
		this.client = EtcdClient.create(cluster.endpoints().get(0));
	}

	@AfterEach
	void disconnect() {
		this.client.close();
	}

	@Test
	void prefersProfileToNoneAndOwnContextToSharedWhenImportIsOnTheCommandLine(EtcdCluster cluster) {
		assertPrecedence(App.of(cluster, "precedence").importing("etcd:"));
	}

	@Test
	void prefersProfileToNoneAndOwnContextToSharedWhenImportIsInFile(EtcdCluster cluster, @TempDir Path folder)
			throws IOException {
		Files.writeString(folder.resolve("application.properties"), "spring.config.import=etcd:");

		assertPrecedence(App.of(cluster, "precedence").set("spring.config.location", folder.toUri().toString()));
	}

	private void assertPrecedence(App.Builder builder) {
		put("config/application/order.a", "shared", "config/application/order.b", "shared",
				"config/application/order.c", "shared", "config/application/order.d", "shared",
				"config/application,blue/order.a", "shared,blue", "config/application,blue/order.b", "shared,blue",
				"config/precedence/order.a", "own", "config/precedence/order.b", "own", "config/precedence/order.c",
				"own", "config/precedence,blue/order.a", "own,blue", "config/precedence,green/order.a", "own,green");

		try (App app = builder.set("spring.profiles.active", "blue").start()) {
			assertThat(app.property("order.a")).isEqualTo("own,blue");
			assertThat(app.property("order.b")).isEqualTo("shared,blue");
			assertThat(app.property("order.c")).isEqualTo("own");
			assertThat(app.property("order.d")).isEqualTo("shared");
		}
	}

	@Test
	void prefersLaterProfile(EtcdCluster cluster) {
		put("config/profiles,blue/order.a", "blue", "config/profiles,green/order.a", "green");

		try (App app = App.of(cluster, "profiles")
			.importing("etcd:")
			.set("spring.profiles.active", "blue,green")
			.start()) {
			assertThat(app.property("order.a")).isEqualTo("green");
		}
	}

	@Test
	void ranksBelowCommandLine(EtcdCluster cluster) {
		put("config/operator/demo.text", "etcd");

		try (App app = App.of(cluster, "operator").importing("etcd:").set("demo.text", "operator").start()) {
			assertThat(app.property("demo.text")).isEqualTo("operator");
		}
	}

	@Test
	void readsPathsOfTheImport(EtcdCluster cluster) {
		put("one/demo.text", "one", "one/demo.only", "one", "two/demo.text", "two");

		try (App app = App.of(cluster, "paths").importing("etcd:one;two").start()) {
			assertThat(app.property("demo.text")).isEqualTo("two");
			assertThat(app.property("demo.only")).isEqualTo("one");
		}
	}

	@Test
	void readsTwoImports(EtcdCluster cluster) {
		put("config/twice/demo.text", "own", "extra/demo.text", "extra", "extra/demo.only", "extra");

		try (App app = App.of(cluster, "twice").importing("etcd:,etcd:extra").with(Settings.class).start()) {
			assertThat(app.property("demo.text")).isEqualTo("extra");
			assertThat(app.property("demo.only")).isEqualTo("extra");

			this.client.kv().delete("extra/demo.text");
			Moments.soon().until(() -> app.bean(Settings.Scoped.class).text().equals("own"));
			put("config/twice/demo.text", "new");
			Moments.soon().until(() -> app.bean(Settings.Scoped.class).text().equals("new"));
		}
	}

	@Test
	void showsValuesInEveryWayBeansCanAsk(EtcdCluster cluster) {
		put("config/ways/demo/text", "Hi", "config/ways/demo.number", "7");

		try (App app = App.of(cluster, "ways").importing("etcd:").with(Settings.class).start()) {
			assertThat(app.property("demo.text")).isEqualTo("Hi");
			assertThat(app.bean(Settings.class).text()).isEqualTo("Hi");
			assertThat(app.bean(Settings.Scoped.class).text()).isEqualTo("Hi");
			assertThat(app.bean(Settings.JavaBean.class).getText()).isEqualTo("Hi");
			assertThat(app.bean(Settings.JavaBean.class).getNumber()).isEqualTo(7);
			assertThat(app.bean(Settings.Immutable.class)).isEqualTo(new Settings.Immutable("Hi", 7));
		}
	}

	@Test
	void tellsKeyAndRevisionAsOrigin(EtcdCluster cluster) {
		long revision = this.client.kv().put("config/origin/demo.text", "Hi").revision();

		try (App app = App.of(cluster, "origin").importing("etcd:").start()) {
			assertThat(origins(app, "demo.text"))
				.containsExactly("etcd key 'config/origin/demo.text' at revision " + revision);
		}
	}

	@Test
	void s12DoesNotEvaluateExpressions(EtcdCluster cluster) {
		put("config/spel/demo.text", "#{T(java.lang.System).setProperty('etcdspring.owned','yes')}");

		try (App app = App.of(cluster, "spel").importing("etcd:").with(Settings.class).start()) {
			assertThat(app.bean(Settings.class).text()).isEqualTo("default");
			assertThat(System.getProperty("etcdspring.owned")).isNull();
		}
	}

	@Test
	void s12DoesNotEvaluateExpressionsThatPlaceholdersPutTogether(EtcdCluster cluster) {
		String code = "{T(java.lang.System).setProperty('etcdspring.owned','yes')}";
		put("config/joined/demo.text", "${nope:#}" + code, "config/joined/demo.hash", "#", "config/joined/demo.both",
				"${demo.hash}" + code, "config/joined/demo.braces", code);

		try (App app = App.of(cluster, "joined").importing("etcd:").with(Settings.class, Joining.class).start()) {
			assertThat(app.bean(Settings.class).text()).isEqualTo("default");
			assertThat(app.bean(Joining.class).texts).containsExactly("none", "none", "none");
			assertThat(System.getProperty("etcdspring.owned")).isNull();
		}
	}

	@Test
	void s13DoesNotLetValuesSayWhereEtcdIsOrWhatIsImported(EtcdCluster cluster) {
		put("config/trust/etcd.endpoints", "http://evil:2379", "config/trust/spring/config/import", "file:/etc/passwd",
				"config/trust/spring.profiles.active", "evil", "config/trust/demo.text", "good");

		try (App app = App.of(cluster, "trust").importing("etcd:").start()) {
			assertThat(app.property("demo.text")).isEqualTo("good");
			assertThat(app.property("etcd.endpoints")).isEqualTo(cluster.endpoints().get(0));
			assertThat(app.context().getEnvironment().getActiveProfiles()).isEmpty();
		}
	}

	@Test
	void yieldsNothingWhenSwitchedOff(EtcdCluster cluster) {
		put("config/off/demo.text", "etcd");

		try (App app = App.of(cluster, "off").importing("etcd:").set("etcd.config.enabled", "false").start()) {
			assertThat(app.property("demo.text")).isNull();
		}
	}

	@Test
	void startsWhenThereAreNoKeys(EtcdCluster cluster) {
		try (App app = App.of(cluster, "nokeys").importing("etcd:").with(Settings.class).start()) {
			assertThat(app.bean(Settings.class).text()).isEqualTo("default");
		}
	}

	@Test
	void p9MakesOneClientForImportAndContextAndLeavesNoThread(EtcdCluster cluster) {
		put("config/threads/demo.text", "Hi");
		Set<String> before = NoClientLeft.clients();

		try (App app = App.of(cluster, "threads").importing("etcd:").with(Settings.class, UsesClient.class).start()) {
			assertThat(app.client().kv().get("config/threads/demo.text").kvs()).hasSize(1);
			Set<String> during = NoClientLeft.clients();
			during.removeAll(before);
			assertThat(during).hasSize(1);
		}

		Moments.within(Duration.ofSeconds(2)).until(() -> before.containsAll(NoClientLeft.clients()));
	}

	private void put(String... keysAndValues) {
		for (int i = 0; i < keysAndValues.length; i += 2) {
			this.client.kv().put(keysAndValues[i], keysAndValues[i + 1]);
		}
	}

	private static List<String> origins(App app, String property) {
		return app.context()
			.getEnvironment()
			.getPropertySources()
			.stream()
			.filter((source) -> source.getName().startsWith("etcd:"))
			.map((source) -> OriginLookup.getOrigin(source, property))
			.filter(Objects::nonNull)
			.map(Object::toString)
			.toList();
	}

	static class Joining {

		private final List<String> texts;

		Joining(@Value("${demo.hash:none}") String hash, @Value("${demo.both:none}") String both,
				@Value("${demo.braces:none}") String braces) {
			this.texts = List.of(hash, both, braces);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsesClient {

		UsesClient(EtcdClient client, @Value("${demo.text}") String text) {
			assertThat(client.kv().get("config/threads/demo.text").first())
				.hasValueSatisfying((kv) -> assertThat(kv.value().toUtf8()).isEqualTo(text));
		}

	}

}
