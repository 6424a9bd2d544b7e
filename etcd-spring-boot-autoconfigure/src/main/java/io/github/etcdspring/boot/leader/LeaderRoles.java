/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;
import org.springframework.util.StringValueResolver;

/**
 * Knows the role of each method, from {@link Leader @Leader} on it or on its class.
 * Thread-safe.
 */
final class LeaderRoles {

	private final StringValueResolver placeholders;

	private final Map<MethodOfType, Optional<String>> roles = new ConcurrentHashMap<>();

	LeaderRoles(StringValueResolver placeholders) {
		this.placeholders = placeholders;
	}

	/** Returns the role of a method; empty if it is not guarded. */
	Optional<String> roleOf(Method method, Class<?> targetClass) {
		// a configuration class is a generated one, with a name of its own
		Class<?> type = ClassUtils.getUserClass(targetClass);
		Method specific = ClassUtils.getMostSpecificMethod(method, type);
		return this.roles.computeIfAbsent(new MethodOfType(specific, type), (key) -> find(specific, type));
	}

	private Optional<String> find(Method method, Class<?> targetClass) {
		if (ReflectionUtils.isObjectMethod(method)) {
			return Optional.empty();
		}
		Leader onMethod = AnnotatedElementUtils.findMergedAnnotation(method, Leader.class);
		if (onMethod != null) {
			return Optional.of(name(onMethod, targetClass.getSimpleName() + "." + method.getName()));
		}
		Leader onClass = AnnotatedElementUtils.findMergedAnnotation(targetClass, Leader.class);
		return (onClass != null && !method.isSynthetic()) ? Optional.of(name(onClass, targetClass.getSimpleName()))
				: Optional.empty();
	}

	private String name(Leader leader, String defaultName) {
		if (leader.name().isEmpty()) {
			return defaultName;
		}
		@Nullable String resolved = this.placeholders.resolveStringValue(leader.name());
		return (resolved != null) ? resolved : "";
	}

	private record MethodOfType(Method method, Class<?> type) {

	}

}
