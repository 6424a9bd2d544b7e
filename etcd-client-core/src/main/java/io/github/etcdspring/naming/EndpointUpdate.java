/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.naming;

import java.util.Objects;

import io.github.etcdspring.LeaseId;

/**
 * One change of a service's endpoints, to be made together with others: Go's
 * {@code endpoints.Update}. Immutable.
 */
public sealed interface EndpointUpdate {

	/**
	 * Returns the change that writes an entry, whether there is one or not.
	 * @param id the entry's id, not empty
	 * @param endpoint the endpoint
	 * @return an entry that stays until it is deleted, unless a lease is added
	 */
	static Add add(String id, Endpoint endpoint) {
		return new Add(id, endpoint, LeaseId.NONE);
	}

	/**
	 * Returns the change that deletes an entry, if there is one.
	 * @param id the entry's id, not empty
	 * @return the change
	 */
	static Delete delete(String id) {
		return new Delete(id);
	}

	/**
	 * Returns which entry changes.
	 * @return the id: what follows the target in the entry's key
	 */
	String id();

	/**
	 * An entry is written.
	 *
	 * @param id its id
	 * @param endpoint the endpoint
	 * @param lease what it lives on; {@link LeaseId#NONE} if on nothing
	 */
	record Add(String id, Endpoint endpoint, LeaseId lease) implements EndpointUpdate {

		/**
		 * Checks that nothing is missing.
		 * @param id its id
		 * @param endpoint the endpoint
		 * @param lease what it lives on
		 */
		public Add {
			Objects.requireNonNull(id, "id");
			Objects.requireNonNull(endpoint, "endpoint");
			Objects.requireNonNull(lease, "lease");
		}

		/**
		 * Returns the same entry on a lease: etcd deletes it when the lease ends.
		 * @param lease the lease
		 * @return a new change
		 */
		public Add withLease(LeaseId lease) {
			return new Add(this.id, this.endpoint, lease);
		}

	}

	/**
	 * An entry is deleted.
	 *
	 * @param id its id
	 */
	record Delete(String id) implements EndpointUpdate {

		/**
		 * Checks that nothing is missing.
		 * @param id its id
		 */
		public Delete {
			Objects.requireNonNull(id, "id");
		}

	}

}
