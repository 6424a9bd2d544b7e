/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of the request types: what they refuse, print and leave alone.
 */
class KvRequestTests {

	private static final KeyRange KEY = KeyRange.key("key");

	@Test
	void printsAPutWithoutItsValue() {
		PutRequest put = PutRequest.of("key", "secret").withLease(new LeaseId(-5));

		assertThat(put).hasToString("PutRequest[key, 6 bytes, lease -5]");
	}

	@Test
	void printsWhatAPutKeeps() {
		assertThat(PutRequest.keepingValue("key").keepingLease())
			.hasToString("PutRequest[key, value kept, lease kept]");
	}

	@Test
	void keepsTheLeaseOrTakesAnotherWhicheverIsSaidLast() {
		PutRequest put = PutRequest.of("key", "value");

		assertThat(put.keepingLease().keepsLease()).isTrue();
		assertThat(put.withLease(new LeaseId(7)).keepingLease().lease()).isEqualTo(LeaseId.NONE);
		assertThat(put.keepingLease().withLease(new LeaseId(7)).keepsLease()).isFalse();
		assertThat(put.keepsLease()).isFalse();
	}

	@Test
	void hasNoValueWhenItKeepsThePresentOne() {
		PutRequest put = PutRequest.keepingValue("key").withLease(new LeaseId(7)).withPrevious();

		assertThat(put.keepsValue()).isTrue();
		assertThat(put.value()).isEqualTo(ByteSequence.EMPTY);
		assertThat(PutRequest.of("key", "").keepsValue()).isFalse();
	}

	@Test
	void printsACompareWithoutItsValue() {
		Compare compare = Compare.value(KEY, Compare.Relation.EQUAL, ByteSequence.of("secret"));

		assertThat(compare).hasToString("Compare[VALUE of key EQUAL 6 bytes]");
	}

	@Test
	void printsTheNumberOfACompare() {
		assertThat(Compare.modRevision(KEY, Compare.Relation.LESS, 7)).hasToString("Compare[MOD of key LESS 7]");
	}

	@Test
	void printsATransactionWithoutValues() {
		TxnRequest txn = new TxnRequest(List.of(Compare.value(KEY, Compare.Relation.EQUAL, ByteSequence.of("secret"))),
				List.of(PutRequest.of("key", "secret")), List.of());

		assertThat(txn.toString()).doesNotContain("secret");
	}

	@Test
	void printsARangeWithItsRevision() {
		assertThat(RangeRequest.of(KEY)).hasToString("RangeRequest[key]");
		assertThat(RangeRequest.builder(KEY).revision(7).build()).hasToString("RangeRequest[key @ 7]");
	}

	@Test
	void refusesAPutOfAnEmptyKey() {
		assertThatIllegalArgumentException().isThrownBy(() -> PutRequest.of("", "value"))
			.withMessage("key is empty (expected: at least one byte)");
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void refusesRangeOptionsThatAreNotAboveZero(long value) {
		RangeRequest.Builder range = RangeRequest.builder(KEY);

		assertThatIllegalArgumentException().isThrownBy(() -> range.limit(value))
			.withMessage("limit: " + value + " (expected: above 0; leave it out for none)");
		assertThatIllegalArgumentException().isThrownBy(() -> range.revision(value));
		assertThatIllegalArgumentException().isThrownBy(() -> range.minModRevision(value));
		assertThatIllegalArgumentException().isThrownBy(() -> range.maxModRevision(value));
		assertThatIllegalArgumentException().isThrownBy(() -> range.minCreateRevision(value));
		assertThatIllegalArgumentException().isThrownBy(() -> range.maxCreateRevision(value));
	}

	@Test
	void refusesToCountKeysAndReturnThem() {
		assertRefused(RangeRequest.builder(KEY).countOnly().keysOnly(),
				"keysOnly and countOnly exclude each other: a count returns no keys");
		assertRefused(RangeRequest.builder(KEY).countOnly().sort(SortTarget.MOD, SortOrder.ASCEND),
				"sort and countOnly exclude each other: a count returns no keys");
		assertRefused(RangeRequest.builder(KEY).countOnly().sort(SortTarget.KEY, SortOrder.DESCEND),
				"sort and countOnly exclude each other: a count returns no keys");
	}

	@Test
	void refusesToCountAPartOfARange() {
		assertRefused(RangeRequest.builder(KEY).countOnly().limit(5),
				"limit and countOnly exclude each other: etcd counts the whole range");
		String bounds = "bounds on revisions and countOnly exclude each other: etcd counts the whole range";
		assertRefused(RangeRequest.builder(KEY).countOnly().minModRevision(5), bounds);
		assertRefused(RangeRequest.builder(KEY).countOnly().maxModRevision(5), bounds);
		assertRefused(RangeRequest.builder(KEY).countOnly().minCreateRevision(5), bounds);
		assertRefused(RangeRequest.builder(KEY).countOnly().maxCreateRevision(5), bounds);
	}

	@Test
	void refusesALowestRevisionAboveTheHighest() {
		assertRefused(RangeRequest.builder(KEY).minModRevision(6).maxModRevision(5),
				"minModRevision: 6 (expected: not above maxModRevision, which is 5)");
		assertRefused(RangeRequest.builder(KEY).maxCreateRevision(5).minCreateRevision(6),
				"minCreateRevision: 6 (expected: not above maxCreateRevision, which is 5)");

		assertThat(RangeRequest.builder(KEY).minModRevision(5).maxModRevision(5).build().minModRevision()).isEqualTo(5);
	}

	private static void assertRefused(RangeRequest.Builder request, String message) {
		assertThatIllegalArgumentException().isThrownBy(request::build).withMessage(message);
	}

	@Test
	void asksForTheFirstOrTheLastKeyByAnyOrder() {
		RangeRequest first = RangeRequest.builder(KEY).first(SortTarget.CREATE).build();
		RangeRequest last = RangeRequest.builder(KEY).last(SortTarget.KEY).build();

		assertThat(first.sortTarget()).isEqualTo(SortTarget.CREATE);
		assertThat(first.sortOrder()).isEqualTo(SortOrder.ASCEND);
		assertThat(first.limit()).isEqualTo(1);
		assertThat(last.sortTarget()).isEqualTo(SortTarget.KEY);
		assertThat(last.sortOrder()).isEqualTo(SortOrder.DESCEND);
		assertThat(last.limit()).isEqualTo(1);
	}

	@Test
	void isNotReachedByLaterChangesOfItsBuilder() {
		RangeRequest.Builder builder = RangeRequest.builder(KEY).limit(1);
		RangeRequest range = builder.build();

		builder.limit(2).serializable();

		assertThat(range.limit()).isEqualTo(1);
		assertThat(range.isSerializable()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void refusesACompactionThatIsNotAboveZero(long revision) {
		assertThatIllegalArgumentException().isThrownBy(() -> CompactRequest.of(revision))
			.withMessage("revision: " + revision + " (expected: above 0)");
	}

	@Test
	void leavesTheFirstRequestAloneWhenAnotherIsMadeFromIt() {
		PutRequest put = PutRequest.of("key", "value");
		DeleteRequest delete = DeleteRequest.of(KEY);

		assertThat(put.withLease(new LeaseId(1)).withPrevious().returnsPrevious()).isTrue();
		assertThat(delete.withPrevious().returnsPrevious()).isTrue();

		assertThat(put.lease()).isEqualTo(LeaseId.NONE);
		assertThat(put.returnsPrevious()).isFalse();
		assertThat(delete.returnsPrevious()).isFalse();
	}

}
