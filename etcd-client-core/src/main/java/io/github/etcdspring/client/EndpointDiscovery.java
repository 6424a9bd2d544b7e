/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

import javax.naming.NamingException;

import io.github.etcdspring.EtcdRequestException;
import io.github.etcdspring.EtcdUnavailableException;
import io.github.etcdspring.FailureDetails;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.StatusCode;

/**
 * Finds the endpoints of a cluster in the DNS, by the SRV records that etcd's own tools
 * read: {@code _etcd-client-ssl._tcp.example.com} for TLS and
 * {@code _etcd-client._tcp.example.com} for plaintext. Immutable; look-ups block. <pre>
 * List&lt;String&gt; endpoints = EndpointDiscovery.srv("example.com").endpoints();
 * EtcdClient client = EtcdClient.create(EtcdClientOptions.builder(endpoints).build());
 * </pre>
 */
public final class EndpointDiscovery {

	private static final Pattern DOMAIN = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?");

	private static final Pattern SERVICE_NAME = Pattern.compile("[A-Za-z0-9-]+");

	private final String domain;

	private final String serviceName;

	private final SrvLookup lookup;

	private EndpointDiscovery(String domain, String serviceName, SrvLookup lookup) {
		this.domain = domain;
		this.serviceName = serviceName;
		this.lookup = lookup;
	}

	/**
	 * Looks in a domain.
	 * @param domain such as {@code example.com}
	 * @return a discovery by the system's name servers, each of which may take 5 s
	 * @throws IllegalArgumentException if it is no DNS name
	 */
	public static EndpointDiscovery srv(String domain) {
		if (!DOMAIN.matcher(domain).matches()) {
			throw new IllegalArgumentException("domain: '" + domain + "' (expected: a DNS name such as example.com)");
		}
		return new EndpointDiscovery(domain, "", new SrvLookup("", Duration.ofSeconds(5)));
	}

	/**
	 * Looks for one of several clusters of the domain, whose records are
	 * {@code _etcd-client-ssl-name._tcp} and {@code _etcd-client-name._tcp}.
	 * @param serviceName the name; letters, digits and hyphens
	 * @return another discovery
	 * @throws IllegalArgumentException if it is none
	 */
	public EndpointDiscovery withServiceName(String serviceName) {
		if (!SERVICE_NAME.matcher(serviceName).matches()) {
			throw new IllegalArgumentException(
					"service name: '" + serviceName + "' (expected: letters, digits and hyphens)");
		}
		return new EndpointDiscovery(this.domain, serviceName, this.lookup);
	}

	/**
	 * Asks a name server in place of the system's.
	 * @param nameServer such as {@code 10.0.0.53:53}
	 * @return another discovery
	 * @throws IllegalArgumentException if it is not a host and a port
	 */
	public EndpointDiscovery withNameServer(String nameServer) {
		try {
			String authority = TcpEndpoint.parse(nameServer, nameServer).authority();
			return new EndpointDiscovery(this.domain, this.serviceName,
					new SrvLookup(authority, this.lookup.timeout()));
		}
		catch (InvalidEndpointException ex) {
			throw new IllegalArgumentException("name server: '" + nameServer + "' (expected: host:port)", ex);
		}
	}

	/**
	 * Sets how long a name server may take for each of the two names.
	 * @param timeout at least 3 ms, in whole milliseconds
	 * @return another discovery
	 * @throws IllegalArgumentException if it is less
	 */
	public EndpointDiscovery withTimeout(Duration timeout) {
		if (timeout.compareTo(Duration.ofMillis(3)) < 0) {
			throw new IllegalArgumentException("timeout: " + timeout + " (expected: at least PT0.003S)");
		}
		return new EndpointDiscovery(this.domain, this.serviceName, new SrvLookup(this.lookup.nameServer(), timeout));
	}

	/**
	 * Looks the endpoints up. Where there are records for TLS, those for plaintext are
	 * not looked at, since a client speaks one of them.
	 * @return at least one, such as {@code https://etcd-0.example.com:2379}, for
	 * {@link EtcdClientOptions#builder} and {@link EtcdClient#setEndpoints}; those of the
	 * best priority first, of one priority those of the highest weight
	 * @throws EtcdRequestException if there is neither record
	 * @throws EtcdUnavailableException if no name server tells whether there is one, in
	 * time; plaintext is never taken because the records for TLS could not be had
	 * @throws InvalidEndpointException if a record names what cannot be an endpoint
	 */
	public List<String> endpoints() {
		List<String> secure = endpoints("https://", name("_etcd-client-ssl"));
		if (!secure.isEmpty()) {
			return secure;
		}
		List<String> plain = endpoints("http://", name("_etcd-client"));
		if (plain.isEmpty()) {
			throw new EtcdRequestException(FailureDetails.local("no endpoint found: neither " + name("_etcd-client-ssl")
					+ " nor " + name("_etcd-client") + " has an SRV record", StatusCode.NOT_FOUND), null);
		}
		return plain;
	}

	private String name(String service) {
		return service + (this.serviceName.isEmpty() ? "" : "-" + this.serviceName) + "._tcp." + this.domain;
	}

	private List<String> endpoints(String scheme, String name) {
		try {
			return this.lookup.lookUp(name)
				.stream()
				.map((record) -> Endpoint.parse(scheme + record.target() + ":" + record.port()).toString())
				.toList();
		}
		catch (NamingException ex) {
			throw new EtcdUnavailableException(new FailureDetails("no name server tells of " + name + ": " + ex, null,
					StatusCode.UNAVAILABLE, Outcome.NOT_APPLIED, true, null, 0), ex);
		}
	}

	/**
	 * Returns what is looked for.
	 */
	@Override
	public String toString() {
		return "EndpointDiscovery[" + name("_etcd-client") + "]";
	}

}
