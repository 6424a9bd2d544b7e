/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.springframework.aop.Advisor;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds all guarded methods once all singletons exist, refuses those that no proxy can
 * guard, and knows their roles.
 */
final class LeaderMethods implements SmartInitializingSingleton {

	private final ConfigurableListableBeanFactory beanFactory;

	private final LeaderRoles roles;

	private final Set<String> found = new TreeSet<>();

	LeaderMethods(ConfigurableListableBeanFactory beanFactory, LeaderRoles roles) {
		this.beanFactory = beanFactory;
		this.roles = roles;
	}

	/** Returns the roles of all guarded methods. */
	Set<String> roles() {
		return Set.copyOf(this.found);
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (String name : this.beanFactory.getBeanNamesForType(Object.class, true, false)) {
			Class<?> type = AutoProxyUtils.determineTargetClass(this.beanFactory, name);
			if (type != null && AnnotationUtils.isCandidateClass(type, Leader.class)) {
				inspect(name, ClassUtils.getUserClass(type));
			}
		}
	}

	private void inspect(String beanName, Class<?> type) {
		Map<Method, Leader> annotated = MethodIntrospector.selectMethods(type,
				(MethodIntrospector.MetadataLookup<Leader>) (method) -> AnnotatedElementUtils
					.findMergedAnnotation(method, Leader.class));
		annotated.keySet().forEach((method) -> requireInterceptable(method, type));
		boolean onClass = AnnotatedElementUtils.hasAnnotation(type, Leader.class);
		if (annotated.isEmpty() && !onClass) {
			return;
		}
		requireProxy(beanName, type);
		for (Method method : onClass ? methodsToBeCalled(type) : annotated.keySet()) {
			this.roles.roleOf(method, type).ifPresent((role) -> {
				requireInterceptable(method, type);
				this.found.add(requireValid(role, method));
			});
		}
	}

	/**
	 * Returns what {@link LeaderRoles} gives the class's role to, and others can call on
	 * the bean. What a class of another package keeps to itself is not for them.
	 */
	private static Set<Method> methodsToBeCalled(Class<?> type) {
		return MethodIntrospector.selectMethods(type,
				(ReflectionUtils.MethodFilter) (method) -> Modifier.isPublic(method.getModifiers())
						|| isOpenWithinPackage(method, type));
	}

	private static boolean isOpenWithinPackage(Method method, Class<?> type) {
		boolean ofPackage = method.getDeclaringClass().getPackageName().equals(type.getPackageName());
		int modifiers = method.getModifiers();
		return !Modifier.isPrivate(modifiers) && !Modifier.isStatic(modifiers)
				&& (ofPackage || (Modifier.isProtected(modifiers) && !Modifier.isFinal(modifiers)));
	}

	private static void requireInterceptable(Method method, Class<?> type) {
		int modifiers = method.getModifiers();
		boolean packagePrivate = (modifiers & (Modifier.PUBLIC | Modifier.PROTECTED | Modifier.PRIVATE)) == 0;
		if (packagePrivate && !method.getDeclaringClass().getPackageName().equals(type.getPackageName())) {
			throw new UnsupportedLeaderMethodException(method,
					"it is package-private, and the bean's class " + type.getName() + " is in another package",
					"Make the method public or protected.");
		}
		if (Modifier.isPrivate(modifiers) || Modifier.isStatic(modifiers) || Modifier.isFinal(modifiers)) {
			throw new UnsupportedLeaderMethodException(method,
					"it is private, static or final, and no proxy can override it",
					"Make the method neither private nor static nor final.");
		}
		requireSkippable(method, method.getReturnType());
	}

	private static void requireSkippable(Method method, Class<?> type) {
		if (type.isPrimitive() && type != void.class) {
			throw new UnsupportedLeaderMethodException(method,
					"a skipped run has no value to return as " + type.getName(),
					"Return void, or an object that may be null.");
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		if (adapter != null && adapter.getDescriptor().isDeferred()) {
			throw new UnsupportedLeaderMethodException(method,
					"a " + type.getSimpleName() + " begins when it is subscribed to, not when the method is called",
					"Return void, and block or subscribe in the method.");
		}
	}

	private void requireProxy(String beanName, Class<?> type) {
		if (!this.beanFactory.containsSingleton(beanName)) {
			return;
		}
		Object bean = this.beanFactory.getBean(beanName);
		if (bean instanceof ScopedObject) {
			// its target is a bean too, and has the proxy
			return;
		}
		if (bean instanceof Advised advised) {
			for (Advisor advisor : advised.getAdvisors()) {
				if (advisor instanceof LeaderAdvisor) {
					return;
				}
			}
		}
		throw new UnsupportedLeaderMethodException(type.getName(), "the bean '" + beanName + "' is not proxied",
				"Leave 'spring.aop.auto' on, and do not create the bean before its proxy can be made (as bean post processors are).");
	}

	private static String requireValid(String role, Method method) {
		String name = role.startsWith("/") ? role.substring(1) : role;
		if (name.isBlank() || name.contains("//") || name.length() > 200) {
			throw new UnsupportedLeaderMethodException(method, "its role '" + role + "' is not a name",
					"Give a role of 1 to 200 characters without '//'.");
		}
		return role;
	}

}
