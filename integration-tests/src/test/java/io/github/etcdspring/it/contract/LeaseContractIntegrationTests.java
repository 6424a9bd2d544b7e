/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.LeaseNotFoundException;
import io.github.etcdspring.Outcome;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.lease.LeaseGrant;
import io.github.etcdspring.lease.LeaseTimeToLive;
import io.github.etcdspring.lease.RevokeResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Contract
class LeaseContractIntegrationTests {

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	LeaseContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
	}

	private void attach(String name, LeaseId lease) {
		this.client.kv().put(PutRequest.of(this.keys.key(name), ByteSequence.EMPTY).withLease(lease));
	}

	@Test
	void grantsWhatIsAskedForWhenServerAllowsIt() {
		long before = this.client.ticker().nanoTime();

		LeaseGrant grant = this.client.lease().grant(Duration.ofSeconds(30));

		assertThat(grant.id().isNone()).isFalse();
		assertThat(grant.ttl()).isEqualTo(Duration.ofSeconds(30));
		assertThat(grant.requestedAtNanos()).isBetween(before, this.client.ticker().nanoTime());
	}

	@Test
	void roundsUpToWholeSecondsWhenTtlIsNot() {
		assertThat(this.client.lease().grant(Duration.ofMillis(4_001)).ttl()).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void returnsMinimumOfServerWhenTtlIsBelowIt() {
		// half as much again as the election timeout of 500 ms, in whole seconds
		assertThat(this.client.lease().grant(Duration.ofMillis(1)).ttl()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void grantsDifferentLeasesWhenAskedTwice() {
		LeaseId first = this.client.lease().grant(Duration.ofSeconds(5)).id();

		assertThat(this.client.lease().grant(Duration.ofSeconds(5)).id()).isNotEqualTo(first);
	}

	@Test
	void deletesKeysAtOneRevisionWhenRevoked() {
		LeaseId lease = this.client.lease().grant(Duration.ofSeconds(30)).id();
		attach("a", lease);
		attach("b", lease);
		this.client.kv().put(this.keys.name("free"), "stays");

		RevokeResult revoked = this.client.lease().revoke(lease);

		long revision = revoked.header().revision();
		assertThat(namesAt(revision - 1)).containsExactly("a", "b", "free");
		assertThat(namesAt(revision)).containsExactly("free");
	}

	private List<String> namesAt(long revision) {
		return this.client.kv()
			.get(RangeRequest.builder(this.keys.range()).revision(revision).build())
			.kvs()
			.stream()
			.map((kv) -> this.keys.strip(kv.key()))
			.toList();
	}

	@Test
	void refusesWhenUnknownLeaseIsRevoked() {
		assertThatExceptionOfType(LeaseNotFoundException.class)
			.isThrownBy(() -> this.client.lease().revoke(new LeaseId(4711)))
			.satisfies((ex) -> assertThat(ex.outcome()).isEqualTo(Outcome.NOT_APPLIED));
	}

	@Test
	void tellsTimeAndKeysWhenLeaseLives() {
		LeaseId lease = this.client.lease().grant(Duration.ofSeconds(30)).id();
		attach("a", lease);
		attach("b", lease);

		LeaseTimeToLive found = this.client.lease().timeToLiveWithKeys(lease);

		assertThat(found.id()).isEqualTo(lease);
		assertThat(found.granted()).isEqualTo(Duration.ofSeconds(30));
		assertThat(found.remaining())
			.hasValueSatisfying((left) -> assertThat(left).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30)));
		assertThat(found.keys()).containsExactlyInAnyOrder(this.keys.key("a"), this.keys.key("b"));
	}

	@Test
	void tellsNothingWhenLeaseIsUnknown() {
		LeaseTimeToLive found = this.client.lease().timeToLive(new LeaseId(4711));

		assertThat(found.remaining()).isEmpty();
		assertThat(found.granted()).isZero();
		assertThat(found.keys()).isEmpty();
	}

	@Test
	void grantsLeaseThatEtcdctlFindsUnderItsId() {
		LeaseId lease = this.client.lease().grant(Duration.ofSeconds(30)).id();

		// etcdctl pads what it prints, one id in sixteen
		assertThat(this.server.etcdctl("lease", "timetolive", lease.toString()))
			.startsWith("lease %016x granted with TTL(30s)".formatted(lease.value()));
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		assertThat(this.client.lease()
			.grantAsync(Duration.ofSeconds(30))
			.thenCompose((grant) -> this.client.lease().timeToLiveAsync(grant.id()))
			.thenCompose((found) -> this.client.lease().revokeAsync(found.id())))
			.succeedsWithin(Duration.ofSeconds(10));
	}

}
