/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.lang.reflect.Method;

import org.springframework.aop.support.StaticMethodMatcherPointcutAdvisor;
import org.springframework.core.Ordered;

/**
 * Puts {@link LeaderInterceptor} around guarded methods: outside transactions, so that a
 * skipped run begins none.
 */
final class LeaderAdvisor extends StaticMethodMatcherPointcutAdvisor {

	private static final long serialVersionUID = 1L;

	private final transient LeaderRoles roles;

	LeaderAdvisor(LeaderRoles roles, LeaderInterceptor interceptor) {
		super(interceptor);
		this.roles = roles;
		setOrder(Ordered.LOWEST_PRECEDENCE - 100);
	}

	@Override
	public boolean matches(Method method, Class<?> targetClass) {
		return this.roles.roleOf(method, targetClass).isPresent();
	}

}
