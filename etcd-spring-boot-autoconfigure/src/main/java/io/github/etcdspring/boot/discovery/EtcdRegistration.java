/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.boot.discovery;

import java.net.URI;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.util.StringUtils;

/**
 * This application as an instance of its service. The port is known once the web server
 * has one, or from the {@code etcd.discovery.port} property. Thread-safe.
 */
public final class EtcdRegistration implements Registration {

	private static final int MAX_PORT = 65535;

	private final String service;

	private final String host;

	private final boolean secure;

	private final Map<String, String> metadata;

	private final @Nullable String configuredId;

	private final boolean portConfigured;

	private final String random = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

	private volatile int port;

	EtcdRegistration(String service, String host, boolean secure, EtcdDiscoveryProperties properties) {
		this.service = service;
		this.host = host;
		this.secure = secure;
		this.metadata = Map.copyOf(properties.metadata());
		this.configuredId = StringUtils.hasText(properties.instanceId()) ? properties.instanceId() : null;
		this.portConfigured = properties.port() != null;
		this.port = (properties.port() != null) ? properties.port() : 0;
	}

	/**
	 * Takes the web server's port, unless one was configured; another when the server is
	 * started again.
	 */
	void webServerStarted(int port) {
		if (!this.portConfigured) {
			this.port = port;
		}
	}

	boolean hasPort() {
		return this.port > 0;
	}

	InstanceRecord toRecord(InstanceStatus status) {
		return toRecord(status, this.port);
	}

	/** Returns what takes the most space, whatever the port will be. */
	InstanceRecord toLargestRecord() {
		return toRecord(InstanceStatus.OUT_OF_SERVICE, MAX_PORT);
	}

	private InstanceRecord toRecord(InstanceStatus status, int port) {
		return new InstanceRecord(instanceId(port), this.service, this.host, port, this.secure, status, this.metadata);
	}

	private String instanceId(int port) {
		return (this.configuredId != null) ? this.configuredId : this.host + "-" + port + "-" + this.random;
	}

	@Override
	public String getInstanceId() {
		return instanceId(this.port);
	}

	@Override
	public String getServiceId() {
		return this.service;
	}

	@Override
	public String getHost() {
		return this.host;
	}

	@Override
	public int getPort() {
		return this.port;
	}

	@Override
	public boolean isSecure() {
		return this.secure;
	}

	@Override
	public URI getUri() {
		return new EtcdServiceInstance(toRecord(InstanceStatus.UP)).getUri();
	}

	@Override
	public Map<String, String> getMetadata() {
		return this.metadata;
	}

	@Override
	public String toString() {
		return this.service + "/" + getInstanceId();
	}

}
