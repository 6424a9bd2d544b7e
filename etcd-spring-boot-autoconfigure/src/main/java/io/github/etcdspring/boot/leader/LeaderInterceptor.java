/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.etcdspring.election.Candidate;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * Lets a guarded method run if its role is held here, and skips it otherwise.
 */
final class LeaderInterceptor implements MethodInterceptor {

	private static final Log logger = LogFactory.getLog(LeaderInterceptor.class);

	private final LeaderRoles roles;

	/** Resolved at the first call, so that making proxies makes no other beans. */
	private final Supplier<LeaderElections> elections;

	private final Set<String> rolesSkipped = ConcurrentHashMap.newKeySet();

	LeaderInterceptor(LeaderRoles roles, Supplier<LeaderElections> elections) {
		this.roles = roles;
		this.elections = SingletonSupplier.of(elections);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object target = invocation.getThis();
		Class<?> type = (target != null) ? AopUtils.getTargetClass(target) : invocation.getMethod().getDeclaringClass();
		Optional<String> role = this.roles.roleOf(invocation.getMethod(), type);
		return role.isEmpty() ? invocation.proceed() : runIfLeader(role.get(), invocation);
	}

	private @Nullable Object runIfLeader(String role, MethodInvocation invocation) throws Throwable {
		LeaderElections elections = this.elections.get();
		Runnable end = elections.beginRun(role);
		if (end == null) {
			logSkip(role, elections);
			return valueOfSkipped(invocation.getMethod().getReturnType());
		}
		try {
			return invocation.proceed();
		}
		finally {
			end.run();
		}
	}

	private void logSkip(String role, LeaderElections elections) {
		Optional<Candidate> leader = elections.leader(role);
		if (leader.isPresent() && this.rolesSkipped.add(role)) {
			logger.info("Follower of role '" + role + "', the leader is " + leader.get().value());
		}
		else {
			logger.debug("Skipped a run of role '" + role + "'");
		}
	}

	private static @Nullable Object valueOfSkipped(Class<?> type) {
		if (type == Optional.class) {
			return Optional.empty();
		}
		return CompletionStage.class.isAssignableFrom(type) ? CompletableFuture.completedFuture(null) : null;
	}

}
