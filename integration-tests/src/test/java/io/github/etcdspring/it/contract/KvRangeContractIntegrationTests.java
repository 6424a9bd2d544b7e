/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.it.contract;

import java.time.Duration;
import java.util.List;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.KeyValue;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.it.core.KeySpace;
import io.github.etcdspring.kv.PutRequest;
import io.github.etcdspring.kv.RangeRequest;
import io.github.etcdspring.kv.RangeRequest.SortOrder;
import io.github.etcdspring.kv.RangeRequest.SortTarget;
import io.github.etcdspring.kv.RangeResult;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every option of a read, on three keys that are written so that each sort target has an
 * order of its own.
 */
@Contract
class KvRangeContractIntegrationTests {

	private final ContractServer server;

	private final KeySpace keys = KeySpace.unique();

	@AutoClose
	private final EtcdClient client;

	KvRangeContractIntegrationTests(ContractServer server) {
		this.server = server;
		this.client = server.connect();
	}

	private long createdC;

	private long createdA;

	private long createdB;

	private long lastC;

	private long lastA;

	@BeforeEach
	void writeKeys() {
		this.createdC = put("c", "1");
		this.createdA = put("a", "1");
		this.createdB = put("b", "9");
		put("c", "1");
		this.lastC = put("c", "3");
		this.lastA = put("a", "2");
		// members that lag behind answer serializable reads too
		this.server.awaitRevision(this.lastA);
	}

	private long put(String name, String value) {
		return this.client.kv().put(this.keys.name(name), value).revision();
	}

	private RangeRequest.Builder all() {
		return RangeRequest.builder(this.keys.range());
	}

	private List<String> names(RangeRequest.Builder request) {
		return this.client.kv().get(request.build()).kvs().stream().map((kv) -> this.keys.strip(kv.key())).toList();
	}

	@Test
	void readsWholeKeyValueWhenKeyExists() {
		RangeResult result = this.client.kv().get(this.keys.name("a"));

		KeyValue kv = result.first().orElseThrow();
		assertThat(kv.key()).isEqualTo(this.keys.key("a"));
		assertThat(kv.value().toUtf8()).isEqualTo("2");
		assertThat(kv.createRevision()).isEqualTo(this.createdA);
		assertThat(kv.modRevision()).isEqualTo(this.lastA);
		assertThat(kv.version()).isEqualTo(2);
		assertThat(kv.lease().isNone()).isTrue();
		assertThat(result.count()).isEqualTo(1);
		assertThat(result.more()).isFalse();
		assertThat(result.revision()).isGreaterThanOrEqualTo(this.lastA);
	}

	@Test
	void readsNothingWhenKeyDoesNotExist() {
		RangeResult result = this.client.kv().get(this.keys.name("x"));

		assertThat(result.first()).isEmpty();
		assertThat(result.count()).isZero();
	}

	@Test
	void readsKeysInKeyOrderWhenRangeIsPrefix() {
		assertThat(names(all())).containsExactly("a", "b", "c");
	}

	@Test
	void leavesOutEndWhenRangeIsBetweenTwoKeys() {
		KeyRange range = KeyRange.between(this.keys.key("a"), this.keys.key("c"));

		assertThat(names(RangeRequest.builder(range))).containsExactly("a", "b");
	}

	@Test
	void beginsWithKeyWhenRangeHasNoUpperBound() {
		RangeResult result = this.client.kv()
			.get(RangeRequest.builder(KeyRange.from(this.keys.key("b"))).limit(2).build());

		assertThat(result.kvs()).extracting(KeyValue::key).containsExactly(this.keys.key("b"), this.keys.key("c"));
	}

	@Test
	void countsEveryKeyWhenRangeIsAll() {
		RangeResult result = this.client.kv().get(RangeRequest.builder(KeyRange.all()).countOnly().build());

		assertThat(result.count()).isGreaterThanOrEqualTo(3);
	}

	@Test
	void returnsFirstKeysAndSaysMoreWhenLimited() {
		RangeResult result = this.client.kv().get(all().limit(2).build());

		assertThat(result.kvs()).extracting((kv) -> this.keys.strip(kv.key())).containsExactly("a", "b");
		assertThat(result.more()).isTrue();
		assertThat(result.count()).isEqualTo(3);
	}

	@Test
	void saysNoMoreWhenLimitIsTheNumberOfKeys() {
		assertThat(this.client.kv().get(all().limit(3).build()).more()).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "KEY, a, b, c", "VERSION, b, a, c", "CREATE, c, a, b", "MOD, b, c, a", "VALUE, a, c, b" })
	void ordersByTargetWhenSorted(SortTarget target, String first, String second, String third) {
		assertThat(names(all().sort(target, SortOrder.ASCEND))).containsExactly(first, second, third);
		assertThat(names(all().sort(target, SortOrder.DESCEND))).containsExactly(third, second, first);
	}

	@Test
	void appliesLimitAfterOrderWhenBothAreAsked() {
		assertThat(names(all().sort(SortTarget.CREATE, SortOrder.DESCEND).limit(1))).containsExactly("b");
	}

	@ParameterizedTest
	@CsvSource({ "KEY, a, c", "VERSION, b, c", "CREATE, c, b", "MOD, b, a", "VALUE, a, b" })
	void returnsFirstOrLastAloneWhenAsked(SortTarget target, String first, String last) {
		assertThat(names(all().first(target))).containsExactly(first);
		assertThat(names(all().last(target))).containsExactly(last);
	}

	@Test
	void combinesOptionsWhenSeveralAreAsked() {
		RangeResult result = this.client.kv()
			.get(all().serializable()
				.keysOnly()
				.revision(this.lastC)
				.maxModRevision(this.lastC)
				.sort(SortTarget.MOD, SortOrder.DESCEND)
				.limit(2)
				.build());

		assertThat(result.kvs()).extracting((kv) -> this.keys.strip(kv.key()) + kv.value().size())
			.containsExactly("c0", "b0");
		assertThat(result.more()).isTrue();
	}

	@Test
	void readsOldStateWhenRevisionIsGiven() {
		RangeResult result = this.client.kv().get(all().revision(this.createdA).build());

		assertThat(result.kvs()).extracting((kv) -> this.keys.strip(kv.key()) + kv.value().toUtf8())
			.containsExactly("a1", "c1");
		assertThat(result.revision()).isGreaterThanOrEqualTo(this.lastA);
	}

	@Test
	void leavesOutValuesWhenKeysOnly() {
		RangeResult result = this.client.kv().get(all().keysOnly().build());

		assertThat(result.kvs()).hasSize(3).allSatisfy((kv) -> assertThat(kv.value()).isEqualTo(ByteSequence.EMPTY));
		assertThat(result.kvs()).extracting(KeyValue::createRevision)
			.containsExactly(this.createdA, this.createdB, this.createdC);
	}

	@Test
	void returnsNumberAloneWhenCountOnly() {
		RangeResult result = this.client.kv().get(all().countOnly().build());

		assertThat(result.count()).isEqualTo(3);
		assertThat(result.kvs()).isEmpty();
	}

	@Test
	void readsFromMemberWhenSerializable() {
		assertThat(names(all().serializable())).containsExactly("a", "b", "c");
	}

	@Test
	void leavesOutKeysWhenModRevisionIsOutOfBounds() {
		assertThat(names(all().minModRevision(this.lastC))).containsExactly("a", "c");
		assertThat(names(all().maxModRevision(this.lastC))).containsExactly("b", "c");
		assertThat(names(all().minModRevision(this.lastC).maxModRevision(this.lastC))).containsExactly("c");
	}

	@Test
	void leavesOutKeysWhenCreateRevisionIsOutOfBounds() {
		assertThat(names(all().minCreateRevision(this.createdA))).containsExactly("a", "b");
		assertThat(names(all().maxCreateRevision(this.createdA))).containsExactly("a", "c");
		assertThat(names(all().minCreateRevision(this.createdA).maxCreateRevision(this.createdA))).containsExactly("a");
	}

	@Test
	void countsWholeRangeWhenBoundsLeaveKeysOut() {
		RangeResult result = this.client.kv().get(all().minModRevision(this.lastA).build());

		assertThat(result.kvs()).hasSize(1);
		assertThat(result.count()).isEqualTo(3);
	}

	@Test
	void returnsBytesAsTheyAreWhenKeyAndValueAreNoText() {
		byte[] every = new byte[256];
		for (int i = 0; i < every.length; i++) {
			every[i] = (byte) i;
		}
		ByteSequence bytes = ByteSequence.copyOf(every);
		ByteSequence key = this.keys.key("bytes/").concat(bytes);

		this.client.kv().put(PutRequest.of(key, bytes));

		KeyValue found = this.client.kv().get(KeyRange.key(key)).first().orElseThrow();
		assertThat(found.key()).isEqualTo(key);
		assertThat(found.value()).isEqualTo(bytes);
	}

	@Test
	void answersAsynchronouslyWhenAsked() {
		assertThat(this.client.kv().getAsync(this.keys.range())).succeedsWithin(Duration.ofSeconds(10))
			.satisfies((result) -> assertThat(result.count()).isEqualTo(3));
	}

}
