/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.test.cluster;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * JUnit extension that gives tests an {@link EtcdCluster}: by {@link #cluster()} and as a
 * parameter. In a static field, or by {@code @ExtendWith} on the class, one cluster is
 * started for all tests of the class and its nested classes; after each test it is
 * healed, that is, members that do not run are restarted, paused ones resumed, and their
 * proxies let all pass, while keys and added members stay. In an instance field each test
 * gets a cluster of its own. When a test fails, the ends of the servers' logs are written
 * to standard error.
 * <p>
 * Not thread-safe: tests that share an instance must not run at the same time.
 */
public final class EtcdClusterExtension
		implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

	private static final int LOG_LINES = 40;

	private final EtcdCluster.Builder builder;

	private @Nullable EtcdCluster cluster;

	// classes that share the cluster and are not through: the outer one and its nested
	// ones
	private int classes;

	/**
	 * Creates an extension for a cluster of one member, for {@code @ExtendWith}.
	 */
	public EtcdClusterExtension() {
		this(EtcdCluster.builder());
	}

	private EtcdClusterExtension(EtcdCluster.Builder builder) {
		this.builder = builder;
	}

	/**
	 * {@return an extension for clusters of the default version}
	 * @param members 1 to 7
	 */
	public static EtcdClusterExtension members(int members) {
		return of(EtcdCluster.builder().members(members));
	}

	/**
	 * {@return an extension for clusters of any kind}
	 * @param builder starts them
	 */
	public static EtcdClusterExtension of(EtcdCluster.Builder builder) {
		return new EtcdClusterExtension(builder);
	}

	/**
	 * {@return the cluster of the current test or class}
	 * @throws IllegalStateException outside of tests
	 */
	public EtcdCluster cluster() {
		EtcdCluster current = this.cluster;
		if (current == null) {
			throw new IllegalStateException("no test is running");
		}
		return current;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		if (this.classes++ == 0) {
			this.cluster = this.builder.start();
		}
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		if (this.classes == 0) {
			this.cluster = this.builder.start();
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		if (context.getExecutionException().isPresent()) {
			System.err.println(context.getDisplayName() + " failed\n" + cluster().logTails(LOG_LINES));
		}
		if (this.classes == 0) {
			closeCluster();
		}
		else {
			cluster().heal();
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		if (--this.classes == 0) {
			closeCluster();
		}
	}

	private void closeCluster() {
		EtcdCluster current = this.cluster;
		this.cluster = null;
		if (current != null) {
			current.close();
		}
	}

	@Override
	public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
		return parameter.getParameter().getType() == EtcdCluster.class;
	}

	@Override
	public EtcdCluster resolveParameter(ParameterContext parameter, ExtensionContext context) {
		return cluster();
	}

}
