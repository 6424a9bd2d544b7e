/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rules of style §3.5, held against the classes of all modules.
 */
class ArchitectureTests {

	private static final String ROOT = "io.github.etcdspring";

	private static final ArchitectureRules RULES = new ArchitectureRules(ROOT);

	/** All but the generated code. */
	private static final JavaClasses MAIN = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption((location) -> !location.contains("/internal/proto/"))
		.importPackages(ROOT);

	/** What applications run: all but the support of their tests. */
	private static final JavaClasses LIBRARY = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption((location) -> !location.contains("/internal/proto/"))
		.withImportOption((location) -> !location.contains("/boot/test/"))
		.importPackages(ROOT);

	@Test
	void seesTheClassesOfAllModules() {
		assertThat(MAIN.size()).isGreaterThan(150);
		assertThat(MAIN.contain(ROOT + ".client.UnaryCall")).isTrue();
		assertThat(MAIN.contain(ROOT + ".boot.connection.EtcdAutoConfiguration")).isTrue();
		assertThat(MAIN.contain(ROOT + ".boot.test.cluster.EtcdCluster")).isTrue();
		assertThat(LIBRARY.contain(ROOT + ".boot.test.cluster.EtcdCluster")).isFalse();
		assertThat(LIBRARY).noneMatch((type) -> type.getPackageName().contains(".it."));
	}

	@Test
	void packagesAreFreeOfCycles() {
		RULES.packagesAreFreeOfCycles().check(MAIN);
	}

	@Test
	void coreDoesNotDependOnSpring() {
		RULES.coreDoesNotDependOnSpring().check(MAIN);
	}

	@Test
	void publicApiDoesNotExposeProtobufGrpcNettyOrGuava() {
		RULES.publicApiDoesNotExposeProtobufGrpcNettyOrGuava().check(MAIN);
	}

	@Test
	void onlyStatusTranslatorReadsGrpcStatus() {
		RULES.onlyStatusTranslatorReadsGrpcStatus().check(MAIN);
	}

	@Test
	void recipesUseOnlyTheClientFacade() {
		RULES.recipesUseOnlyTheClientFacade().check(MAIN);
	}

	@Test
	void resolverUsesOnlyNamingAndGrpc() {
		RULES.resolverUsesOnlyNamingAndGrpc().check(MAIN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "kv", "lease", "watch", "cluster", "auth", "maintenance", "service", "testing" })
	void contractPackagesDependOnlyOnVocabulary(String contract) {
		RULES.contractPackagesDependOnlyOnVocabulary(contract).check(MAIN);
	}

	@Test
	void vocabularyDependsOnNothingOfOurs() {
		RULES.vocabularyDependsOnNothingOfOurs().check(MAIN);
	}

	@Test
	void nothingUsesWhatIsForTests() {
		RULES.nothingUsesWhatIsForTests().check(LIBRARY);
	}

	@Test
	void springFeaturesDoNotDependOnEachOther() {
		RULES.springFeaturesDoNotDependOnEachOther().check(MAIN);
	}

	@Test
	void autoConfigurationsAreFinalWithNoPublicMembers() {
		RULES.autoConfigurationsAreFinal().check(MAIN);
		RULES.autoConfigurationsHaveNoPublicMembers().check(MAIN);
	}

	@Test
	void conditionsAndListenersAreNotPublic() {
		RULES.conditionsAndListenersAreNotPublic().check(MAIN);
	}

	@Test
	void everyPackageIsNullMarked() {
		RULES.everyPackageIsNullMarked().check(MAIN);
	}

	@Test
	void noTypeNamedUtilHelperManagerCommonOrImpl() {
		RULES.noTypeNamedUtilHelperManagerCommonOrImpl().check(MAIN);
	}

	@Test
	void onlyTickerReadsTheClock() {
		RULES.onlyTickerReadsTheClock().check(LIBRARY);
	}

	@Test
	void noThreadIsCreatedOutsideItsOwner() {
		RULES.noThreadIsCreatedOutsideItsOwner().check(LIBRARY);
	}

	@Test
	void noStandardOutOrPrintStackTrace() {
		RULES.noStandardOutOrPrintStackTrace().check(LIBRARY);
	}

	@Test
	void generatedCodeIsUsedByClientOnly() {
		RULES.generatedCodeIsUsedByClientOnly().check(MAIN);
	}

}
