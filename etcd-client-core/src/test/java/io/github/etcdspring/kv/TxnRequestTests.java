/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.kv;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.KeyRange;
import io.github.etcdspring.ResponseHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of what a {@link TxnRequest} may write, and of {@link TxnResult}. That a real
 * server sees it the same way, the integration tests show.
 */
class TxnRequestTests {

	private static final KeyRange A_TO_C = KeyRange.between(ByteSequence.of("a"), ByteSequence.of("c"));

	static final List<List<TxnOperation>> REFUSED = List.of(List.of(put("a"), put("a")),
			List.of(put("a"), PutRequest.keepingValue("a")), List.of(put("a"), delete("a")),
			List.of(delete("a"), put("a")), List.of(DeleteRequest.of(A_TO_C), put("b")),
			List.of(DeleteRequest.of(KeyRange.prefix("a")), put("ab")),
			List.of(put("a"), txn(List.of(put("a")), List.of())), List.of(put("a"), txn(List.of(), List.of(put("a")))),
			List.of(delete("a"), txn(List.of(), List.of(put("a")))),
			List.of(put("a"), txn(List.of(delete("a")), List.of())),
			List.of(txn(List.of(put("a")), List.of()), txn(List.of(), List.of(put("a")))),
			List.of(txn(List.of(delete("a")), List.of()), txn(List.of(put("a")), List.of())));

	static final List<List<TxnOperation>> TAKEN = List.of(List.of(), List.of(put("a")), List.of(put("a"), put("b")),
			List.of(delete("a"), DeleteRequest.of(A_TO_C)), List.of(DeleteRequest.of(A_TO_C), put("c")),
			List.of(put("a"), RangeRequest.of(KeyRange.key("a")), RangeRequest.of(KeyRange.key("a"))),
			List.of(txn(List.of(put("a")), List.of(put("a"))), put("b")),
			List.of(txn(List.of(put("a")), List.of(delete("a"))), put("b")),
			// etcd's own check does not see these
			List.of(DeleteRequest.of(KeyRange.all()), put("a")),
			List.of(txn(List.of(put("a")), List.of()), txn(List.of(delete("a")), List.of())));

	private static PutRequest put(String key) {
		return PutRequest.of(key, "");
	}

	private static DeleteRequest delete(String key) {
		return DeleteRequest.of(KeyRange.key(key));
	}

	private static TxnRequest txn(List<TxnOperation> success, List<TxnOperation> failure) {
		return new TxnRequest(List.of(), success, failure);
	}

	@ParameterizedTest
	@FieldSource("REFUSED")
	void refusesAListThatWritesAKeyTwice(List<TxnOperation> operations) {
		for (TxnOperation[] list : lists(operations)) {
			assertThatIllegalArgumentException().isThrownBy(() -> txn(List.of(list), List.of()))
				.withMessageStartingWith("transaction writes a key twice: ");
			assertThatIllegalArgumentException().isThrownBy(() -> txn(List.of(), List.of(list)))
				.withMessageEndingWith("(expected: one put of a key in each list, and no deletion of it beside)");
		}
	}

	private static List<TxnOperation[]> lists(List<TxnOperation> operations) {
		TxnOperation[] list = operations.toArray(TxnOperation[]::new);
		TxnOperation[] longer = Stream.concat(Stream.of(put("x")), operations.stream()).toArray(TxnOperation[]::new);
		return List.of(list, longer);
	}

	@ParameterizedTest
	@FieldSource("TAKEN")
	void takesAListThatWritesEachKeyOnce(List<TxnOperation> operations) {
		assertThat(txn(operations, operations).success()).isEqualTo(operations);
	}

	@Test
	void namesTheKeyThatIsWrittenTwice() {
		assertThatIllegalArgumentException().isThrownBy(() -> txn(List.of(put("orders/7"), put("orders/7")), List.of()))
			.withMessageStartingWith("transaction writes a key twice: orders/7 ");
	}

	@Test
	void returnsEachResultAsWhatItIs() {
		ResponseHeader header = new ResponseHeader(1, 2, 3, 4);
		RangeResult range = new RangeResult(header, List.of(), false, 0);
		PutResult put = new PutResult(header, Optional.empty());
		DeleteResult delete = new DeleteResult(header, 0, List.of());
		TxnResult nested = new TxnResult(header, false, List.of());
		TxnResult result = new TxnResult(header, true, List.of(range, put, delete, nested));

		assertThat(result.range(0)).isSameAs(range);
		assertThat(result.put(1)).isSameAs(put);
		assertThat(result.delete(2)).isSameAs(delete);
		assertThat(result.txn(3)).isSameAs(nested);
		assertThatExceptionOfType(ClassCastException.class).isThrownBy(() -> result.put(0));
		assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> result.txn(4));
	}

}
