/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.lang.reflect.Method;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.etcdspring.boot.JobOfAnotherPackage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ReactiveTypeDescriptor;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

class LeaderMethodsTests {

	private static final String NO_PROXY_CAN = "it is private, static or final, and no proxy can override it";

	private static final String MAKE_IT_NEITHER = "Make the method neither private nor static nor final.";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("reports.role=nightly")
		.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class, AopAutoConfiguration.class,
				LeaderAutoConfiguration.class));

	@Test
	void knowsRolesOfAllGuardedMethods() {
		this.runner.withBean(GuardedBeans.Good.class)
			.withBean(GuardedBeans.GoodClass.class)
			.run((context) -> assertThat(context.getBean(LeaderMethods.class).roles()).containsExactlyInAnyOrder("void",
					"reference", "future", "package", "nightly", "/cross", "Good.unnamed", "GoodClass"));
	}

	@Test
	void knowsRoleOfClassWhoseMethodsAreInheritedAndPackagePrivate() {
		this.runner.withBean(GuardedBeans.PackagePrivateMethodsOfClass.class)
			.run((context) -> assertThat(context.getBean(LeaderMethods.class).roles())
				.containsExactly("package-class"));
	}

	@Test
	void guardsMethodsOfConfigurationClassByTheRoleThatIsJoined() {
		this.runner.withUserConfiguration(GuardedBeans.Configured.class).run((context) -> {
			Object bean = context.getBean(GuardedBeans.Configured.class);
			Class<?> generated = Objects.requireNonNull(AopProxyUtils.getSingletonTarget(bean)).getClass();
			Method job = Objects.requireNonNull(ReflectionUtils.findMethod(generated, "job"));

			assertThat(generated.getSimpleName()).contains("$$");
			assertThat(context.getBean(LeaderMethods.class).roles()).containsExactly("Configured.job");
			assertThat(context.getBean(LeaderRoles.class).roleOf(job, generated)).contains("Configured.job");
		});
	}

	@Test
	void knowsNoRoleWhenNothingIsGuarded() {
		this.runner.withBean(GuardedBeans.Unguarded.class)
			.run((context) -> assertThat(context.getBean(LeaderMethods.class).roles()).isEmpty());
	}

	@Test
	void findsMethodsOfBeansThatAreMadeLater() {
		this.runner
			.withBean(GuardedBeans.Good.class, GuardedBeans.Good::new, (definition) -> definition.setLazyInit(true))
			.run((context) -> assertThat(context.getBean(LeaderMethods.class).roles()).contains("void"));
	}

	@Test
	void findsMethodsOfBeansInRefreshScope() {
		this.runner.withConfiguration(AutoConfigurations.of(RefreshAutoConfiguration.class))
			.withUserConfiguration(GuardedBeans.Refreshed.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(LeaderMethods.class).roles()).containsExactly("refreshed");
				assertThat(context.getBean(GuardedBeans.Refreshed.class).run()).isNull();
			});
	}

	@ParameterizedTest
	@MethodSource
	void refusesMethodThatNoProxyCanGuard(Class<?> type, String method, String reason, String action) {
		this.runner.withBean(type).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());

			assertThat(analysis.getDescription()).isEqualTo("@Leader can not guard " + type.getName() + method + ": "
					+ reason + ". Without the guard it would run on every instance.");
			assertThat(analysis.getAction()).isEqualTo(action);
		});
	}

	static Stream<Arguments> refusesMethodThatNoProxyCanGuard() {
		registerDeferredType();
		return Stream.of(arguments(GuardedBeans.PrivateMethod.class, ".run", NO_PROXY_CAN, MAKE_IT_NEITHER),
				arguments(GuardedBeans.StaticMethod.class, ".run", NO_PROXY_CAN, MAKE_IT_NEITHER),
				arguments(GuardedBeans.FinalMethod.class, ".run", NO_PROXY_CAN, MAKE_IT_NEITHER),
				arguments(GuardedBeans.FinalMethodOfClass.class, ".run", NO_PROXY_CAN, MAKE_IT_NEITHER),
				arguments(GuardedBeans.FinalPackagePrivateMethodOfClass.class, ".run", NO_PROXY_CAN, MAKE_IT_NEITHER),
				arguments(GuardedBeans.PrimitiveReturn.class, ".run", "a skipped run has no value to return as boolean",
						"Return void, or an object that may be null."),
				arguments(GuardedBeans.DeferredReturn.class, ".run",
						"a Deferred begins when it is subscribed to, not when the method is called",
						"Return void, and block or subscribe in the method."),
				arguments(GuardedBeans.BlankRole.class, ".run", "its role ' ' is not a name",
						"Give a role of 1 to 200 characters without '//'."),
				arguments(GuardedBeans.OnlySlash.class, ".run", "its role '/' is not a name",
						"Give a role of 1 to 200 characters without '//'."),
				arguments(GuardedBeans.TwoSlashes.class, ".run", "its role 'a//b' is not a name",
						"Give a role of 1 to 200 characters without '//'."),
				arguments(GuardedBeans.LongRole.class, ".run", "its role '" + "r".repeat(201) + "' is not a name",
						"Give a role of 1 to 200 characters without '//'."));
	}

	@Test
	void refusesPackagePrivateMethodInheritedFromAnotherPackage() {
		this.runner.withBean(GuardedBeans.Inheriting.class).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());

			assertThat(analysis.getDescription()).startsWith("@Leader can not guard "
					+ JobOfAnotherPackage.class.getName() + ".run: it is package-private, and the bean's class "
					+ GuardedBeans.Inheriting.class.getName() + " is in another package.");
			assertThat(analysis.getAction()).isEqualTo("Make the method public or protected.");
		});
	}

	@Test
	void refusesBeanThatIsNotProxied() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(LeaderAutoConfiguration.class))
			.withBean("good", GuardedBeans.Good.class)
			.run((context) -> {
				FailureAnalysis analysis = analyze(context.getStartupFailure());

				assertThat(analysis.getDescription()).isEqualTo("@Leader can not guard "
						+ GuardedBeans.Good.class.getName() + ": the bean 'good' is not proxied. "
						+ "Without the guard it would run on every instance.");
				assertThat(analysis.getAction()).isEqualTo("Leave 'spring.aop.auto' on, and do not create the bean "
						+ "before its proxy can be made (as bean post processors are).");
			});
	}

	@Test
	void refusesBeanThatIsMadeBeforeItsProxyCanBe() {
		this.runner.withBean(GuardedBeans.EarlyPostProcessor.class)
			.run((context) -> assertThat(analyze(context.getStartupFailure()).getDescription())
				.contains(GuardedBeans.EarlyPostProcessor.class.getName())
				.contains("is not proxied"));
	}

	@Test
	void failsAsSpringDoesWhenClassIsFinal() {
		this.runner.withBean(GuardedBeans.FinalClass.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("Cannot subclass final class"));
	}

	@Test
	void failsWhenPlaceholderIsUnknown() {
		this.runner.withBean(GuardedBeans.UnknownPlaceholder.class)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("no.such.role"));
	}

	private static FailureAnalysis analyze(@Nullable Throwable failure) {
		FailureAnalysis analysis = new UnsupportedLeaderMethodFailureAnalyzer()
			.analyze(Objects.requireNonNull(failure));
		return Objects.requireNonNull(analysis, "no analysis of " + failure);
	}

	/** Makes a type as deferred as Reactor's Mono, which is not on the class path. */
	private static void registerDeferredType() {
		Function<Object, Object> same = (object) -> object;
		ReflectionTestUtils.invokeMethod(ReactiveAdapterRegistry.getSharedInstance(), "registerReactiveType",
				ReactiveTypeDescriptor.singleOptionalValue(GuardedBeans.Deferred.class, GuardedBeans.Deferred::new),
				same, same);
	}

	static class Deferred {

	}

}
