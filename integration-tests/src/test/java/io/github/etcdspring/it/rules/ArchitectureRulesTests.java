/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The control of {@link ArchitectureTests}: each rule objects to a class that breaks it,
 * and names it.
 */
class ArchitectureRulesTests {

	private static final String ROOT = "io.github.etcdspring.it.rules.planted";

	private static final ArchitectureRules RULES = new ArchitectureRules(ROOT);

	private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(ROOT);

	private static void assertObjects(ArchRule rule, String... details) {
		assertThat(String.join("\n", rule.evaluate(PLANTED).getFailureReport().getDetails())).contains(details);
	}

	@Test
	void objectsWhenPackagesAreInCycle() {
		assertObjects(RULES.packagesAreFreeOfCycles(), "Cycle detected", "WordThatUsesClient");
	}

	@Test
	void objectsWhenCoreUsesSpring() {
		assertObjects(RULES.coreDoesNotDependOnSpring(), "RecipeThatUsesGrpc", "StringUtils");
	}

	@Test
	void objectsWhenPublicMethodExposesProtobuf() {
		assertObjects(RULES.publicApiDoesNotExposeProtobufGrpcNettyOrGuava(),
				"PublicGrpc.bytes() exposes com.google.protobuf.ByteString");
	}

	@Test
	void toleratesWhatIsNotPublicWhenItUsesGrpc() {
		assertThat(RULES.publicApiDoesNotExposeProtobufGrpcNettyOrGuava()
			.evaluate(PLANTED)
			.getFailureReport()
			.getDetails()).hasSize(1);
	}

	@Test
	void objectsWhenAnotherClassReadsStatus() {
		assertObjects(RULES.onlyStatusTranslatorReadsGrpcStatus(), "PublicGrpc.isDown", "io.grpc.Status.getCode()");
	}

	@Test
	void objectsWhenRecipeUsesMoreThanTheFacade() {
		assertObjects(RULES.recipesUseOnlyTheClientFacade(), "RecipeThatUsesGrpc", "io.grpc.ManagedChannel");
	}

	@Test
	void objectsWhenResolverUsesMoreThanNamingAndGrpc() {
		assertObjects(RULES.resolverUsesOnlyNamingAndGrpc(), "ResolverThatUsesLease.lease()");
	}

	@Test
	void objectsWhenContractUsesClient() {
		assertObjects(RULES.contractPackagesDependOnlyOnVocabulary("kv"), "ContractThatUsesClient.client()");
	}

	@Test
	void objectsWhenVocabularyUsesClient() {
		assertObjects(RULES.vocabularyDependsOnNothingOfOurs(), "WordThatUsesClient");
	}

	@Test
	void objectsWhenWhatIsForTestsIsUsed() {
		assertObjects(RULES.nothingUsesWhatIsForTests(), "CallOnFakeTime.clock()");
	}

	@Test
	void objectsWhenFeatureUsesAnother() {
		assertObjects(RULES.springFeaturesDoNotDependOnEachOther(), "PublicAutoConfiguration", "Leading");
	}

	@Test
	void objectsWhenAutoConfigurationIsOpen() {
		assertObjects(RULES.autoConfigurationsAreFinal(), "PublicAutoConfiguration");
		assertObjects(RULES.autoConfigurationsHaveNoPublicMembers(), "PublicAutoConfiguration.leading()");
	}

	@Test
	void objectsWhenListenerIsPublic() {
		assertObjects(RULES.conditionsAndListenersAreNotPublic(), "PublicAutoConfiguration");
	}

	@Test
	void objectsWhenPackageIsNotNullMarked() {
		assertObjects(RULES.everyPackageIsNullMarked(), ROOT + ".unmarked is not @NullMarked");
	}

	@Test
	void objectsWhenTypeHasForbiddenName() {
		assertObjects(RULES.noTypeNamedUtilHelperManagerCommonOrImpl(), "RunnerHelper");
	}

	@Test
	void objectsWhenAnotherClassReadsClock() {
		assertObjects(RULES.onlyTickerReadsTheClock(), "java.lang.System.nanoTime()", "java.time.Instant.now()",
				"java.time.InstantSource.system()");
	}

	@Test
	void objectsWhenAnotherClassCreatesThreads() {
		assertObjects(RULES.noThreadIsCreatedOutsideItsOwner(), "RunnerHelper.thread()", "RunnerHelper.pool()");
	}

	@Test
	void objectsWhenClassWritesToStandardOut() {
		assertObjects(RULES.noStandardOutOrPrintStackTrace(), "java.lang.System.out");
	}

	@Test
	void objectsWhenAnotherPackageUsesGeneratedCode() {
		ArchRule rule = new ArchitectureRules("io.github.etcdspring").generatedCodeIsUsedByClientOnly();

		assertObjects(rule, "RecipeThatUsesGrpc.limit");
	}

}
