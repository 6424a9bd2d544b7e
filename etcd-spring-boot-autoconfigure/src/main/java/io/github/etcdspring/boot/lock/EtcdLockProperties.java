/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.lock;

import java.time.Duration;

import io.github.etcdspring.boot.connection.InvalidPropertyException;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where locks live and how long they outlast their holder.
 *
 * @param enabled Whether to provide locks.
 * @param prefix Key under which the keys of locks are put.
 * @param ttl Time after which the locks of an instance that died are free.
 */
@ConfigurationProperties("etcd.lock")
public record EtcdLockProperties(@DefaultValue("true") boolean enabled, @DefaultValue("locks") String prefix,
		@DefaultValue("30s") Duration ttl) {

	/**
	 * Refuses a time that no lease can have.
	 * @param enabled whether to provide locks
	 * @param prefix key under which the keys of locks are put
	 * @param ttl time after which the locks of an instance that died are free
	 */
	public EtcdLockProperties {
		InvalidPropertyException.requireTtl("etcd.lock.ttl", ttl);
	}

}
