/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.annotation.AliasFor;
import org.springframework.util.PropertyPlaceholderHelper;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class LeaderRolesTests {

	private final LeaderRoles roles = new LeaderRoles(
			(text) -> new PropertyPlaceholderHelper("${", "}", ":", null, false).replacePlaceholders(text,
					(name) -> Map.of("role", "resolved").get(name)));

	@Test
	void knowsNoRoleOfMethodWithoutAnnotation() {
		assertThat(role(OnMethods.class, "plain")).isEmpty();
	}

	@Test
	void takesRoleOfTheMethod() {
		assertThat(role(OnMethods.class, "named")).contains("reports");
		assertThat(role(OnMethods.class, "namedByName")).contains("reports");
	}

	@Test
	void namesRoleOfMethodByClassAndMethodWhenNoneIsGiven() {
		assertThat(role(OnMethods.class, "unnamed")).contains("OnMethods.unnamed");
	}

	@Test
	void namesRoleOfInheritedMethodByTheClassOfTheBean() {
		assertThat(role(OnMethodsToo.class, "unnamed")).contains("OnMethodsToo.unnamed");
	}

	@Test
	void takesRoleOfTheClassForItsMethods() {
		assertThat(role(OnClass.class, "work")).contains("of-class");
	}

	@Test
	void namesRoleOfClassByItsNameWhenNoneIsGiven() {
		assertThat(role(OnClassUnnamed.class, "work")).contains("OnClassUnnamed");
	}

	@Test
	void prefersRoleOfTheMethodToThatOfTheClass() {
		assertThat(role(OnClass.class, "own")).contains("of-method");
	}

	@Test
	void inheritsRoleOfTheSuperclass() {
		assertThat(role(OnClassToo.class, "work")).contains("of-class");
	}

	@Test
	void takesRoleOfTheInterface() {
		assertThat(role(Implementation.class, "work")).contains("of-interface");
	}

	@Test
	void findsRoleThroughTheInterfaceMethodItIsCalledBy() {
		assertThat(this.roles.roleOf(method(Contract.class, "work"), Implementation.class)).contains("of-interface");
	}

	@Test
	void takesRoleOfComposedAnnotation() {
		assertThat(role(OnMethods.class, "composed")).contains("nightly");
		assertThat(role(OnMethods.class, "composedWithOwnName")).contains("weekly");
	}

	@Test
	void resolvesPlaceholders() {
		assertThat(role(OnMethods.class, "placeholder")).contains("resolved");
		assertThat(role(OnMethods.class, "placeholderWithDefault")).contains("fallback");
	}

	@Test
	void failsWhenPlaceholderIsUnknown() {
		assertThatIllegalArgumentException().isThrownBy(() -> role(OnMethods.class, "unknownPlaceholder"))
			.withMessageContaining("missing");
	}

	@ParameterizedTest
	@ValueSource(strings = { "toString", "hashCode", "equals", "notify" })
	void leavesMethodsOfObjectEvenWhenTheyAreOverridden(String name) {
		assertThat(role(OnClass.class, name)).isEmpty();
	}

	private Optional<String> role(Class<?> type, String name) {
		return this.roles.roleOf(method(type, name), type);
	}

	private static Method method(Class<?> type, String name) {
		return Objects.requireNonNull(ReflectionUtils.findMethod(type, name, (Class<?>[]) null));
	}

	@Target({ ElementType.METHOD, ElementType.TYPE })
	@Retention(RetentionPolicy.RUNTIME)
	@Leader
	@interface Nightly {

		@AliasFor(annotation = Leader.class, attribute = "name")
		String role() default "nightly";

	}

	static class OnMethods {

		void plain() {
		}

		@Leader("reports")
		void named() {
		}

		@Leader(name = "reports")
		void namedByName() {
		}

		@Leader
		void unnamed() {
		}

		@Nightly
		void composed() {
		}

		@Nightly(role = "weekly")
		void composedWithOwnName() {
		}

		@Leader("${role}")
		void placeholder() {
		}

		@Leader("${missing:fallback}")
		void placeholderWithDefault() {
		}

		@Leader("${missing}")
		void unknownPlaceholder() {
		}

	}

	static class OnMethodsToo extends OnMethods {

	}

	@Leader("of-class")
	static class OnClass {

		void work() {
		}

		@Leader("of-method")
		void own() {
		}

		@Override
		public String toString() {
			return "overridden";
		}

		@Override
		public int hashCode() {
			return 1;
		}

		@Override
		public boolean equals(@Nullable Object other) {
			return other == this;
		}

	}

	static class OnClassToo extends OnClass {

	}

	@Leader
	static class OnClassUnnamed {

		void work() {
		}

	}

	interface Contract {

		@Leader("of-interface")
		void work();

	}

	static class Implementation implements Contract {

		@Override
		public void work() {
		}

	}

}
