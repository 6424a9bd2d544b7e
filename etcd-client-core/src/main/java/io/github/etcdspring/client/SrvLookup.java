/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;

import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * Asks name servers for SRV records, through the JDK's DNS provider. Blocks.
 *
 * @param nameServer host and port; empty for those of the system
 * @param timeout how long a name server may take
 */
record SrvLookup(String nameServer, Duration timeout) {

	/** The provider waits a time for the first try, and twice that for the second. */
	private static final int TRIES = 2;

	private static final int TIMES_IN_ALL = 3;

	/**
	 * Returns the records of a name.
	 * @return the better first; empty if there is no such name or none of this kind
	 * @throws NamingException if no name server tells
	 */
	// the DNS provider makes no objects of what it reads, and the URL is always one of it
	@SuppressWarnings("BanJNDI")
	List<SrvRecord> lookUp(String name) throws NamingException {
		DirContext context = new InitialDirContext(environment());
		try {
			Attribute found = context.getAttributes(name, new String[] { "SRV" }).get("SRV");
			List<SrvRecord> records = new ArrayList<>();
			if (found != null) {
				for (Object text : Collections.list(found.getAll())) {
					records.add(SrvRecord.parse(text.toString()));
				}
			}
			// a target that is the root says that there is no service
			return records.stream()
				.filter((record) -> !record.target().isEmpty())
				.sorted(SrvRecord.BEST_FIRST)
				.toList();
		}
		catch (NameNotFoundException ex) {
			return List.of();
		}
		finally {
			context.close();
		}
	}

	// the type that the provider takes
	@SuppressWarnings("JdkObsolete")
	private Hashtable<String, String> environment() {
		Hashtable<String, String> environment = new Hashtable<>();
		environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
		environment.put(Context.PROVIDER_URL, this.nameServer.isEmpty() ? "dns:" : "dns://" + this.nameServer + "/");
		long first = Math.max(1, this.timeout.toMillis() / TIMES_IN_ALL);
		environment.put("com.sun.jndi.dns.timeout.initial", Long.toString(first));
		environment.put("com.sun.jndi.dns.timeout.retries", Integer.toString(TRIES));
		return environment;
	}

}
