/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

import io.github.etcdspring.KeyValue;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RemotePropertiesTests {

	private static final ConfigContext CONTEXT = new ConfigContext("config/app/", false);

	private static final Log LOGGER = LogFactory.getLog(RemoteProperties.class);

	private final RemoteProperties properties = new RemoteProperties(false, LOGGER);

	@Test
	void takesKeysAfterThePrefixAsNames() {
		assertThat(read(Fixtures.kv("config/app/demo.greeting", "Hi", 7)))
			.containsExactly(Map.entry("demo.greeting", new ConfigValue("Hi", "config/app/demo.greeting", 7)));
	}

	@Test
	void readsSlashesAsDots() {
		assertThat(read(Fixtures.kv("config/app/demo/list[0]/name", "x", 1))).containsOnlyKeys("demo.list[0].name");
	}

	@Test
	void keepsEmptyValue() {
		assertThat(read(Fixtures.kv("config/app/empty", "", 1)).get("empty")).extracting(ConfigValue::value)
			.isEqualTo("");
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcd.endpoints", "etcd/endpoints", "etcd", "ETCD.Endpoints", "java.security.policy",
			"jdk.tls.x", "logging.config", "logging/config", "Logging.Config", "LOGGING.CONFIG",
			"management.endpoints.web.exposure.include", "management/endpoints/web/exposure/include",
			"management.endpoint.env.show-values", "management.endpoint.env.showValues", "spring.config.import",
			"spring.config.import[0]", "spring.con-fig.import", "spring.con_fig.import", "SPRING.CONFIG.IMPORT",
			"spring.main.sources", "spring.Main.banner-mode", "spring.profiles.active", "spring.profiles",
			"spring.autoconfigure.exclude", "spring.auto-configure.exclude", "spring.autoConfigure.exclude",
			"spring.cloud.bootstrap.location", "spring.jmx.enabled", "spring[config].import",
			"[spring].[config].import", "spring[config][import]" })
	void refusesWhatDecidesWhatTheApplicationLoadsAndTrusts(String name, CapturedOutput output) {
		String key = "config/app/" + name;

		assertThat(read(Fixtures.kv(key, "S3CR3T", 7))).isEmpty();
		assertThat(output)
			.contains(
					"etcd key '" + key + "' at revision 7 is left out: " + "a remote source may not set this property")
			.doesNotContain("S3CR3T");
	}

	@ParameterizedTest
	@ValueSource(strings = { "etcdx.y", "logging.level.root", "logging.configuration", "management.server.port",
			"spring.application.name", "spring.datasource.url", "spring.mainly", "spring.cloud.discovery.enabled",
			"javax.x", "my.spring.config.import", "my.etcd.endpoints" })
	void takesOtherNames(String name) {
		assertThat(read(Fixtures.kv("config/app/" + name, "x", 1))).containsOnlyKeys(name);
	}

	@Test
	void refusesEverySpellingThatBindsToDeniedProperty() {
		Random random = new Random(20261122);
		int bound = 0;
		for (int i = 0; i < 1_000; i++) {
			String name = misspelt("spring.config.import", random);
			ConfigurationPropertySource source = ConfigurationPropertySource
				.from(new MapPropertySource("any", Map.of(name, "x")));
			Binder binder = new Binder(Objects.requireNonNull(source));
			boolean binds = binder.bind("spring.config.import", Bindable.listOf(String.class)).isBound();

			if (binds) {
				bound++;
				assertThat(read(Fixtures.kv("config/app/" + name, "x", 1))).as(name).isEmpty();
			}
		}
		assertThat(bound).isGreaterThan(100);
	}

	@ParameterizedTest
	@ValueSource(strings = { "#{T(java.lang.Runtime).getRuntime()}", "a #{1+1} b", "${x:#{1}}" })
	void refusesExpressions(String value, CapturedOutput output) {
		assertThat(read(Fixtures.kv("config/app/x", value, 1))).isEmpty();
		assertThat(output).contains(
				"its value holds an expression, or could become part of one; etcd.config.allow-expressions=true would let it be evaluated")
			.doesNotContain(value);
	}

	@Test
	void takesExpressionsWhenAllowed() {
		Map<String, ConfigValue> read = new RemoteProperties(true, LOGGER).read(CONTEXT,
				List.of(Fixtures.kv("config/app/x", "#{1}", 1)));

		assertThat(read).containsOnlyKeys("x");
	}

	@Test
	void leavesOutKeyThatIsNoText(CapturedOutput output) {
		byte[] key = "config/app/x?".getBytes(StandardCharsets.UTF_8);
		key[key.length - 1] = (byte) 0xff;

		assertThat(read(Fixtures.kv(key, "x", 3))).isEmpty();
		assertThat(output).contains("etcd key 'config/app/x\\xff' at revision 3 is left out: it names no property");
	}

	@Test
	void leavesOutKeyOfThePrefixItself() {
		assertThat(read(Fixtures.kv("config/app/", "x", 3))).isEmpty();
	}

	@Test
	void reportsKeyOnceUntilItIsWrittenAgain(CapturedOutput output) {
		read(Fixtures.kv("config/app/etcd.x", "x", 3));
		read(Fixtures.kv("config/app/etcd.x", "x", 3));
		read(Fixtures.kv("config/app/etcd.x", "x", 4));

		assertThat(output.toString().lines().filter((line) -> line.contains("is left out"))).hasSize(2);
	}

	@Test
	void remembersOnlyReportsOfKeysThatAreStillThere(CapturedOutput output) {
		read(Fixtures.kv("config/app/etcd.x", "x", 3));
		read();
		read(Fixtures.kv("config/app/etcd.x", "x", 3));

		assertThat(output.toString().lines().filter((line) -> line.contains("is left out"))).hasSize(2);
	}

	@Test
	void hidesNoOtherKeyWhenOneIsLeftOut() {
		assertThat(read(Fixtures.kv("config/app/etcd.x", "x", 3), Fixtures.kv("config/app/good", "y", 3)))
			.containsOnlyKeys("good");
	}

	@Test
	void neverThrowsWhateverTheKey() {
		Random random = new Random(20261122);
		byte[] prefix = CONTEXT.prefix().getBytes(StandardCharsets.UTF_8);
		for (int i = 0; i < 1_000; i++) {
			byte[] tail = new byte[random.nextInt(12)];
			random.nextBytes(tail);
			byte[] key = Arrays.copyOf(prefix, prefix.length + tail.length);
			for (int j = 0; j < tail.length; j++) {
				key[prefix.length + j] = random.nextBoolean() ? tail[j]
						: (byte) "[].-_/#{a0".charAt(random.nextInt(10));
			}

			assertThat(read(Fixtures.kv(key, "x", i)).size()).isLessThanOrEqualTo(1);
		}
	}

	private Map<String, ConfigValue> read(KeyValue... kvs) {
		return new HashMap<>(this.properties.read(CONTEXT, List.of(kvs)));
	}

	private static String misspelt(String name, Random random) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			switch (random.nextInt(12)) {
				case 0 -> text.append(Character.toUpperCase(c));
				case 1 -> text.append(c).append((c != '.') ? "-" : "");
				case 2 -> text.append((c != '.') ? "_" : "").append(c);
				case 3 -> text.append((c == '.') ? "/" : c);
				default -> text.append(c);
			}
		}
		return text.append((random.nextInt(4) == 0) ? "[0]" : "").toString().replace('/', '.');
	}

}
