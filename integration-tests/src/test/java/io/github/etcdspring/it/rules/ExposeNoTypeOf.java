/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.rules;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

/**
 * That nothing users can see of a class names a type of some packages: no supertype, no
 * public or protected field, method or constructor, type arguments included.
 */
final class ExposeNoTypeOf extends ArchCondition<JavaClass> {

	private final String[] packages;

	ExposeNoTypeOf(String... packages) {
		super("expose no type of " + String.join(", ", packages));
		this.packages = packages;
	}

	@Override
	public void check(JavaClass type, ConditionEvents events) {
		if (!isVisible(type)) {
			return;
		}
		Stream<JavaType> supertypes = Stream.concat(type.getSuperclass().stream(), type.getInterfaces().stream());
		forbidden(supertypes).forEach((found) -> violate(type, type.getName() + " is a " + found, events));
		type.getMembers()
			.stream()
			.filter(ExposeNoTypeOf::isVisible)
			.forEach((member) -> forbidden(typesOf(member))
				.forEach((found) -> violate(type, member.getFullName() + " exposes " + found, events)));
	}

	private static boolean isVisible(JavaClass type) {
		Optional<JavaClass> enclosing = type.getEnclosingClass();
		boolean visible = type.getModifiers().contains(JavaModifier.PUBLIC)
				|| type.getModifiers().contains(JavaModifier.PROTECTED);
		return visible && (enclosing.isEmpty() || isVisible(enclosing.get()));
	}

	private static boolean isVisible(JavaMember member) {
		Set<JavaModifier> modifiers = member.getModifiers();
		return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
	}

	private static Stream<JavaType> typesOf(JavaMember member) {
		if (member instanceof JavaCodeUnit code) {
			return Stream
				.of(Stream.of(code.getReturnType()), code.getParameterTypes().stream(),
						code.getExceptionTypes().stream())
				.flatMap((types) -> types);
		}
		return member.getAllInvolvedRawTypes().stream().map((type) -> type);
	}

	private Stream<String> forbidden(Stream<JavaType> types) {
		return types.flatMap((type) -> type.getAllInvolvedRawTypes().stream())
			.filter(JavaClass.Predicates.resideInAnyPackage(this.packages))
			.map(JavaClass::getName)
			.distinct();
	}

	private static void violate(JavaClass type, String message, ConditionEvents events) {
		events.add(SimpleConditionEvent.violated(type, message));
	}

}
