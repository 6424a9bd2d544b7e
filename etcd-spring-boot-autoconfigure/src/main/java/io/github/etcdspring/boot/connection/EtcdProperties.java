/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.connection;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Where etcd is and how to speak to it.
 *
 * @param enabled Whether to enable the etcd auto-configuration.
 * @param endpoints Client addresses of the cluster's members: http://host:port or
 * https://host:port, all of one kind.
 * @param username User to authenticate as.
 * @param password Password of the user.
 * @param requestTimeout Time within which a call must be answered, all attempts included.
 * @param maxInboundMessageSize Size of the largest answer that is accepted, at least 4MB.
 */
@ConfigurationProperties("etcd")
public record EtcdProperties(@DefaultValue("true") boolean enabled,
		@DefaultValue("http://localhost:2379") List<String> endpoints, @Nullable String username,
		@Nullable String password, @DefaultValue("10s") Duration requestTimeout,
		@DefaultValue("16MB") DataSize maxInboundMessageSize) {

	private static final DataSize SMALLEST_LIMIT = DataSize.ofMegabytes(4);

	private static final DataSize LARGEST_LIMIT = DataSize.ofBytes(Integer.MAX_VALUE);

	/**
	 * Refuses what no client can be made of.
	 * @param enabled whether to enable the etcd auto-configuration
	 * @param endpoints client addresses of the cluster's members: http://host:port or
	 * https://host:port, all of one kind
	 * @param username user to authenticate as
	 * @param password password of the user
	 * @param requestTimeout time within which a call must be answered, all attempts
	 * included
	 * @param maxInboundMessageSize size of the largest answer that is accepted, at least
	 * 4MB
	 */
	public EtcdProperties {
		endpoints = List.copyOf(endpoints);
		InvalidPropertyException.requirePositive("etcd.request-timeout", requestTimeout);
		if (maxInboundMessageSize.compareTo(SMALLEST_LIMIT) < 0 || maxInboundMessageSize.compareTo(LARGEST_LIMIT) > 0) {
			throw new InvalidPropertyException("etcd.max-inbound-message-size", maxInboundMessageSize,
					"at least 4MB and less than 2GB");
		}
	}

	/** Names everything but the password. */
	@Override
	public String toString() {
		return "EtcdProperties[enabled=" + this.enabled + ", endpoints=" + this.endpoints + ", username="
				+ this.username + ", password=***, requestTimeout=" + this.requestTimeout + ", maxInboundMessageSize="
				+ this.maxInboundMessageSize + "]";
	}

}
