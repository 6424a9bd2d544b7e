/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What no file of the source tree may lack or hold.
 */
class SourceTreeTests {

	private static final Path ROOT = root();

	private static final List<Path> FILES = files();

	private static final int MOST_LINES = 400;

	/** Not written here as they are found, so that this file holds none of them. */
	private static final Pattern WAITING = Pattern.compile("Thread[.]sleep[(]|TimeUnit[.][A-Z]+[.]sleep[(]");

	private static final Pattern SKIPPING = Pattern.compile("@Disabled|assumeTrue|assumeFalse|assumeThat");

	private static final Pattern UNFINISHED = Pattern.compile("\\bTO" + "DO\\b|\\bFIX" + "ME\\b|\\bXX" + "X\\b");

	/** The folder, this one or above it, that holds the wrapper. */
	private static Path root() {
		return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
			.filter((folder) -> Files.exists(folder.resolve("mvnw")))
			.findFirst()
			.orElseThrow();
	}

	private static List<Path> files() {
		List<Path> files = new ArrayList<>();
		Set<String> skipped = Set.of("target", ".git", ".mvn", "node_modules");
		try {
			Files.walkFileTree(ROOT, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
					boolean skip = skipped.contains(String.valueOf(folder.getFileName()));
					return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
					files.add(ROOT.relativize(file));
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return files;
	}

	private static boolean isJava(Path file) {
		return file.toString().endsWith(".java");
	}

	private static boolean isTest(Path file) {
		return isJava(file) && file.toString().contains("/src/test/");
	}

	private static boolean isMain(Path file) {
		return isJava(file) && file.toString().contains("/src/main/");
	}

	private static boolean isScript(Path file) {
		boolean maven = file.toString().startsWith("mvnw");
		return !maven && (file.toString().endsWith(".sh") || read(file).startsWith("#!"));
	}

	private static String read(Path file) {
		try {
			// bytes as they are: not every file is text
			return Files.readString(ROOT.resolve(file), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Path> filesThat(Predicate<Path> condition, Predicate<String> content) {
		return FILES.stream().filter(condition).filter((file) -> content.test(read(file))).toList();
	}

	@Test
	void seesTheWholeTree() {
		assertThat(FILES).contains(Path.of("pom.xml"), Path.of("scripts/etcd"),
				Path.of("etcd-client-core/src/main/java/io/github/etcdspring/Ticker.java"));
		assertThat(FILES.stream().filter(SourceTreeTests::isMain)).hasSizeGreaterThan(100);
		assertThat(FILES.stream().filter(SourceTreeTests::isTest)).hasSizeGreaterThan(50);
		assertThat(FILES.stream().filter((file) -> file.toString().endsWith(".proto"))).isNotEmpty();
	}

	@Test
	void everySourceFileNamesItsLicence() {
		Predicate<Path> sources = (file) -> isJava(file) || file.toString().endsWith(".proto") || isScript(file);

		assertThat(filesThat(sources,
				(text) -> text.lines()
					.limit(10)
					.noneMatch((line) -> line.contains("SPDX-License-Identifier: Apache-2.0"))))
			.isEmpty();
	}

	@Test
	void noMainFileIsLongerThanAllowed() {
		assertThat(filesThat(SourceTreeTests::isMain, (text) -> text.lines().count() > MOST_LINES)).isEmpty();
	}

	@Test
	void noTestSleeps() {
		assertThat(filesThat(SourceTreeTests::isTest, (text) -> WAITING.matcher(text).find())).isEmpty();
	}

	@Test
	void noTestIsSkipped() {
		assertThat(filesThat((file) -> isTest(file) && !file.endsWith("SourceTreeTests.java"),
				(text) -> SKIPPING.matcher(text).find()))
			.isEmpty();
	}

	@Test
	void nothingIsLeftToDo() {
		Predicate<Path> sources = (file) -> isJava(file) || isScript(file) || file.toString().endsWith(".xml");

		assertThat(filesThat(sources, (text) -> UNFINISHED.matcher(text).find())).isEmpty();
	}

	@Test
	void findsWhatIsForbiddenWhenItIsThere() {
		assertThat(WAITING.matcher("Thread." + "sleep(10)").find()).isTrue();
		assertThat(SKIPPING.matcher("@" + "Disabled").find()).isTrue();
		assertThat(UNFINISHED.matcher("// TO" + "DO later").find()).isTrue();
	}

}
