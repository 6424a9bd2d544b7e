/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.Compare;
import io.github.etcdspring.kv.Compare.Relation;
import io.github.etcdspring.kv.DeleteRequest;
import io.github.etcdspring.kv.DeleteResult;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.PutResult;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.kv.TxnOperation;
import io.github.etcdspring.kv.TxnRequest;
import io.github.etcdspring.kv.TxnResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

@Contract
class KvTxnContractIntegrationTests {

	/** Above every key of the others. */
	private static final ByteSequence ABOVE = ByteSequence.copyOf(new byte[] { (byte) 0xff });

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	KvTxnContractIntegrationTests(ContractServer server) {
		this.client = server.connect();
	}

	@AfterEach
	void deleteKeysAboveThoseOfTheOthers() {
		this.client.kv().delete(DeleteRequest.of(KeyRange.prefix(ABOVE)));
	}

	private PutRequest put(String name, String value) {
		return PutRequest.of(this.keys.key(name), ByteSequence.of(value));
	}

	private RangeRequest get(String name) {
		return RangeRequest.of(this.keys.only(name));
	}

	/**
	 * Reads something too: a member answers a transaction without operations by what it
	 * has, and may lag behind.
	 */
	private boolean holds(Compare... compares) {
		return this.client.kv().txn().when(compares).then(get("any")).otherwise(get("any")).commit().succeeded();
	}

	@Test
	void runsFirstListWhenComparesHold() {
		TxnResult result = this.client.kv()
			.txn()
			.when(Compare.absent(this.keys.key("k")))
			.then(put("k", "won"))
			.otherwise(put("k", "lost"))
			.commit();

		assertThat(result.succeeded()).isTrue();
		assertThat(result.results()).singleElement().isInstanceOf(PutResult.class);
		assertThat(this.client.kv().get(this.keys.name("k")).first().orElseThrow().value().toUtf8()).isEqualTo("won");
		assertThat(this.client.kv().get(this.keys.name("k")).first().orElseThrow().modRevision())
			.isEqualTo(result.revision());
	}

	@Test
	void runsSecondListWhenCompareFails() {
		this.client.kv().put(put("k", "first"));

		TxnResult result = this.client.kv()
			.txn()
			.when(Compare.absent(this.keys.key("k")))
			.then(put("k", "won"))
			.otherwise(get("k"))
			.commit();

		assertThat(result.succeeded()).isFalse();
		assertThat(result.range(0).first().orElseThrow().value().toUtf8()).isEqualTo("first");
	}

	@Test
	void runsFirstListWhenThereIsNoCompare() {
		TxnResult result = this.client.kv().txn().then(put("k", "1")).otherwise(get("k")).commit();

		assertThat(result.succeeded()).isTrue();
	}

	@Test
	void runsSecondListWhenOneOfTwoComparesFails() {
		assertThat(holds(Compare.absent(this.keys.key("k")), Compare.exists(this.keys.key("k")))).isFalse();
	}

	@Test
	void returnsResultsInOrderOfOperationsWhenThereAreSeveral() {
		this.client.kv().put(put("gone", "old"));

		TxnResult result = this.client.kv()
			.txn()
			.then(get("gone"), DeleteRequest.of(this.keys.only("gone")).withPrevious(), put("new", "1").withPrevious(),
					get("new"))
			.commit();

		assertThat(result.range(0).first().orElseThrow().value().toUtf8()).isEqualTo("old");
		assertThat(result.results().get(1)).isInstanceOfSatisfying(DeleteResult.class, (deleted) -> {
			assertThat(deleted.deleted()).isEqualTo(1);
			assertThat(deleted.previous().get(0).value().toUtf8()).isEqualTo("old");
		});
		assertThat(result.results().get(2)).isInstanceOfSatisfying(PutResult.class,
				(put) -> assertThat(put.previous()).isEmpty());
		assertThat(result.range(3).first().orElseThrow().modRevision()).isEqualTo(result.revision());
	}

	@Test
	void writesAllKeysAtOneRevisionWhenListHasSeveralPuts() {
		TxnResult result = this.client.kv().txn().then(put("a", "1"), put("b", "2"), put("c", "3")).commit();

		assertThat(this.client.kv().get(this.keys.range()).kvs()).hasSize(3)
			.allSatisfy((kv) -> assertThat(kv.modRevision()).isEqualTo(result.revision()));
	}

	@Test
	void runsInnerTransactionWhenNested() {
		this.client.kv().put(put("k", "1"));
		TxnRequest inner = new TxnRequest(List.of(Compare.absent(this.keys.key("k"))), List.of(put("inner", "won")),
				List.of(put("inner", "lost"), get("k")));

		TxnResult result = this.client.kv().txn().when(Compare.exists(this.keys.key("k"))).then(inner).commit();

		assertThat(result.succeeded()).isTrue();
		assertThat(result.results()).singleElement().isInstanceOfSatisfying(TxnResult.class, (nested) -> {
			assertThat(nested.succeeded()).isFalse();
			assertThat(nested.range(1).first().orElseThrow().value().toUtf8()).isEqualTo("1");
		});
		assertThat(this.client.kv().get(this.keys.name("inner")).first().orElseThrow().value().toUtf8())
			.isEqualTo("lost");
	}

	@Test
	void tellsExistenceWhenComparedWithAbsentAndExists() {
		assertThat(holds(Compare.absent(this.keys.key("k")))).isTrue();
		assertThat(holds(Compare.exists(this.keys.key("k")))).isFalse();
		assertThat(holds(Compare.absent(this.keys.range()))).isTrue();

		this.client.kv().put(put("k", "1"));

		assertThat(holds(Compare.absent(this.keys.key("k")))).isFalse();
		assertThat(holds(Compare.exists(this.keys.key("k")))).isTrue();
		assertThat(holds(Compare.absent(this.keys.range()))).isFalse();
	}

	@Test
	void comparesVersionWhenAsked() {
		this.client.kv().put(put("k", "1"));
		this.client.kv().put(put("k", "2"));

		assertRelations((relation, operand) -> Compare.version(this.keys.only("k"), relation, operand), 2);
	}

	@Test
	void comparesRevisionsWhenAsked() {
		long created = this.client.kv().put(put("k", "1")).revision();
		long modified = this.client.kv().put(put("k", "2")).revision();

		assertRelations((relation, operand) -> Compare.createRevision(this.keys.only("k"), relation, operand), created);
		assertRelations((relation, operand) -> Compare.modRevision(this.keys.only("k"), relation, operand), modified);
	}

	@Test
	void comparesLeaseWhenAsked() {
		LeaseId lease = this.client.lease().grant(Duration.ofMinutes(1)).id();
		this.client.kv().put(put("k", "1").withLease(lease));
		this.client.kv().put(put("free", "1"));

		assertRelations((relation, operand) -> Compare.lease(this.keys.only("k"), relation, new LeaseId(operand)),
				lease.value());
		assertThat(holds(Compare.lease(this.keys.only("free"), Relation.EQUAL, LeaseId.NONE))).isTrue();
	}

	private void assertRelations(NumberCompare compare, long actual) {
		assertThat(Stream.of(-1, 0, 1).map((offset) -> holds(compare.of(Relation.EQUAL, actual + offset))))
			.containsExactly(false, true, false);
		assertThat(Stream.of(-1, 0, 1).map((offset) -> holds(compare.of(Relation.NOT_EQUAL, actual + offset))))
			.containsExactly(true, false, true);
		assertThat(Stream.of(-1, 0, 1).map((offset) -> holds(compare.of(Relation.GREATER, actual + offset))))
			.containsExactly(true, false, false);
		assertThat(Stream.of(-1, 0, 1).map((offset) -> holds(compare.of(Relation.LESS, actual + offset))))
			.containsExactly(false, false, true);
	}

	@Test
	void comparesValueByteByByteWhenAsked() {
		this.client.kv().put(put("k", "m"));
		KeyRange k = this.keys.only("k");

		assertThat(holds(Compare.value(k, Relation.EQUAL, ByteSequence.of("m")))).isTrue();
		assertThat(holds(Compare.value(k, Relation.NOT_EQUAL, ByteSequence.of("m")))).isFalse();
		assertThat(holds(Compare.value(k, Relation.GREATER, ByteSequence.of("lz")))).isTrue();
		// unsigned: 0xff is above every letter
		assertThat(holds(Compare.value(k, Relation.LESS, ByteSequence.copyOf(new byte[] { (byte) 0xff })))).isTrue();
	}

	@Test
	void neverHoldsWhenValueOfAbsentKeyIsCompared() {
		assertThat(holds(Compare.value(this.keys.only("k"), Relation.EQUAL, ByteSequence.EMPTY))).isFalse();
		assertThat(holds(Compare.value(this.keys.only("k"), Relation.NOT_EQUAL, ByteSequence.of("x")))).isFalse();
	}

	@Test
	void holdsForEveryKeyWhenRangeIsCompared() {
		this.client.kv().put(put("a", "same"));
		this.client.kv().put(put("b", "same"));
		Compare same = Compare.value(this.keys.range(), Relation.EQUAL, ByteSequence.of("same"));
		assertThat(holds(same)).isTrue();

		this.client.kv().put(put("c", "other"));

		assertThat(holds(same)).isFalse();
	}

	@Test
	void holdsWhenComparedRangeIsEmpty() {
		assertThat(holds(Compare.createRevision(this.keys.range(), Relation.EQUAL, 0))).isTrue();
		assertThat(holds(Compare.createRevision(this.keys.range(), Relation.GREATER, 0))).isFalse();
	}

	@Test
	void comparesLeaseOfEveryKeyWhenRangeIsCompared() {
		LeaseId lease = this.client.lease().grant(Duration.ofMinutes(1)).id();
		this.client.kv().put(put("a", "1").withLease(lease));
		this.client.kv().put(put("b", "1").withLease(lease));
		Compare same = Compare.lease(this.keys.range(), Relation.EQUAL, lease);
		assertThat(holds(same)).isTrue();

		this.client.kv().put(put("c", "1"));

		assertThat(holds(same)).isFalse();
	}

	@Test
	void comparesEveryKeyFromOneOnWhenRangeHasNoUpperBound() {
		this.client.kv().put(PutRequest.of(ABOVE.concat(ByteSequence.of("b")), ByteSequence.of("same")));
		Compare same = Compare.value(KeyRange.from(ABOVE.concat(ByteSequence.of("b"))), Relation.EQUAL,
				ByteSequence.of("same"));
		assertThat(holds(same)).isTrue();

		this.client.kv().put(PutRequest.of(ABOVE.concat(ByteSequence.of("c")), ByteSequence.of("other")));

		assertThat(holds(same)).isFalse();
	}

	@Test
	void appliesEveryOptionOfItsOperationsWhenTheyHaveSome() {
		LeaseId lease = this.client.lease().grant(Duration.ofMinutes(1)).id();
		this.client.kv().put(put("a", "1").withLease(lease));
		this.client.kv().put(put("b", "2"));
		RangeRequest last = RangeRequest.builder(this.keys.range()).last(SortTarget.MOD).keysOnly().build();
		RangeRequest count = RangeRequest.builder(this.keys.range()).countOnly().build();

		TxnResult result = this.client.kv()
			.txn()
			.then(last, count, put("a", "3").keepingLease().withPrevious(),
					PutRequest.keepingValue(this.keys.key("b")).withLease(lease), get("a"), get("b"))
			.commit();

		assertThat(result.range(0).kvs()).extracting((kv) -> this.keys.strip(kv.key()) + kv.value().size())
			.containsExactly("b0");
		assertThat(result.range(1).count()).isEqualTo(2);
		assertThat(result.put(2).previous().orElseThrow().value().toUtf8()).isEqualTo("1");
		assertThat(result.range(4).first().orElseThrow().lease()).isEqualTo(lease);
		assertThat(result.range(5).first().orElseThrow().value().toUtf8()).isEqualTo("2");
		assertThat(result.range(5).first().orElseThrow().lease()).isEqualTo(lease);
	}

	@Test
	void runsAsDeepAsItIsNestedWhenTransactionsHoldTransactions() {
		TxnRequest deepest = new TxnRequest(List.of(), List.of(put("deepest", "1")), List.of());
		TxnRequest deeper = new TxnRequest(List.of(), List.of(deepest, put("deeper", "1")), List.of());

		TxnResult result = this.client.kv().txn().then(deeper, put("k", "1")).commit();

		assertThat(result.txn(0).txn(0).put(0).revision()).isEqualTo(result.revision());
		assertThat(this.client.kv().get(this.keys.range()).kvs()).hasSize(3)
			.allSatisfy((kv) -> assertThat(kv.modRevision()).isEqualTo(result.revision()));
	}

	@Test
	void commitsOnceWhenThousandClientsCompareTheSameRevision() {
		long revision = this.client.kv().put(put("k", "0")).revision();
		TxnOperation write = put("k", "1");

		List<Boolean> won = Stream
			.generate(() -> this.client.kv()
				.txn()
				.when(Compare.modRevision(this.keys.only("k"), Relation.EQUAL, revision))
				.then(write)
				.commitAsync())
			.limit(1000)
			.toList()
			.stream()
			.map((txn) -> txn.join().succeeded())
			.toList();

		assertThat(won).filteredOn(Boolean::booleanValue).hasSize(1);
	}

	/** A condition on a number. */
	private interface NumberCompare {

		Compare of(Relation relation, long operand);

	}

}
