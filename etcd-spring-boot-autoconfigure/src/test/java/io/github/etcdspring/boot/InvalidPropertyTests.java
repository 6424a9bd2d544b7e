/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What is said of properties that bind, but break a rule.
 */
@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertyTests {

	@ParameterizedTest
	@CsvSource({ "etcd.discovery.heartbeat.ttl,500ms,500ms,at least 1s", "etcd.leader.ttl,500ms,500ms,at least 1s",
			"etcd.lock.ttl,-5s,-5000ms,at least 1s", "etcd.request-timeout,0s,0ms,above zero",
			"etcd.max-inbound-message-size,4GB,4294967296B,at least 4MB and less than 2GB",
			"etcd.max-inbound-message-size,1KB,1024B,at least 4MB and less than 2GB",
			"etcd.discovery.port,70000,70000,between 1 and 65535",
			"etcd.discovery.hostname,localhost:8080,localhost:8080,'a host name or an IP address, without port and brackets'" })
	void endsInOneAnalysisThatNamesPropertyValueAndRule(String property, String value, String shown, String rule,
			CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(property, value));

		assertThat(output).containsOnlyOnce("APPLICATION FAILED TO START")
			.contains("The property '" + property + "' is set to '" + shown + "', which is not valid: it must be "
					+ rule + ".")
			.contains("Correct '" + property + "', or leave it out.");
	}

	@ParameterizedTest
	@CsvSource({ "etcd.config.startup-timeout,0s,0ms", "etcd.config.watch.debounce,-1s,-1000ms",
			"etcd.config.watch.max-delay,0s,0ms", "etcd.request-timeout,0s,0ms" })
	void endsInOneAnalysisWhenImporting(String property, String value, String shown, CapturedOutput output) {
		assertThatException().isThrownBy(() -> run(property, value, "--spring.config.import=etcd:"));

		assertThat(output).containsOnlyOnce("APPLICATION FAILED TO START")
			.contains("The property '" + property + "' is set to '" + shown
					+ "', which is not valid: it must be above zero.");
	}

	@Test
	void refusesMetadataThatOthersWouldPassOver(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("etcd.discovery.metadata.much", "x".repeat(16 * 1024)));

		assertThat(output).containsOnlyOnce("APPLICATION FAILED TO START")
			.contains("The property 'etcd.discovery.metadata' is set to '1 entries', which is not valid: it must be at "
					+ "most 16 KiB, with the rest of the record.");
	}

	@Test
	void refusesControlCharactersThatOthersWouldPassOver(CapturedOutput output) {
		assertThatException().isThrownBy(() -> run("etcd.discovery.instance-id", "a\tb"));
		assertThatException().isThrownBy(() -> run("etcd.discovery.metadata.zone", "a\tb"));

		assertThat(output).contains("The property 'etcd.discovery.instance-id' is set to")
			.contains("The property 'etcd.discovery.metadata' is set to 'zone', which is not valid: it must be free of "
					+ "control characters, name and value.");
	}

	@Test
	void takesBlankInstanceIdAsNone() {
		assertThatNoException().isThrownBy(() -> run("etcd.discovery.instance-id", "", "--etcd.discovery.port=8080"));
	}

	private static void run(String property, String value, String... arguments) {
		List<String> all = new ArrayList<>(List.of(arguments));
		all.add("--etcd.endpoints=http://127.0.0.1:1");
		if (!property.equals("etcd.discovery.hostname")) {
			all.add("--etcd.discovery.hostname=host");
		}
		all.add("--" + property + "=" + value);
		all.add("--spring.main.banner-mode=off");
		new SpringApplicationBuilder(App.class).web(WebApplicationType.NONE)
			.registerShutdownHook(false)
			.run(all.toArray(String[]::new))
			.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class App {

	}

}
