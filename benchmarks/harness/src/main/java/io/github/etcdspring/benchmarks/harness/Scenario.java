/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.benchmarks.harness;

import java.util.List;

/**
 * Something that is measured.
 *
 * @param name on the command line and in the table
 * @param operation what one operation is
 * @param group the scenarios that share a JVM
 * @param body does it
 */
public record Scenario(String name, String operation, Group group, Body body) {

	private static final List<Scenario> ALL = List.of(
			new Scenario("start", "JVM started, client opened, first get", Group.START, StartScenario::run),
			new Scenario("get", "get, one after the other", Group.CALLS, CallScenarios::get),
			new Scenario("put", "put, one after the other", Group.CALLS, CallScenarios::put),
			new Scenario("txn", "put if the key exists, one after the other", Group.CALLS, CallScenarios::txn),
			new Scenario("get-64", "get, 64 in flight", Group.CALLS, CallScenarios::get64),
			new Scenario("put-512", "put, 512 in flight", Group.CALLS, CallScenarios::put512),
			new Scenario("threads-64", "get, by 64 threads", Group.CALLS, CallScenarios::threads64),
			new Scenario("range-10000", "key of a range of 10,000", Group.CALLS, CallScenarios::range),
			new Scenario("grant", "lease granted, one after the other", Group.CALLS, CallScenarios::grant),
			new Scenario("lock", "lock taken and given back", Group.CALLS, CallScenarios::lock),
			new Scenario("event", "live event, 1 watch open", Group.STREAMS, WatchScenarios::event),
			new Scenario("event-100", "live event, 100 watches open", Group.STREAMS, WatchScenarios::event100),
			new Scenario("event-10000", "live event, 10,000 watches open", Group.STREAMS, WatchScenarios::event10000),
			new Scenario("backlog", "event of the past", Group.STREAMS, WatchScenarios::backlog),
			new Scenario("watches-1000", "watch opened, of 1,000", Group.STREAMS, WatchScenarios::open1000),
			new Scenario("watches-10000", "watch opened, of 10,000", Group.STREAMS, WatchScenarios::open10000),
			new Scenario("cache-lookup", "lookup, 1,000 keys cached", Group.STREAMS, LookupScenarios::cacheLookup),
			new Scenario("cache-update", "event, 1,000 keys cached", Group.STREAMS, LookupScenarios::cacheUpdate),
			new Scenario("discovery", "lookup, 100 endpoints known", Group.STREAMS, LookupScenarios::discovery),
			new Scenario("leases-100", "renewal, 100 leases kept", Group.LEASES, LeaseScenarios::keep100),
			new Scenario("leases-1000", "renewal, 1,000 leases kept", Group.LEASES, LeaseScenarios::keep1000),
			new Scenario("leases-10000", "renewal, 10,000 leases kept", Group.LEASES, LeaseScenarios::keep10000),
			new Scenario("recovery", "server killed and started again", Group.RECOVERY, RecoveryScenario::run));

	/**
	 * {@return all scenarios in the order of the table}
	 */
	public static List<Scenario> all() {
		return ALL;
	}

	/**
	 * {@return the scenario of a name}
	 * @param name one of the list
	 */
	public static Scenario named(String name) {
		return ALL.stream()
			.filter((scenario) -> scenario.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException(
					"scenario: '" + name + "' (expected: one of " + ALL.stream().map(Scenario::name).toList() + ")"));
	}

	/** Scenarios that share a JVM, and how often it is started. */
	public enum Group {

		/** The start of the JVM itself. */
		START(3),

		/** Unary calls. */
		CALLS(2),

		/** Watches and what stands on them. */
		STREAMS(2),

		/** Leases kept alive, which take their time. */
		LEASES(1),

		/** Repeats within itself. */
		RECOVERY(1);

		private final int rounds;

		Group(int rounds) {
			this.rounds = rounds;
		}

		/**
		 * {@return in how many rounds it takes part by default}
		 */
		public int rounds() {
			return this.rounds;
		}

	}

	/** What a scenario does. */
	@FunctionalInterface
	interface Body {

		void run(Run run) throws Exception;

	}

}
