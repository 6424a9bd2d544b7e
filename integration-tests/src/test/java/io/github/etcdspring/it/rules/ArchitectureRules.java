/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.members;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * The rules of style §3.5. The root package is a parameter, so that each can be tried on
 * classes that break it.
 */
final class ArchitectureRules {

	private static final String AUTO_CONFIGURATION = "org.springframework.boot.autoconfigure.AutoConfiguration";

	private static final String FORBIDDEN_NAME = "(.*[a-z0-9])?(Utils?|Helper|Manager|Common|Impl)([A-Z0-9].*)?";

	private static final Set<String> FORBIDDEN_PACKAGES = Set.of("util", "utils", "helper", "manager", "common",
			"impl");

	private final String root;

	ArchitectureRules(String root) {
		this.root = root;
	}

	private String in(String name) {
		return this.root + "." + name;
	}

	private String below(String name) {
		return in(name) + "..";
	}

	ArchRule packagesAreFreeOfCycles() {
		return slices().assignedFrom(new PackageSlices()).should().beFreeOfCycles();
	}

	ArchRule coreDoesNotDependOnSpring() {
		return noClasses().that()
			.resideOutsideOfPackage(below("boot"))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", below("boot"));
	}

	/** But for the hooks that are documented as such, each named here. */
	ArchRule publicApiDoesNotExposeProtobufGrpcNettyOrGuava() {
		return classes().that()
			.doNotHaveFullyQualifiedName(in("naming.resolver.EtcdNameResolverProvider"))
			.should(new ExposeNoTypeOf("io.grpc..", "com.google..", "io.netty..", below("internal")));
	}

	ArchRule onlyStatusTranslatorReadsGrpcStatus() {
		return noClasses().that()
			.doNotHaveFullyQualifiedName(in("client.StatusTranslator"))
			.should()
			.accessTargetWhere(Accesses.readsOfGrpcStatus());
	}

	ArchRule recipesUseOnlyTheClientFacade() {
		String[] recipes = Stream.of("session", "lock", "election", "cache", "naming", "mirror", "stm", "recipes")
			.map(this::in)
			.toArray(String[]::new);
		DescribedPredicate<JavaClass> usable = resideInAnyPackage("java..", "org.slf4j..", "org.jspecify..", this.root,
				in("internal"), in("kv"), in("lease"), in("watch"))
			.or(resideInAnyPackage(recipes))
			.or(name(in("client.EtcdClient")));
		return classes().that().resideInAnyPackage(recipes).should().onlyDependOnClassesThat(usable);
	}

	/** The one place beside the client that knows gRPC. */
	ArchRule resolverUsesOnlyNamingAndGrpc() {
		DescribedPredicate<JavaClass> usable = resideInAnyPackage("java..", "org.slf4j..", "org.jspecify..", "io.grpc",
				in("internal"), in("naming"), in("naming.resolver"))
			.or(name(in("client.EtcdClient")));
		return classes().that().resideInAPackage(in("naming.resolver")).should().onlyDependOnClassesThat(usable);
	}

	ArchRule contractPackagesDependOnlyOnVocabulary(String contract) {
		return classes().that()
			.resideInAPackage(in(contract))
			.should()
			.onlyDependOnClassesThat(resideInAnyPackage("java..", "org.jspecify..", this.root, in(contract)));
	}

	ArchRule vocabularyDependsOnNothingOfOurs() {
		return noClasses().that()
			.resideInAPackage(this.root)
			.should()
			.dependOnClassesThat(resideInAPackage(this.root + "..").and(not(resideInAPackage(this.root))));
	}

	ArchRule nothingUsesWhatIsForTests() {
		return noClasses().that()
			.resideOutsideOfPackage(in("testing"))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(in("testing"));
	}

	/** All may use the connection, and it uses none of them. */
	ArchRule springFeaturesDoNotDependOnEachOther() {
		return slices().matching(in("boot.(*).."))
			.should()
			.notDependOnEachOther()
			.ignoreDependency(alwaysTrue(), resideInAPackage(in("boot.connection")));
	}

	ArchRule autoConfigurationsAreFinal() {
		return classes().that().areAnnotatedWith(AUTO_CONFIGURATION).should().haveModifier(JavaModifier.FINAL);
	}

	ArchRule autoConfigurationsHaveNoPublicMembers() {
		return members().that()
			.areDeclaredInClassesThat()
			.areAnnotatedWith(AUTO_CONFIGURATION)
			.and(describe("are no constructors", (JavaMember member) -> !member.getName().equals("<init>")))
			.should()
			.notBePublic();
	}

	ArchRule conditionsAndListenersAreNotPublic() {
		return classes().that()
			.areAssignableTo("org.springframework.context.annotation.Condition")
			.or()
			.areAssignableTo("org.springframework.context.ApplicationListener")
			.should()
			.notBePublic()
			.allowEmptyShould(true);
	}

	ArchRule everyPackageIsNullMarked() {
		return classes().should(new ArchCondition<>("be in a package that is @NullMarked") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
					events.add(SimpleConditionEvent.violated(type, type.getPackageName() + " is not @NullMarked"));
				}
			}

		});
	}

	ArchRule noTypeNamedUtilHelperManagerCommonOrImpl() {
		return noClasses().should(ArchCondition.from(describe("have a name that says nothing", (JavaClass type) -> {
			String folder = type.getPackageName().substring(type.getPackageName().lastIndexOf('.') + 1);
			return type.getSimpleName().matches(FORBIDDEN_NAME) || FORBIDDEN_PACKAGES.contains(folder);
		})));
	}

	/**
	 * The wall clock is for two things only: to tell the life of a token that says when
	 * it expires, for which it is given to whoever needs it, and to make up names of keys
	 * as Go's recipes do.
	 */
	ArchRule onlyTickerReadsTheClock() {
		return noClasses().that()
			.doNotHaveFullyQualifiedName(in("Ticker"))
			.and()
			.doNotHaveFullyQualifiedName(in("client.WallClock"))
			.and()
			.doNotHaveFullyQualifiedName(in("recipes.UnixNanos"))
			.should()
			.accessTargetWhere(Accesses.readsOfClock());
	}

	ArchRule noThreadIsCreatedOutsideItsOwner() {
		List<String> owners = List.of(in("client.EtcdChannel"), in("client.CallbackExecutor"));
		return noClasses()
			.that(describe("own no threads",
					(JavaClass type) -> owners.stream().noneMatch((owner) -> type.getName().startsWith(owner))))
			.should()
			.accessTargetWhere(Accesses.creationsOfThreads());
	}

	ArchRule noStandardOutOrPrintStackTrace() {
		return GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
	}

	ArchRule generatedCodeIsUsedByClientOnly() {
		return noClasses().that()
			.resideOutsideOfPackages(in("client"), below("internal.proto"))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(below("internal.proto"));
	}

	/** Each package for itself, the root too. */
	private static final class PackageSlices implements SliceAssignment {

		@Override
		public SliceIdentifier getIdentifierOf(JavaClass type) {
			return SliceIdentifier.of(type.getPackageName());
		}

		@Override
		public String getDescription() {
			return "packages";
		}

	}

}
