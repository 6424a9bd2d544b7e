/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.config;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.boot.connection.InvalidPropertyException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What {@code spring.config.import=etcd:} reads, and how it is followed.
 *
 * @param enabled Whether to import configuration from etcd. When disabled, imports yield
 * nothing.
 * @param name Name of the application's own context. Defaults to spring.application.name.
 * @param prefixes Keys under which contexts are looked for; a later one wins.
 * @param defaultContext Name of the context that all applications share.
 * @param profileSeparator Text between the name of a context and a profile.
 * @param startupTimeout Time within which etcd must answer when the application starts.
 * @param allowExpressions Whether values may hold SpEL expressions. A value with '#{', or
 * that placeholders could make one of, is left out otherwise.
 * @param watch How changes are followed.
 */
@ConfigurationProperties("etcd.config")
public record EtcdConfigProperties(@DefaultValue("true") boolean enabled, @Nullable String name,
		@DefaultValue("config") List<String> prefixes, @DefaultValue("application") String defaultContext,
		@DefaultValue(",") String profileSeparator, @DefaultValue("10s") Duration startupTimeout,
		@DefaultValue("false") boolean allowExpressions, @DefaultValue Watch watch) {

	/**
	 * Refuses times that make no sense.
	 * @param enabled whether to import configuration from etcd
	 * @param name name of the application's own context
	 * @param prefixes keys under which contexts are looked for
	 * @param defaultContext name of the context that all applications share
	 * @param profileSeparator text between the name of a context and a profile
	 * @param startupTimeout time within which etcd must answer when the application
	 * starts
	 * @param allowExpressions whether values may hold SpEL expressions
	 * @param watch how changes are followed
	 */
	public EtcdConfigProperties {
		prefixes = List.copyOf(prefixes);
		InvalidPropertyException.requirePositive("etcd.config.startup-timeout", startupTimeout);
	}

	/**
	 * How changes are followed.
	 *
	 * @param enabled Whether to follow changes while the application runs.
	 * @param debounce Time without a further change after which changes are applied.
	 * @param maxDelay Time after which changes are applied though more of them come.
	 */
	public record Watch(@DefaultValue("true") boolean enabled, @DefaultValue("100ms") Duration debounce,
			@DefaultValue("1s") Duration maxDelay) {

		/**
		 * Refuses times that make no sense.
		 * @param enabled whether to follow changes while the application runs
		 * @param debounce time without a further change after which changes are applied
		 * @param maxDelay time after which changes are applied though more of them come
		 */
		public Watch {
			InvalidPropertyException.requirePositive("etcd.config.watch.debounce", debounce);
			InvalidPropertyException.requirePositive("etcd.config.watch.max-delay", maxDelay);
		}

	}

}
