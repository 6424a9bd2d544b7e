/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.service;

import java.time.Duration;
import java.util.Objects;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;

/**
 * A wait for leadership: etcd's {@code CampaignRequest}, and how long it may take.
 *
 * @param name the election; its entries are the keys below {@code name/}
 * @param lease whose leadership it is; with {@link LeaseId#NONE} the server grants one of
 * 60 s, which {@link LeaderKey#lease()} names
 * @param value what the leader says of itself
 * @param timeout how long to wait, whatever the client's request timeout; above zero, and
 * at most 36,500 days
 */
public record CampaignRequest(ByteSequence name, LeaseId lease, ByteSequence value, Duration timeout) {

	/**
	 * Checks the timeout.
	 * @param name the election
	 * @param lease whose leadership it is
	 * @param value what the leader says of itself
	 * @param timeout how long to wait
	 * @throws IllegalArgumentException if it is not above zero, or too long
	 */
	public CampaignRequest {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(lease, "lease");
		Objects.requireNonNull(value, "value");
		WaitTimeout.check(timeout);
	}

	/**
	 * Returns a campaign in text.
	 * @param name the election
	 * @param lease whose leadership it is
	 * @param value what the leader says of itself
	 * @param timeout how long to wait
	 * @return the request
	 * @throws IllegalArgumentException if {@code timeout} is not above zero, or too long
	 */
	public static CampaignRequest of(String name, LeaseId lease, String value, Duration timeout) {
		return new CampaignRequest(ByteSequence.of(name), lease, ByteSequence.of(value), timeout);
	}

	/** Names the election and the lease, never the value. */
	@Override
	public String toString() {
		return "CampaignRequest[" + this.name + ", lease " + this.lease + ", " + this.value.size() + " bytes, timeout "
				+ this.timeout + "]";
	}

}
