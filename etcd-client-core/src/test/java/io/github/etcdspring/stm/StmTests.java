/*
 * Copyright 2026 the etcd-spring authors
 * SPDX-License-Identifier: Apache-2.0
 */

package io.github.etcdspring.stm;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.etcdspring.ByteSequence;
import io.github.etcdspring.EtcdError;
import io.github.etcdspring.EtcdException;
import io.github.etcdspring.LeaseId;
import io.github.etcdspring.StmConflictException;
import io.github.etcdspring.client.EtcdClient;
import io.github.etcdspring.fixture.ScriptedCluster;
import io.github.etcdspring.fixture.ScriptedEtcd;
import io.github.etcdspring.internal.proto.KvProto.TxnRequest;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link Stm}: what it asks etcd, and what the body sees.
 */
class StmTests {

	private static final ByteSequence A = ByteSequence.of("a");

	private static final ByteSequence B = ByteSequence.of("b");

	private static final ByteSequence C = ByteSequence.of("c");

	@RegisterExtension
	final ScriptedCluster cluster = new ScriptedCluster();

	private ScriptedEtcd member;

	private EtcdClient client;

	@BeforeEach
	void open() {
		this.member = this.cluster.member();
		this.client = this.cluster.client(this.member);
	}

	private Stm stm(IsolationLevel isolation) {
		return Stm.of(this.client, StmOptions.defaults().withIsolation(isolation));
	}

	private TxnRequest commit(int number) {
		return this.member.txn().awaitCall(number).request();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			SERIALIZABLE_SNAPSHOT | get a              | get b @100 serializable
			SERIALIZABLE          | get a              | get b @100 serializable
			REPEATABLE_READS      | get a serializable | get b serializable
			READ_COMMITTED        | get a serializable | get b serializable
			""")
	void readsAsTheLevelSays(IsolationLevel level, String first, String second) {
		this.member.txn().thenAnswer(Wire.committed(200));

		stm(level).run((txn) -> List.of(txn.get(A), txn.get(B), txn.get(A)));

		assertThat(Wire.reads(this.member)).containsExactly(first, second);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			SERIALIZABLE_SNAPSHOT | a MOD EQUAL 7, b MOD EQUAL 0, c MOD LESS 101 | get a, get b
			SERIALIZABLE          | a MOD EQUAL 7, b MOD EQUAL 0                 | get a, get b
			REPEATABLE_READS      | a MOD EQUAL 7, b MOD EQUAL 0                 | ''
			READ_COMMITTED        | ''                                           | ''
			""")
	void commitsAsTheLevelSays(IsolationLevel level, String compares, String rereads) {
		this.member.range().thenAnswer(Wire.found(100, Wire.kv("a", "1", 7))).thenAnswer(Wire.found(105));
		this.member.txn().thenAnswer(Wire.committed(201));

		StmResult<String> result = stm(level).run((txn) -> {
			String found = txn.get("a").orElseThrow().toUtf8() + txn.get("b").isPresent();
			txn.put("a", "2");
			txn.put(C, ByteSequence.of("3"), new LeaseId(9));
			txn.delete("b");
			return found;
		});

		assertThat(result).isEqualTo(new StmResult<>("1false", 201));
		assertThat(String.join(", ", Wire.compares(commit(0)))).isEqualTo(compares);
		assertThat(Wire.success(commit(0))).containsExactly("put a 2", "put c 3 lease 9", "delete b");
		assertThat(String.join(", ", Wire.failure(commit(0)))).isEqualTo(rereads);
	}

	@ParameterizedTest
	@EnumSource
	void writesBlindlyWhenNothingWasRead(IsolationLevel level) {
		this.member.txn().thenAnswer(Wire.committed(201));

		long revision = stm(level).run((txn) -> {
			txn.put(A, B);
			return "done";
		}).revision();

		assertThat(revision).isEqualTo(201);
		assertThat(Wire.compares(commit(0))).isEmpty();
		assertThat(Wire.failure(commit(0))).isEmpty();
		assertThat(this.member.range().count()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "SERIALIZABLE_SNAPSHOT", "SERIALIZABLE" })
	void needsNoCommitWhenItWritesNothingAndHasReadAtOneRevision(IsolationLevel level) {
		this.member.range().thenAnswer(Wire.found(100, Wire.kv("a", "1", 7))).thenAnswer(Wire.found(105));

		StmResult<List<Object>> result = stm(level).run((txn) -> List.of(txn.get(A), txn.get(B)));

		assertThat(result.revision()).isEqualTo(100);
		assertThat(Wire.reads(this.member)).containsExactly("get a", "get b @100 serializable");
		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void validatesWhatItReadWithAQuorumWhenItWritesNothingAndEachReadHadARevisionOfItsOwn() {
		this.member.range().thenAnswer(Wire.found(100, Wire.kv("a", "1", 7)));
		this.member.txn().thenAnswer(Wire.committed(110, Wire.found(110)));

		assertThat(stm(IsolationLevel.REPEATABLE_READS).run((txn) -> txn.get(A)).revision()).isEqualTo(110);

		assertThat(Wire.compares(commit(0))).containsExactly("a MOD EQUAL 7");
		assertThat(Wire.success(commit(0))).containsExactly("count a");
		assertThat(Wire.failure(commit(0))).isEmpty();
	}

	@Test
	void needsNoCommitWhenReadCommittedWritesNothing() {
		assertThat(stm(IsolationLevel.READ_COMMITTED).run((txn) -> txn.get(A)).revision())
			.isEqualTo(ScriptedEtcd.REVISION);

		assertThat(this.member.txn().count()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void asksNothingWhenTheBodyDoesNothing(IsolationLevel level) {
		assertThat(stm(level).run((txn) -> "value")).isEqualTo(new StmResult<>("value", 0));

		assertThat(this.member.range().count()).isZero();
		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void readsWhatItHasWritten() {
		this.member.range().thenAnswer(Wire.found(100, Wire.kv("b", "1", 7)));
		this.member.txn().thenAnswer(Wire.committed(201));

		List<Object> seen = Stm.of(this.client).<List<Object>, RuntimeException>run((txn) -> {
			txn.put("a", "1");
			Object put = txn.get(A);
			txn.put("a", "2");
			Map<ByteSequence, ByteSequence> all = txn.getAll(List.of(B, A));
			txn.delete("a");
			return List.of(put, all, txn.get(A), txn.revision(B));
		}).value();

		assertThat(seen).hasToString("[Optional[1], {b=1, a=2}, Optional.empty, 7]");
		assertThat(Wire.reads(this.member)).containsExactly("get b");
		assertThat(Wire.success(commit(0))).containsExactly("delete a");
	}

	@Test
	void tellsTheRevisionInTheStoreWhateverItWrites() {
		this.member.range().thenAnswer(Wire.found(100, Wire.kv("a", "1", 7)));
		this.member.txn().thenAnswer(Wire.committed(201));

		long revision = Stm.of(this.client).run((txn) -> {
			txn.delete("a");
			return txn.revision(A);
		}).value();

		assertThat(revision).isEqualTo(7);
		assertThat(Wire.compares(commit(0))).containsExactly("a MOD EQUAL 7");
	}

	@Test
	void readsSeveralKeysInOneCallAndEachOnce() {
		this.member.range().thenAnswer(Wire.found(100, Wire.kv("a", "1", 7)));
		this.member.txn()
			.thenAnswer(Wire.committed(120, Wire.found(0, Wire.kv("b", "2", 8)), Wire.found(0)))
			.thenAnswer(Wire.committed(201));

		Map<ByteSequence, ByteSequence> found = Stm.of(this.client).run((txn) -> {
			txn.get(A);
			txn.put(A, B);
			return txn.getAll(List.of(B, A, C, B));
		}).value();

		assertThat(found).hasToString("{b=2, a=b}");
		assertThat(Wire.success(commit(0))).containsExactly("get b @100 serializable", "get c @100 serializable");
		assertThat(Wire.compares(commit(1))).containsExactly("a MOD EQUAL 7", "b MOD EQUAL 8", "c MOD EQUAL 0");
	}

	@Test
	void fixesItsRevisionByTheFirstReadOfSeveralKeys() {
		this.member.txn().thenAnswer(Wire.committed(120, Wire.found(0), Wire.found(0)));

		Stm.of(this.client).run((txn) -> List.of(txn.getAll(List.of(A, B)), txn.get(C)));

		assertThat(Wire.success(commit(0))).containsExactly("get a", "get b");
		assertThat(Wire.reads(this.member)).containsExactly("get c @120 serializable");
	}

	@Test
	void goesOnWithWhatTheConflictReadAtItsRevision() {
		this.member.range().thenAnswer(Wire.found(100, Wire.kv("a", "1", 7))).thenAnswer(Wire.found(140));
		this.member.txn()
			.thenAnswer(Wire.conflict(130, Wire.found(0, Wire.kv("a", "2", 125))))
			.thenAnswer(Wire.committed(201));
		AtomicInteger attempts = new AtomicInteger();

		String seen = Stm.of(this.client).run((txn) -> {
			String found = txn.get("a").orElseThrow().toUtf8();
			if (attempts.incrementAndGet() == 2) {
				txn.get(B);
			}
			txn.put("c", found);
			return found;
		}).value();

		assertThat(seen).isEqualTo("2");
		assertThat(Wire.reads(this.member)).containsExactly("get a", "get b @130 serializable");
		assertThat(Wire.compares(commit(1))).containsExactly("a MOD EQUAL 125", "b MOD EQUAL 0", "c MOD LESS 131");
	}

	@Test
	void readsForItselfAfterAPauseAndLetsNoConflictReadForOne() {
		this.member.range()
			.thenAnswer(Wire.found(100, Wire.kv("a", "1", 7)))
			.thenAnswer(Wire.found(160, Wire.kv("a", "4", 155)));
		this.member.txn()
			.thenAnswer(Wire.conflict(130, Wire.found(0, Wire.kv("a", "2", 125))))
			.thenAnswer(Wire.conflict(140))
			.thenAnswer(Wire.conflict(170, Wire.found(0, Wire.kv("a", "5", 165))))
			.thenAnswer(Wire.committed(201));

		String seen = Stm.of(this.client).run((txn) -> {
			txn.put(C, A);
			return txn.get("a").orElseThrow().toUtf8();
		}).value();

		assertThat(seen).isEqualTo("5");
		assertThat(Wire.reads(this.member)).containsExactly("get a", "get a");
		assertThat(IntStream.range(0, 4).mapToObj((i) -> Wire.failure(commit(i)))).containsExactly(List.of("get a"),
				List.of(), List.of("get a"), List.of());
	}

	@Test
	void letsTheLastConflictReadNothing() {
		this.member.txn().thenAnswer(Wire.conflict(130));

		assertThatExceptionOfType(StmConflictException.class)
			.isThrownBy(() -> Stm.of(this.client, StmOptions.defaults().withMaxAttempts(1)).run((txn) -> {
				txn.put(C, A);
				return txn.get(A);
			}));

		assertThat(Wire.failure(commit(0))).isEmpty();
	}

	@Test
	void guardsNothingThatOnlyAnEarlierAttemptRead() {
		this.member.range().thenAnswer(Wire.found(100, Wire.kv("a", "1", 7)));
		this.member.txn().thenAnswer(Wire.conflict(130, Wire.found(0))).thenAnswer(Wire.committed(201));
		AtomicInteger attempts = new AtomicInteger();

		Stm.of(this.client).run((txn) -> {
			if (attempts.incrementAndGet() == 1) {
				txn.get(A);
			}
			txn.put(C, A);
			return "done";
		});

		assertThat(Wire.compares(commit(1))).containsExactly("c MOD LESS 131");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "SERIALIZABLE_SNAPSHOT", "SERIALIZABLE", "READ_COMMITTED" })
	void readsAnewAfterAConflictWhereEachReadHasARevisionOfItsOwn(IsolationLevel level) {
		this.member.txn().thenAnswer(Wire.conflict(130)).thenAnswer(Wire.committed(201));

		stm(level).run((txn) -> txn.get(A));

		assertThat(Wire.reads(this.member)).containsExactly("get a serializable", "get a serializable");
	}

	@Test
	void readsKeysAheadInOneCallAndGuardsThoseThatTheBodyReads() {
		this.member.txn()
			.thenAnswer(Wire.committed(120, Wire.found(0, Wire.kv("a", "1", 7)), Wire.found(0)))
			.thenAnswer(Wire.conflict(130, Wire.found(0, Wire.kv("a", "2", 125))))
			.thenAnswer(Wire.committed(201));

		String seen = Stm.of(this.client, StmOptions.defaults().withPrefetch(A, B)).run((txn) -> {
			txn.put(C, A);
			return txn.get(A).orElseThrow().toUtf8();
		}).value();

		assertThat(seen).isEqualTo("2");
		assertThat(Wire.success(commit(0))).containsExactly("get a", "get b");
		assertThat(Wire.compares(commit(1))).containsExactly("a MOD EQUAL 7", "c MOD LESS 121");
		assertThat(Wire.failure(commit(1))).containsExactly("get a");
		assertThat(Wire.compares(commit(2))).containsExactly("a MOD EQUAL 125", "c MOD LESS 131");
		assertThat(Wire.reads(this.member)).containsExactly("get b @130 serializable");
	}

	@Test
	void writesNothingAndThrowsWhatTheBodyThrows() {
		IOException aborted = new IOException("aborted");

		assertThatExceptionOfType(IOException.class).isThrownBy(() -> Stm.of(this.client).run((txn) -> {
			txn.put(A, B);
			throw aborted;
		})).isSameAs(aborted);

		assertThat(this.member.txn().count()).isZero();
	}

	@Test
	void refusesAnEmptyKey() {
		ByteSequence none = ByteSequence.EMPTY;

		assertThatIllegalArgumentException().isThrownBy(() -> Stm.of(this.client).run((txn) -> txn.get(none)));
		assertThatIllegalArgumentException().isThrownBy(() -> Stm.of(this.client).run((txn) -> {
			txn.put(none, A);
			return "done";
		}));
		assertThatIllegalArgumentException().isThrownBy(() -> Stm.of(this.client).run((txn) -> {
			txn.delete(none);
			return "done";
		}));
		assertThat(this.member.range().count()).isZero();
	}

	@Test
	void throwsTheServersWordOnTooManyOperations() {
		this.member.txn()
			.thenFail(Status.INVALID_ARGUMENT.withDescription("etcdserver: too many operations in txn request"));

		assertThatExceptionOfType(EtcdException.class).isThrownBy(() -> Stm.of(this.client).run((txn) -> {
			txn.put(A, B);
			return "done";
		})).satisfies((failure) -> assertThat(failure.error()).contains(EtcdError.TOO_MANY_OPERATIONS));
	}

	@Test
	void namesItsLevelAndNoValue() {
		assertThat(Stm.of(this.client)).hasToString("Stm[SERIALIZABLE_SNAPSHOT]");
		assertThat(new StmResult<>("secret", 7)).hasToString("StmResult[revision=7]");
	}

}
