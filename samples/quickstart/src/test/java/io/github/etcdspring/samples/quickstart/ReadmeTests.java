/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.samples.quickstart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What README and reference say is so.
 */
class ReadmeTests {

	private static final Path ROOT = Path.of("../..");

	private static final Path SNIPPETS = Path.of("src/test/java/io/github/etcdspring/samples/quickstart/readme");

	@Test
	void showsSnippetsThatTheBuildCompiles() throws IOException {
		List<String> snippets = blocks("java");

		assertThat(snippets).hasSize(4);
		for (String snippet : snippets) {
			Matcher name = Pattern.compile("class (\\w+)").matcher(snippet);
			assertThat(name.find()).isTrue();
			String source = Files.readString(SNIPPETS.resolve(name.group(1) + ".java"));
			assertThat(source.substring(source.indexOf("@Component"))).isEqualTo(snippet);
		}
	}

	@Test
	void showsPropertiesThatExist() throws IOException {
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(new ByteArrayResource(blocks("yaml").get(0).getBytes(StandardCharsets.UTF_8)));

		List<String> names = Objects.requireNonNull(yaml.getObject())
			.stringPropertyNames()
			.stream()
			.filter((name) -> name.startsWith("etcd."))
			.toList();

		assertThat(names).hasSizeGreaterThan(4);
		assertThat(properties().keySet()).containsAll(names);
	}

	@Test
	void givesTheTestCommandThatTheBuildMachineRuns() throws IOException {
		assertThat(blocks("")).contains("./quickstart\n", "./mvnw verify\n");
		assertThat(Files.readString(ROOT.resolve(".ci/run"))).contains("./mvnw -B -ntp verify\n");
	}

	@Test
	void listsEveryPropertyWithItsDefaultInTheReference() throws IOException {
		List<String> rows = Files.readAllLines(ROOT.resolve("docs/reference.md"));

		properties().forEach((name, defaultValue) -> assertThat(rows).as(name)
			.anyMatch((row) -> row
				.startsWith("| `" + name + "` | " + (defaultValue.isEmpty() ? "|" : "`" + defaultValue + "` |"))));
	}

	private static List<String> blocks(String language) throws IOException {
		List<String> blocks = new ArrayList<>();
		Matcher block = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
			.matcher(Files.readString(ROOT.resolve("README.md")));
		while (block.find()) {
			blocks.add(block.group(1));
		}
		return blocks;
	}

	/** Returns our properties, each with its default, from the metadata in the jar. */
	private static Map<String, String> properties() throws IOException {
		Map<String, String> properties = new TreeMap<>();
		ClassLoader loader = Objects.requireNonNull(ReadmeTests.class.getClassLoader());
		for (var metadata : Collections.list(loader.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream in = metadata.openStream()) {
				for (JsonNode property : JsonMapper.builder().build().readTree(in).path("properties")) {
					String name = property.path("name").asString();
					if (name.startsWith("etcd.") || name.startsWith("management.health.etcd.")) {
						properties.put(name, text(property.path("defaultValue")));
					}
				}
			}
		}
		return properties;
	}

	private static String text(JsonNode value) {
		if (value.isArray()) {
			List<String> elements = new ArrayList<>();
			value.forEach((element) -> elements.add(element.asString()));
			return String.join(",", elements);
		}
		return value.isMissingNode() ? "" : value.asString();
	}

}
