/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.leader;

import java.time.Duration;

import io.github.etcdspring.boot.connection.InvalidPropertyException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How this instance takes part in elections.
 *
 * @param enabled Whether to campaign for roles.
 * @param whenDisabled What guarded methods do when there is no election.
 * @param prefix Key under which candidates are put.
 * @param id What this instance is called as a candidate. Defaults to application, host
 * and process.
 * @param ttl Time after which the roles of an instance that died are free.
 */
@ConfigurationProperties("etcd.leader")
public record LeaderProperties(@DefaultValue("true") boolean enabled, @DefaultValue("skip") WhenDisabled whenDisabled,
		@DefaultValue("leaders") String prefix, @Nullable String id, @DefaultValue("15s") Duration ttl) {

	/**
	 * Refuses a time that no lease can have.
	 * @param enabled whether to campaign for roles
	 * @param whenDisabled what guarded methods do when there is no election
	 * @param prefix key under which candidates are put
	 * @param id what this instance is called as a candidate
	 * @param ttl time after which the roles of an instance that died are free
	 */
	public LeaderProperties {
		InvalidPropertyException.requireTtl("etcd.leader.ttl", ttl);
	}

	/** What guarded methods do when there is no election. */
	public enum WhenDisabled {

		/** They do nothing, on every instance. */
		SKIP,

		/** They run, on every instance. */
		RUN

	}

}
