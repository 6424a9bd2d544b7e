/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.lease.LeaseGrant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Contract
class KvWriteContractIntegrationTests {

	/** Above every key of the others. */
	private static final ByteSequence ABOVE = ByteSequence.copyOf(new byte[] { (byte) 0xff });

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	KvWriteContractIntegrationTests(ContractServer server) {
		this.client = server.connect();
	}

	@AfterEach
	void deleteKeysAboveThoseOfTheOthers() {
		this.client.kv().delete(DeleteRequest.of(KeyRange.prefix(ABOVE)));
	}

	private PutRequest put(String name, String value) {
		return PutRequest.of(this.keys.key(name), ByteSequence.of(value));
	}

	private KeyValue read(String name) {
		return this.client.kv().get(this.keys.name(name)).first().orElseThrow();
	}

	@Test
	void returnsRevisionOfWriteWhenKeyIsPut() {
		long first = this.client.kv().put(put("k", "1")).revision();
		long second = this.client.kv().put(put("k", "2")).revision();

		assertThat(second).isGreaterThan(first);
		KeyValue kv = read("k");
		assertThat(kv.createRevision()).isEqualTo(first);
		assertThat(kv.modRevision()).isEqualTo(second);
		assertThat(kv.version()).isEqualTo(2);
		assertThat(kv.value().toUtf8()).isEqualTo("2");
	}

	@Test
	void returnsNoPreviousWhenItWasNotAskedFor() {
		this.client.kv().put(put("k", "1"));

		assertThat(this.client.kv().put(put("k", "2")).previous()).isEmpty();
	}

	@Test
	void returnsPreviousWhenItWasAskedFor() {
		long first = this.client.kv().put(put("k", "1")).revision();

		PutResult result = this.client.kv().put(put("k", "2").withPrevious());

		KeyValue previous = result.previous().orElseThrow();
		assertThat(previous.value().toUtf8()).isEqualTo("1");
		assertThat(previous.modRevision()).isEqualTo(first);
	}

	@Test
	void returnsNoPreviousWhenKeyIsNew() {
		assertThat(this.client.kv().put(put("k", "1").withPrevious()).previous()).isEmpty();
	}

	@Test
	void attachesKeyWhenPutHasLease() {
		LeaseGrant lease = this.client.lease().grant(Duration.ofMinutes(1));

		this.client.kv().put(put("k", "1").withLease(lease.id()));

		assertThat(read("k").lease()).isEqualTo(lease.id());
		assertThat(this.client.lease().timeToLiveWithKeys(lease.id()).keys()).containsExactly(this.keys.key("k"));
	}

	@Test
	void detachesKeyWhenLaterPutHasNoLease() {
		LeaseGrant lease = this.client.lease().grant(Duration.ofMinutes(1));
		this.client.kv().put(put("k", "1").withLease(lease.id()));

		this.client.kv().put(put("k", "2"));

		assertThat(read("k").lease().isNone()).isTrue();
		assertThat(this.client.lease().timeToLiveWithKeys(lease.id()).keys()).isEmpty();
	}

	@Test
	void movesKeyToAnotherLeaseWhenPutKeepsValue() {
		LeaseGrant lease = this.client.lease().grant(Duration.ofMinutes(1));
		long written = this.client.kv().put(put("k", "1")).revision();

		PutResult result = this.client.kv()
			.put(PutRequest.keepingValue(this.keys.key("k")).withLease(lease.id()).withPrevious());

		KeyValue kv = read("k");
		assertThat(kv.value().toUtf8()).isEqualTo("1");
		assertThat(kv.lease()).isEqualTo(lease.id());
		assertThat(kv.version()).isEqualTo(2);
		assertThat(kv.modRevision()).isEqualTo(result.revision());
		assertThat(result.previous().orElseThrow().modRevision()).isEqualTo(written);
	}

	@Test
	void detachesKeyWhenPutKeepsValueAlone() {
		LeaseGrant lease = this.client.lease().grant(Duration.ofMinutes(1));
		this.client.kv().put(put("k", "1").withLease(lease.id()));

		this.client.kv().put(PutRequest.keepingValue(this.keys.key("k")));

		assertThat(read("k").value().toUtf8()).isEqualTo("1");
		assertThat(read("k").lease().isNone()).isTrue();
	}

	@Test
	void leavesKeyOnItsLeaseWhenPutKeepsLease() {
		LeaseGrant lease = this.client.lease().grant(Duration.ofMinutes(1));
		this.client.kv().put(put("k", "1").withLease(lease.id()));

		this.client.kv().put(put("k", "2").keepingLease());

		assertThat(read("k").value().toUtf8()).isEqualTo("2");
		assertThat(read("k").lease()).isEqualTo(lease.id());
		assertThat(this.client.lease().timeToLiveWithKeys(lease.id()).keys()).containsExactly(this.keys.key("k"));
	}

	@Test
	void leavesKeyOnNoLeaseWhenPutKeepsLeaseAndThereIsNone() {
		this.client.kv().put(put("k", "1"));

		this.client.kv().put(put("k", "2").keepingLease());

		assertThat(read("k").lease().isNone()).isTrue();
	}

	@Test
	void changesRevisionAloneWhenPutKeepsBoth() {
		LeaseGrant lease = this.client.lease().grant(Duration.ofMinutes(1));
		this.client.kv().put(put("k", "1").withLease(lease.id()));

		long touched = this.client.kv().put(PutRequest.keepingValue(this.keys.key("k")).keepingLease()).revision();

		assertThat(read("k").value().toUtf8()).isEqualTo("1");
		assertThat(read("k").lease()).isEqualTo(lease.id());
		assertThat(read("k").modRevision()).isEqualTo(touched);
	}

	@Test
	void deletesEveryKeyFromOneOnWhenRangeHasNoUpperBound() {
		this.client.kv().put(PutRequest.of(ABOVE.concat(ByteSequence.of("a")), ByteSequence.EMPTY));
		this.client.kv().put(PutRequest.of(ABOVE.concat(ByteSequence.of("b")), ByteSequence.EMPTY));
		this.client.kv().put(put("k", "1"));

		DeleteResult result = this.client.kv()
			.delete(DeleteRequest.of(KeyRange.from(ABOVE.concat(ByteSequence.of("b")))));

		assertThat(result.deleted()).isEqualTo(1);
		assertThat(this.client.kv().delete(DeleteRequest.of(KeyRange.prefix(ABOVE))).deleted()).isEqualTo(1);
		assertThat(this.client.kv().get(this.keys.name("k")).count()).isEqualTo(1);
	}

	@Test
	void leavesOutEndWhenRangeBetweenTwoKeysIsDeleted() {
		this.client.kv().put(put("a", "1"));
		this.client.kv().put(put("b", "1"));
		this.client.kv().put(put("c", "1"));

		DeleteResult result = this.client.kv()
			.delete(DeleteRequest.of(KeyRange.between(this.keys.key("a"), this.keys.key("c"))));

		assertThat(result.deleted()).isEqualTo(2);
		assertThat(this.client.kv().get(this.keys.range()).first().orElseThrow().key()).isEqualTo(this.keys.key("c"));
	}

	@Test
	void writesEmptyValueWhenAsked() {
		this.client.kv().put(put("k", ""));

		assertThat(read("k").value()).isEqualTo(ByteSequence.EMPTY);
	}

	@Test
	void deletesKeyWhenItExists() {
		long written = this.client.kv().put(put("k", "1")).revision();

		DeleteResult result = this.client.kv().delete(this.keys.name("k"));

		assertThat(result.deleted()).isEqualTo(1);
		assertThat(result.previous()).isEmpty();
		assertThat(result.revision()).isGreaterThan(written);
		assertThat(this.client.kv().get(this.keys.name("k")).first()).isEmpty();
	}

	@Test
	void deletesNothingWhenKeyDoesNotExist() {
		long written = this.client.kv().put(put("other", "1")).revision();

		DeleteResult result = this.client.kv().delete(this.keys.name("k"));

		assertThat(result.deleted()).isZero();
		assertThat(result.revision()).isGreaterThanOrEqualTo(written);
	}

	@Test
	void returnsPreviousInKeyOrderWhenRangeIsDeleted() {
		this.client.kv().put(put("b", "2"));
		this.client.kv().put(put("a", "1"));

		DeleteResult result = this.client.kv().delete(DeleteRequest.of(this.keys.range()).withPrevious());

		assertThat(result.deleted()).isEqualTo(2);
		assertThat(result.previous()).extracting((kv) -> this.keys.strip(kv.key()) + kv.value().toUtf8())
			.containsExactly("a1", "b2");
		assertThat(this.client.kv().get(this.keys.range()).count()).isZero();
	}

	@Test
	void beginsAtVersionOneWhenKeyIsCreatedAgain() {
		this.client.kv().put(put("k", "1"));
		this.client.kv().delete(this.keys.name("k"));

		long created = this.client.kv().put(put("k", "2")).revision();

		assertThat(read("k").version()).isEqualTo(1);
		assertThat(read("k").createRevision()).isEqualTo(created);
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		assertThat(this.client.kv()
			.putAsync(this.keys.name("k"), "1")
			.thenCompose((put) -> this.client.kv().deleteAsync(this.keys.name("k"))))
			.succeedsWithin(Duration.ofSeconds(10))
			.satisfies((result) -> assertThat(result.deleted()).isEqualTo(1));
	}

}
