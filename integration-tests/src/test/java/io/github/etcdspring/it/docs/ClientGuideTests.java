/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The guide of the client shows code that the build compiles and runs, all of it, and
 * says first what is not guaranteed.
 */
class ClientGuideTests {

	private static final Path ROOT = root();

	private static final Path GUIDE = ROOT.resolve("docs/client");

	private static final Path SNIPPETS = ROOT.resolve("integration-tests/src/test/java/io/github/etcdspring/it/docs");

	private static final Pattern BLOCK = Pattern.compile("^```java\n(.*?)\n```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern METHOD = Pattern.compile("^\tstatic .*[{]$", Pattern.MULTILINE);

	private static final Pattern LINK = Pattern.compile("\\[[^]]+]\\(([^)]+)\\)");

	private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

	/** The folder, this one or above it, that holds the wrapper. */
	private static Path root() {
		return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
			.filter((folder) -> Files.exists(folder.resolve("mvnw")))
			.findFirst()
			.orElseThrow();
	}

	static List<Path> pages() throws IOException {
		try (Stream<Path> pages = Files.list(GUIDE)) {
			return pages.sorted().toList();
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<String> find(Pattern pattern, int group, String text) {
		return pattern.matcher(text).results().map((MatchResult found) -> found.group(group)).toList();
	}

	/** Returns the class of a page: {@code ErrorsGuide} for {@code errors.md}. */
	private static String className(Path page) {
		String name = String.valueOf(page.getFileName()).replace(".md", "");
		return Arrays.stream(name.split("-"))
			.map((word) -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
			.collect(Collectors.joining("", "", "Guide"));
	}

	/**
	 * Whether lines of a source are those of a block, but for what all are indented by.
	 */
	private static boolean holds(String source, String block) {
		List<String> lines = source.lines().toList();
		int length = (int) block.lines().count();
		return IntStream.rangeClosed(0, lines.size() - length)
			.mapToObj((from) -> String.join("\n", lines.subList(from, from + length)).stripIndent())
			.anyMatch(block.stripIndent()::equals);
	}

	@ParameterizedTest
	@MethodSource("pages")
	void showsCodeThatTheBuildCompiles(Path page) {
		String source = read(SNIPPETS.resolve(className(page) + ".java"));

		assertThat(find(BLOCK, 1, read(page))).isNotEmpty().allMatch((block) -> holds(source, block));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void leavesNoCodeOut(Path page) {
		String source = read(SNIPPETS.resolve(className(page) + ".java"));

		assertThat(find(METHOD, 0, source)).isNotEmpty().allMatch((method) -> read(page).contains(method.strip()));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void runsItsCode(Path page) {
		String guide = className(page);
		String tests = read(SNIPPETS.resolve(guide + "IntegrationTests.java"));

		assertThat(find(Pattern.compile("\tstatic .* (\\w+)\\(.*[{]"), 1, read(SNIPPETS.resolve(guide + ".java"))))
			.allMatch((method) -> tests.contains(guide + "." + method + "("));
	}

	@ParameterizedTest
	@MethodSource("pages")
	void saysFirstWhatIsNotGuaranteed(Path page) {
		assertThat(find(HEADING, 1, read(page)).get(1)).isEqualTo("Not guaranteed");
	}

	@ParameterizedTest
	@MethodSource("pages")
	void linksToWhatIsThere(Path page) {
		assertThat(find(LINK, 1, read(page))).isNotEmpty()
			.allMatch((link) -> link.startsWith("https://") || leads(page, link));
	}

	private static boolean leads(Path page, String link) {
		String[] parts = link.split("#", 2);
		Path target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
		return Files.exists(target) && (parts.length == 1
				|| find(HEADING, 1, read(target)).stream().anyMatch((heading) -> anchor(heading).equals(parts[1])));
	}

	private static String anchor(String heading) {
		return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
	}

	@Test
	void isLinkedAsAWhole() throws IOException {
		String index = read(GUIDE.resolve("index.md"));

		assertThat(pages()).hasSizeGreaterThan(5)
			.filteredOn((page) -> !page.endsWith("index.md"))
			.allMatch((page) -> index.contains("(" + page.getFileName() + ")"));
		assertThat(read(ROOT.resolve("README.md"))).contains("(docs/client/index.md)");
	}

	@Test
	void noticesCodeThatDiffers() {
		assertThat(holds("\tvoid a() {\n\t\tb();\n\t}\n", "void a() {\n\tb();\n}")).isTrue();
		assertThat(holds("\tvoid a() {\n\t\tb();\n\t}\n", "void a() {\n\tc();\n}")).isFalse();
	}

}
