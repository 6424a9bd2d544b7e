/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.time.Duration;
import java.util.Map;

import io.github.etcdspring.boot.connection.InvalidPropertyException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * How the application is registered as a service instance, and where others are found.
 *
 * @param enabled Whether to discover services and to register this application as one.
 * @param prefix Key under which services are registered.
 * @param register Whether to register this application.
 * @param serviceName Name of the service. Defaults to spring.application.name.
 * @param instanceId Id of the instance, unique among those of its service. Defaults to
 * host, port and a random part.
 * @param hostname Host that others reach this instance at. Defaults to that of the first
 * network interface that is not loopback.
 * @param preferIpAddress Whether to register the address of the host instead of its name.
 * @param port Port that others reach this instance at. Defaults to that of the web
 * server; must be set for an application without one.
 * @param scheme How others reach this instance. Defaults to https if the web server has a
 * key, to http otherwise.
 * @param metadata What else others are told of this instance.
 * @param heartbeat How long the registration outlasts the instance.
 */
@ConfigurationProperties("etcd.discovery")
public record EtcdDiscoveryProperties(@DefaultValue("true") boolean enabled, @DefaultValue("services") String prefix,
		@DefaultValue("true") boolean register, @Nullable String serviceName, @Nullable String instanceId,
		@Nullable String hostname, @DefaultValue("false") boolean preferIpAddress, @Nullable Integer port,
		@Nullable Scheme scheme, @DefaultValue Map<String, String> metadata, @DefaultValue Heartbeat heartbeat) {

	/**
	 * Refuses a host and a port that nobody could call, and what no record can hold.
	 * @param enabled whether to discover services and to register this application as one
	 * @param prefix key under which services are registered
	 * @param register whether to register this application
	 * @param serviceName name of the service
	 * @param instanceId id of the instance, unique among those of its service
	 * @param hostname host that others reach this instance at
	 * @param preferIpAddress whether to register the address of the host instead of its
	 * name
	 * @param port port that others reach this instance at
	 * @param scheme how others reach this instance
	 * @param metadata what else others are told of this instance
	 * @param heartbeat how long the registration outlasts the instance
	 */
	public EtcdDiscoveryProperties {
		metadata = Map.copyOf(metadata);
		if (StringUtils.hasText(hostname) && !InstanceCodec.isHost(hostname)) {
			throw new InvalidPropertyException("etcd.discovery.hostname", hostname,
					"a host name or an IP address, without port and brackets");
		}
		if (instanceId != null && InstanceCodec.hasControlCharacters(instanceId)) {
			throw new InvalidPropertyException("etcd.discovery.instance-id", instanceId, "free of control characters");
		}
		metadata.forEach((name, value) -> {
			if (InstanceCodec.hasControlCharacters(name + value)) {
				throw new InvalidPropertyException("etcd.discovery.metadata", name,
						"free of control characters, name and value");
			}
		});
		if (port != null && (port < 1 || port > 65535)) {
			throw new InvalidPropertyException("etcd.discovery.port", port, "between 1 and 65535");
		}
	}

	/** How an instance is reached. */
	public enum Scheme {

		/** Without TLS. */
		HTTP,

		/** By TLS. */
		HTTPS

	}

	/**
	 * How long the registration outlasts the instance.
	 *
	 * @param ttl Time after which an instance that died is no longer listed.
	 */
	public record Heartbeat(@DefaultValue("15s") Duration ttl) {

		/**
		 * Refuses a time that no lease can have.
		 * @param ttl time after which an instance that died is no longer listed
		 */
		public Heartbeat {
			InvalidPropertyException.requireTtl("etcd.discovery.heartbeat.ttl", ttl);
		}

	}

}
